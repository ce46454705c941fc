"""The modem's clock, seen from outside (pure): how many samples the line has had in either direction by now.

What comes in is the only clock there is: both directions of a stream run on the modem's own, and a sample that was
not yet received says nothing of where the modem is. A host that was held up reads what waited for it first.
"""

RATE = 8000.0
"""Samples per second of every codec used, within half a percent of the host's clock."""
PORTION = 0.06
"""Seconds that the line may be ahead of what was received: modems send audio in portions of 20 to 60 ms."""


class PacingClock:
    """Counts what is received, and runs on for a portion between two receptions."""

    def __init__(self, now: float) -> None:
        self._last = now
        self._heard = 0

    def heard(self, samples: int, now: float) -> None:
        """So many samples came in from the modem."""
        self._heard += samples
        self._last = now

    @property
    def resumes_at(self) -> int:
        """The received sample beside which a modem that has run dry begins to play what it is given now."""
        return self._heard

    def position(self, now: float) -> float:
        """Samples of line time since the stream began, whether or not the modem had something to play."""
        return self._heard + min(max(0.0, now - self._last), PORTION) * RATE
