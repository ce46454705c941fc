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
from drivers.sip.messages import Probe, Probed
from drivers.sip.worker_log import redact

_NOBODY: Final = frozenset({404, 408, 410, 480, 503, 604})
"""What a PBX answers for a telephone that has not registered, or does not answer it. Any other final answer comes
from somebody who is there: 486 from one who talks, 401 or 405 from one who tells nothing of himself."""


@dataclass(frozen=True, slots=True)
class Reach:
    """`status`: the SIP status that came, None where none did; `detail` in words, for the log."""

    reachable: bool
    status: int | None
    detail: str


def reach_of(answer: Probed) -> Reach:
    """What an answer tells."""
    words = clean(answer.reason)
    if not answer.status:
        return Reach(False, None, words or "could not be asked")
    return Reach(answer.status not in _NOBODY, answer.status, redact(f"SIP {answer.status} {words}".rstrip()))


class Probing:
    """Questions under way, any number at once. On the event loop."""

    def __init__(self, config: SipConfig, lookup: Lookup, send: Callable[[Probe], None]) -> None:
        self._config = config
        self._lookup = lookup
        self._send = send
        self._numbers = itertools.count(1)
        self._asked: dict[int, asyncio.Future[Reach]] = {}
        self._absent: str | None = "the line is not in service yet"
        """Why there is no worker to ask."""

    def present(self) -> None:
        """A worker serves."""
        self._absent = None

    def lost(self, why: str) -> None:
        """The worker has gone; what was asked is answered with that."""
        self._absent = why
        for answer in self._asked.values():
            if not answer.done():
                answer.set_result(Reach(False, None, why))

    def receive(self, answer: Probed) -> None:
        """An answer from the worker; one that comes too late is dropped."""
        waiting = self._asked.get(answer.number)
        if waiting is not None and not waiting.done():
            waiting.set_result(reach_of(answer))

    async def ask(self, address: str, seconds: float) -> Reach:
        """Whether `address` answers within so many seconds. Never raises."""
        try:
            async with asyncio.timeout(seconds):
                return await self._ask(address)
        except TimeoutError:
            return Reach(False, None, f"no answer within {seconds:g} s")
        except (AddressError, HostUnknown) as error:
            return Reach(False, None, redact(str(error)))

    async def _ask(self, address: str) -> Reach:
        target = target_of(address, self._config)
        host = await self._lookup.address_of(target.host)
        if self._absent is not None:
            return Reach(False, None, self._absent)
        number = next(self._numbers)
        answer: asyncio.Future[Reach] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        try:
            self._send(Probe(number, target.at(host)))
            return await answer
        finally:
            del self._asked[number]
