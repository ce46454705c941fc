"""An event loop that waits for nothing: time is what the next timer says. It has no sockets and no threads."""

import asyncio
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Any


class Due:
    """A call that is due at a time, or as soon as can be: what the million asks of asyncio's own, without their
    contexts, which nobody here has a use for and which cost more than all the rest."""

    __slots__ = ("_args", "_callback", "_off", "_when")

    def __init__(self, when: float, callback: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self._when, self._callback, self._args = when, callback, args
        self._off = False

    def when(self) -> float:
        """As TimerHandle."""
        return self._when

    def cancel(self) -> None:
        """As Handle: it stays where it is until its time has come."""
        self._off = True

    def cancelled(self) -> bool:
        """As Handle."""
        return self._off

    def run(self) -> None:
        """Call it, unless it was cancelled."""
        if not self._off:
            self._callback(*self._args)


class HastyLoop(asyncio.BaseEventLoop):
    """As the one in tests/unit/fxo/virtual_time.py, for those who wait for nothing but time: a timer costs a tenth
    of what it does there, and a call has a hundred."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self._order = count()
        self._timers: list[tuple[float, int, Due]] = []
        self._due_now: list[Due] = []
        self.failed: list[str] = []
        """What a callback has raised, in words."""
        self.set_exception_handler(lambda _, context: self.failed.append(repr(context.get("exception"))))

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[..., Any], *args: Any, context: Any = None) -> Any:
        timer = Due(when, callback, args)
        heappush(self._timers, (when, next(self._order), timer))
        return timer

    def call_later(self, delay: float, callback: Callable[..., Any], *args: Any, context: Any = None) -> Any:
        return self.call_at(self.now + delay, callback, *args)

    def call_soon(self, callback: Callable[..., Any], *args: Any, context: Any = None) -> Any:
        due = Due(self.now, callback, args)
        self._due_now.append(due)
        return due

    def _run_once(self) -> None:
        if self._due_now:
            now, self._due_now = self._due_now, []
            for due in now:
                self._run(due)
            return
        timers = self._timers
        while timers[0][2].cancelled():
            heappop(timers)
        self.now = max(self.now, timers[0][0])
        while timers and timers[0][0] <= self.now:
            self._run(heappop(timers)[2])

    def _run(self, due: Due) -> None:
        try:
            due.run()
        except Exception as error:  # noqa: BLE001  # as Handle does: whoever waits is told
            self.call_exception_handler({"message": "a callback failed", "exception": error})

    def _write_to_self(self) -> None:
        """Nobody sleeps who would have to be woken."""
