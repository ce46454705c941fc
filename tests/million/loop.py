"""An event loop that waits for nothing: time is what the next timer says. It has no sockets and no threads."""

import asyncio
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Any


class HastyLoop(asyncio.BaseEventLoop):
    """As the one in tests/unit/fxo/virtual_time.py, for those who wait for nothing but time: a timer costs a tenth
    of what it does there, and a call has a hundred."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self._order = count()
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self.failed: list[str] = []
        """What a callback has raised, in words."""
        self.set_exception_handler(lambda _, context: self.failed.append(repr(context.get("exception"))))

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[..., Any], *args: Any, context: Any = None) -> Any:
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heappush(self._timers, (when, next(self._order), timer))
        return timer

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """It stays until its time has come."""

    def _run_once(self) -> None:
        ready, timers = self._ready, self._timers  # type: ignore[attr-defined]  # BaseEventLoop's own
        if not ready:
            while timers[0][2].cancelled():
                heappop(timers)
            self.now = max(self.now, timers[0][0])
            while timers and timers[0][0] <= self.now:
                timer = heappop(timers)[2]
                if not timer.cancelled():
                    timer._run()
            return
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle.cancelled():
                handle._run()

    def _write_to_self(self) -> None:
        """Nobody sleeps who would have to be woken."""
