"""Whether the time of day is to be believed where something is deleted by it."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

FAR: Final = timedelta(days=30)
"""From the newest call on record to now: longer than a holiday. A clock that is wrong by less deletes by that much
too early; one without its battery, or set by hand, is mostly wrong by years."""
DAY: Final = timedelta(days=1)
"""A clock that runs on for so long is taken to be right: whoever looks at a call's time, or at the log, has had a
working day to notice."""
STEP: Final = timedelta(hours=1)
"""By which a clock may be set, or stand still while the machine sleeps, and count as having run on."""


class Clock:
    """Watches the time of day beside the time that passes."""

    def __init__(self, passed: Callable[[], float] = time.monotonic) -> None:
        """`passed`: seconds from any moment on, which nobody sets."""
        self._passed = passed
        self._since: tuple[datetime, float] | None = None

    def watch(self, now: datetime) -> bool:
        """Look at it; it is `now` (aware). Gives whether it was set since the last look."""
        if self._since is not None and abs(timedelta(seconds=now.timestamp() - self._by_now())) <= STEP:
            return False
        first, self._since = self._since is None, (now, self._passed())
        return not first

    def believed(self, now: datetime, newest: datetime | None) -> bool:
        """Whether it may be `now`, as last watched. `newest`: when the newest call was that was offered more than
        DAY before; what a wrong clock itself has just put on record proves nothing."""
        ran_on = self._since is not None and self._passed() - self._since[1] >= DAY.total_seconds()
        return newest is None or now - newest <= FAR or ran_on

    def _by_now(self) -> float:
        """Seconds since 1970, had nobody set it since."""
        assert self._since is not None
        return self._since[0].timestamp() + self._passed() - self._since[1]
