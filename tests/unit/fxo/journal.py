"""What a line reported, and waiting for it."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from drivers.line import LineEvent

E = TypeVar("E", bound=LineEvent)


class Journal:
    """Give it to `open`; `then` reacts to each event on the spot."""

    def __init__(self, then: Callable[[LineEvent], None] = lambda _event: None) -> None:
        self.events: list[LineEvent] = []
        self.times: list[float] = []
        """When each came, in the loop's seconds."""
        self.then = then
        self._news = asyncio.Event()

    def __call__(self, event: LineEvent) -> None:
        self.events.append(event)
        self.times.append(asyncio.get_running_loop().time())
        self._news.set()
        self.then(event)

    async def wait(self, kind: type[E], *, count: int = 1, within: float = 40.0) -> E:
        """The `count`th event of a kind."""
        async with asyncio.timeout(within):
            while len(found := self.of(kind)) < count:
                self._news.clear()
                await self._news.wait()
        return found[count - 1]

    def of(self, kind: type[E]) -> list[E]:
        """All events of a kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def names(self) -> list[str]:
        """The kinds of all events, in order."""
        return [type(event).__name__ for event in self.events]
