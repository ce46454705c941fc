"""The modem's clock, seen from outside (pure): how many samples the line has had in either direction by now."""

RATE = 8000.0
"""Samples per second of every codec used."""
TOLERANCE = 0.01
"""A modem's own clock is within 0.5 % of 8000; a larger difference is lost bytes, not the clock."""
UNREAD = 0.1
"""Seconds by which what was heard may be behind the clock in the ordinary way: a modem sends audio in portions."""
SETTLED = 5.0
"""Seconds after which the rate measured is better than the nominal one."""


class PacingClock:
    """Runs on the host's clock, corrected by the rate at which the modem's own audio comes in."""

    def __init__(self, now: float) -> None:
        self._start = now
        self._last = now
        self._position = 0.0
        self._heard = 0
        self._unread_since: float | None = None

    def heard(self, samples: int, now: float) -> None:
        """So many samples came in from the modem, whose directions share one clock; the first ones start it."""
        if not self._heard:
            self._start = now - samples / RATE
            self._last, self._position = now, float(samples)
        self._heard += samples

    def resumes_at(self, now: float) -> int | None:
        """The received sample beside which the modem begins to play what it is given now, having run dry: the next
        one. While what it sent is still unread the host's clock must do; None when it is worth a moment's wait."""
        position = round(self.position(now))
        if position - self._heard < UNREAD * RATE:
            self._unread_since = None
            return self._heard
        if self._unread_since is None:
            self._unread_since = now
        return position if now - self._unread_since >= UNREAD else None

    def position(self, now: float) -> float:
        """Samples of line time since the stream began, whether or not the modem had something to play."""
        elapsed = now - self._start
        rate = RATE
        if elapsed > SETTLED and self._heard:
            rate = min(max(self._heard / elapsed, RATE * (1 - TOLERANCE)), RATE * (1 + TOLERANCE))
        self._position = max(self._position + max(0.0, now - self._last) * rate, float(self._heard))
        self._last = now
        return self._position
