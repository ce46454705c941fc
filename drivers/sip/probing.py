"""Whether a telephone can be reached: OPTIONS out of dialog (RFC 3261 §11), asked of the line's worker."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.sip.config import SipConfig
from drivers.sip.dial_string import AddressError, target_of
from drivers.sip.identity import clean
from drivers.sip.lookup import HostUnknown, Lookup
from drivers.sip.messages import Ping, Probe, Probed
from drivers.sip.worker_log import redact

_NOBODY: Final = frozenset({404, 408, 410, 480, 503, 604})
"""What a PBX answers for a telephone that has not registered, or does not answer it. Any other final answer comes
from somebody who is there: 486 from one who talks, 401 or 405 from one who tells nothing of himself."""


@dataclass(frozen=True, slots=True)
class Reach:
    """`status`: the SIP status that came, None where none did; `detail` in words, for the log; `asked`: whether
    the question went out. If not, for want of a worker or the host's number, nothing is known of who is there."""

    reachable: bool
    status: int | None
    detail: str
    asked: bool = True


def reach_of(answer: Probed) -> Reach:
    """What an answer tells."""
    words = clean(answer.reason)
    if not answer.status:
        return Reach(False, None, words or "could not be asked")
    return Reach(answer.status not in _NOBODY, answer.status, redact(f"SIP {answer.status} {words}".rstrip()))


class _Asked:
    """A question under way. Futures of the running loop."""

    def __init__(self) -> None:
        self.answer: asyncio.Future[Reach] = asyncio.get_running_loop().create_future()
        self.turned: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done once the worker has answered the latest Ping."""


class Probing:
    """Questions under way, any number at once. On the event loop."""

    def __init__(self, config: SipConfig, lookup: Lookup, send: Callable[[Probe | Ping], None]) -> None:
        self._config = config
        self._lookup = lookup
        self._send = send
        self._numbers = itertools.count(1)
        self._asked: dict[int, _Asked] = {}
        self._absent: str | None = "the line is not in service yet"
        """Why there is no worker to ask."""

    def present(self) -> None:
        """A worker serves."""
        self._absent = None

    def lost(self, why: str) -> None:
        """The worker has gone; what was asked is answered with that."""
        self._absent = why
        for asked in self._asked.values():
            if not asked.answer.done():
                asked.answer.set_result(Reach(False, None, why, asked=False))

    def receive(self, answer: Probed) -> None:
        """An answer from the worker; one that comes too late is dropped."""
        asked = self._asked.get(answer.number)
        if asked is not None and not asked.answer.done():
            asked.answer.set_result(reach_of(answer))

    def turned(self, number: int) -> None:
        """The worker turns, and has done all that it was told before it was asked for this question's sake."""
        asked = self._asked.get(number)
        if asked is not None and not asked.turned.done():
            asked.turned.set_result(None)

    async def ask(self, address: str, seconds: float) -> Reach:
        """Whether `address` answers within so many seconds from when the question went out. Never raises. A worker
        that does not turn may have the answer: it is waited for, until it turns or is lost."""
        try:
            async with asyncio.timeout(seconds):
                target = target_of(address, self._config)
                host = await self._lookup.address_of(target.host)
        except TimeoutError:
            return Reach(False, None, f"its host was not found within {seconds:g} s", asked=False)
        except (AddressError, HostUnknown) as error:
            return Reach(False, None, redact(str(error)), asked=False)
        if self._absent is not None:
            return Reach(False, None, self._absent, asked=False)
        reach = await self._answer(target.at(host), seconds)
        return reach or Reach(False, None, f"no answer within {seconds:g} s")

    async def _answer(self, target: str, seconds: float) -> Reach | None:
        """What comes of a question; None: nothing has come, and the worker turns."""
        number = next(self._numbers)
        self._asked[number] = asked = _Asked()
        try:
            self._send(Probe(number, target))
            await self._turns(number, asked)
            await asyncio.wait((asked.answer,), timeout=seconds)
            if not asked.answer.done():
                await self._turns(number, asked)
            return asked.answer.result() if asked.answer.done() else None
        finally:
            del self._asked[number]

    async def _turns(self, number: int, asked: _Asked) -> None:
        asked.turned = asyncio.get_running_loop().create_future()
        self._send(Ping(-number))
        await asyncio.wait((asked.turned, asked.answer), return_when=asyncio.FIRST_COMPLETED)
