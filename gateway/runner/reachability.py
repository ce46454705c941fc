"""Whether agents' telephones can be reached: each is asked by OPTIONS (RFC 3261 §11), again and again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

log = logging.getLogger(__name__)

Ask = Callable[[str], Awaitable[bool]]
"""Whether something answers at this SIP address; takes two seconds at most, never raises."""

AGAIN = 10.0
"""Seconds between two questions to a telephone that answers: who goes is known before two more calls have come."""
AGAIN_MISSING = 3.0
"""The same for one that does not answer: an agent who plugs it in is at work at once."""


class Reachability:
    """Asks all telephones and tells what has become of them."""

    def __init__(self, addresses: Mapping[str, str], ask: Ask, tell: Callable[[str, bool], None]) -> None:
        """`addresses`: the telephone by its agent's number; `tell` gets that number and whether it can be reached,
        after each question."""
        self._addresses = addresses
        self._ask = ask
        self._tell = tell
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._now: dict[str, asyncio.Event] = {}

    async def start(self) -> None:
        """Ask all for the first time, and go on asking."""
        self._now = {agent: asyncio.Event() for agent in self._addresses}
        reached = await asyncio.gather(*(self._look(agent) for agent in self._addresses))
        for agent, there in zip(self._addresses, reached, strict=True):
            keeping = self._keep_asking(agent, there)
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

    async def _keep_asking(self, agent: str, there: bool) -> None:
        doubt = self._now[agent]
        while True:
            try:
                async with asyncio.timeout(AGAIN if there else AGAIN_MISSING):
                    await doubt.wait()
            except TimeoutError:
                pass
            doubt.clear()
            there = await self._look(agent)

    async def _look(self, agent: str) -> bool:
        there = await self._ask(self._addresses[agent])
        self._tell(agent, there)
        return there
