"""How long frames lay ready before they were said: the least of it is what could be spared. Pure."""

from collections import deque
from typing import Final

_BIN: Final = 1.0
"""Seconds that share one figure."""


class Slack:
    """The least waits of the last seconds. Times in seconds of any clock that never goes back."""

    def __init__(self, seconds: float) -> None:
        """`seconds`: how long a wait counts."""
        self._bins: deque[tuple[float, float]] = deque(maxlen=round(seconds / _BIN) + 1)
        """Where each second began, and the least wait in it."""

    def note(self, wait: float, now: float) -> None:
        """A frame was said `now`, `wait` after it was sent."""
        if self._bins and now - self._bins[-1][0] < _BIN:
            began, least = self._bins[-1]
            if wait < least:
                self._bins[-1] = (began, wait)
        else:
            self._bins.append((now, wait))

    def shift(self, seconds: float) -> None:
        """Every frame waits so much longer from now on, or shorter if negative: count the noted ones so too."""
        for index, (began, least) in enumerate(self._bins):
            self._bins[index] = (began, least + seconds)

    def clear(self) -> None:
        """What was noted says nothing about what comes now."""
        self._bins.clear()

    @property
    def latest(self) -> float | None:
        """The least of the second that runs; None when nothing is noted yet."""
        return self._bins[-1][1] if self._bins else None

    def least_of_last(self, seconds: float, now: float) -> float | None:
        """Of the last `seconds`, of whole bins; None when nothing was noted for as long."""
        least = None
        for began, wait in reversed(self._bins):
            least = wait if least is None else min(least, wait)
            if now - began >= seconds:
                return least
        return None
