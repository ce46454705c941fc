"""The modem's playing clock, seen from outside (pure): how many samples of ours are on the line by now."""

RATE = 8000.0
"""Samples per second of every codec used."""
TOLERANCE = 0.01
"""A modem's own clock is within 0.5 % of 8000; a larger difference is lost bytes, not the clock."""
SETTLED = 5.0
"""Seconds after which the rate measured is better than the nominal one."""


class PacingClock:
    """Runs on the host's clock, corrected by the rate at which the modem's own audio comes in."""

    def __init__(self, now: float) -> None:
        self._start = now
        self._last = now
        self._position = 0.0
        self._heard = 0

    def heard(self, samples: int) -> None:
        """So many samples came in from the modem, whose two directions share one clock."""
        self._heard += samples

    def position(self, now: float) -> float:
        """Samples that have left the modem for the line since the stream began."""
        elapsed = now - self._start
        rate = RATE
        if elapsed > SETTLED and self._heard:
            rate = min(max(self._heard / elapsed, RATE * (1 - TOLERANCE)), RATE * (1 + TOLERANCE))
        self._position += max(0.0, now - self._last) * rate
        self._last = now
        return self._position

    def starved(self, sent: int) -> int:
        """Hold the clock at `sent`, all the modem was given: it plays nothing beyond. Samples it was short of."""
        short = int(self._position - sent)
        if short <= 0:
            return 0
        self._position = float(sent)
        return short
