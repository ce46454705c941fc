"""One timer for all modems of an event loop: each is ticked every 20 ms of the clock, on average to the sample."""

import asyncio
import math
from collections.abc import Callable
from weakref import WeakKeyDictionary

from drivers.emulator.audio import TICK

CATCH_UP = 2.0
"""Seconds by which a line may lag behind the clock and make up for it; a longer stall is skipped."""
AT_ONCE = 5
"""Ticks made up for in a row before the other modems, and the host, have their turn."""


class Clockwork:
    """Runs while it has a modem."""

    def __init__(self) -> None:
        self._due: dict[Callable[[], float], float] = {}
        self._timer: asyncio.Task[None] | None = None

    def add(self, tick: Callable[[], float]) -> None:
        """Call `tick` from now on; it gives the seconds of clock until it wants to be called again."""
        self._due[tick] = _next_beat()
        if self._timer is None or self._timer.done():
            self._timer = asyncio.create_task(self._run(), name="emulated modems")

    def remove(self, tick: Callable[[], float]) -> None:
        """Call it no more."""
        self._due.pop(tick, None)
        if not self._due and self._timer:
            self._timer.cancel()
            self._timer = None

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._due:
            now = loop.time()
            for tick, due in list(self._due.items()):
                if now - due > CATCH_UP:
                    self._due[tick] = due = _next_beat()
                for _ in range(AT_ONCE):
                    if due > now or tick not in self._due:
                        break
                    due += tick()
                    self._due[tick] = due
            await asyncio.sleep(max(0.0, min(self._due.values(), default=now + TICK) - loop.time()))


def _next_beat() -> float:
    """All modems have the same beat, so that one awakening serves them all."""
    return math.ceil(asyncio.get_running_loop().time() / TICK) * TICK


_OF_LOOPS: WeakKeyDictionary[asyncio.AbstractEventLoop, Clockwork] = WeakKeyDictionary()


def clockwork() -> Clockwork:
    """The running event loop's."""
    return _OF_LOOPS.setdefault(asyncio.get_running_loop(), Clockwork())
