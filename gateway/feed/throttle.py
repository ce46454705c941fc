"""Telling what changes often: at once, and then no more than every so often."""

import asyncio
from collections.abc import Callable


class Throttle:
    """Calls `tell` at once when something has changed, and what changes within `pause` seconds after that in one
    more call at their end. Without an event loop it calls every time."""

    def __init__(self, pause: float, tell: Callable[[], None]) -> None:
        self._pause = pause
        self._tell = tell
        self._timer: asyncio.TimerHandle | None = None
        self._changed = False

    def changed(self) -> None:
        """There is something to tell."""
        if self._timer is not None:
            self._changed = True
            return
        self._tell()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._timer = loop.call_later(self._pause, self._again)

    def flush(self) -> None:
        """Tell at once what is not told yet, if anything."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._changed:
            self._changed = False
            self._tell()

    def _again(self) -> None:
        self._timer = None
        if self._changed:
            self._changed = False
            self.changed()
