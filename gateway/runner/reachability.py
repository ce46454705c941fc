"""Whether agents' telephones can be reached: each is asked by OPTIONS (RFC 3261 §11), again and again. That nobody
could be asked, for want of a line, tells nothing of a telephone.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

log = logging.getLogger(__name__)

Ask = Callable[[str], Awaitable[bool | None]]
"""Whether something answers at this SIP address; None: it could not be asked. Takes two seconds where the line is
well, and as long as its worker is waited for where that hangs; never raises."""

AGAIN = 10.0
"""Seconds between two questions to a telephone that answers: who goes is known before two more calls have come."""
AGAIN_MISSING = 3.0
"""The same for one that does not answer, or could not be asked: an agent who plugs it in is at work at once."""
UNASKED = 15.0
"""Seconds for which a telephone could not be asked after which it counts as missing: it could not be rung either.
A worker that hangs is killed after 4 s, and the next one has 10 s to be ready."""


class Reachability:
    """Asks all telephones and tells what has become of them."""

    def __init__(self, addresses: Mapping[str, str], ask: Ask, tell: Callable[[str, bool], None]) -> None:
        """`addresses`: the telephone by its agent's number; `tell` gets that number and whether it can be reached,
        after each question that could be asked."""
        self._addresses = addresses
        self._ask = ask
        self._tell = tell
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._now: dict[str, asyncio.Event] = {}
        self._there: set[str] = set()
        """Whose telephones could be reached, as far as is known."""
        self._unasked: dict[str, float] = {}
        """Since when those could not be asked whose telephones cannot be."""

    async def start(self) -> None:
        """Ask all for the first time, and go on asking: not all in the same moment, so that what keeps answers
        from us for a second is not taken for the end of all telephones."""
        self._now = {agent: asyncio.Event() for agent in self._addresses}
        reached = await asyncio.gather(*(self._look(agent) for agent in self._addresses))
        for place, (agent, there) in enumerate(zip(self._addresses, reached, strict=True), 1):
            keeping = self._keep_asking(agent, there, place / len(reached))
            self._tasks[agent] = asyncio.create_task(keeping, name=f"agent {agent}: reachability")

    async def stop(self) -> None:
        """Ask no more."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()

    def doubt(self, agent: str) -> None:
        """Ask this one at once."""
        if agent in self._now:
            self._now[agent].set()

    def ask(self, agent: str) -> None:
        """Ask the telephone of an agent, who may be new, at once and again and again."""
        if agent in self._tasks:
            self.doubt(agent)
            return
        self._now[agent] = asyncio.Event()
        keeping = self._keep_asking(agent, False, 0.0)
        self._tasks[agent] = asyncio.create_task(keeping, name=f"agent {agent}: reachability")

    def ask_no_more(self, agent: str) -> None:
        """He is no agent any more."""
        if (task := self._tasks.pop(agent, None)) is not None:
            task.cancel()
        self._now.pop(agent, None)
        self._there.discard(agent)
        self._unasked.pop(agent, None)

    async def _keep_asking(self, agent: str, there: bool, share: float) -> None:
        """`share` of the first pause is made."""
        doubt = self._now[agent]
        while True:
            try:
                async with asyncio.timeout(share * (AGAIN if there else AGAIN_MISSING)):
                    await doubt.wait()
            except TimeoutError:
                pass
            doubt.clear()
            share = 1.0
            there = await self._look(agent)

    async def _look(self, agent: str) -> bool:
        """Whether the telephone answers now; False, too, where it could not be asked."""
        there = await self._ask(self._addresses[agent])
        if there is None:
            self._not_asked(agent, asyncio.get_running_loop().time())
            return False
        self._unasked.pop(agent, None)
        (self._there.add if there else self._there.discard)(agent)
        self._tell(agent, there)
        return there

    def _not_asked(self, agent: str, now: float) -> None:
        """He is taken for what he was, but not for ever."""
        if now - self._unasked.setdefault(agent, now) >= UNASKED and agent in self._there:
            log.warning("agent %s: no line could ask his telephone for %g s; it counts as missing", agent, UNASKED)
            self._there.discard(agent)
            self._tell(agent, False)
