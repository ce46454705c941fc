"""Whether a stream that should bring audio does (pure). All times in the loop's seconds."""

from drivers.fxo.errors import StreamLost
from drivers.line import MEDIA_LOST_AFTER

DEAD_AFTER = 5.0
"""Seconds without one received byte after which a stream is dead; a busy host can stall a modem for two."""
LOOK = 0.2
"""Seconds between two looks beyond which the host itself was held up: no audio could be taken meanwhile."""


class Reception:
    """One call's, through all its streams. A half-duplex modem that plays is not looked at."""

    def __init__(self) -> None:
        self._heard_ever = False
        self._last_heard = 0.0
        self._looked = 0.0
        self._waited = 0.0
        """Seconds without audio in which the host could have taken it."""
        self._lost = False

    def began(self, now: float) -> None:
        """A receiving stream has been connected."""
        self._last_heard = self._looked = now
        self._waited = 0.0

    def heard(self, now: float) -> bool:
        """Audio has come; True where it had been lost."""
        self.began(now)
        self._heard_ever = True
        restored, self._lost = self._lost, False
        return restored

    def look(self, now: float) -> bool:
        """Called again and again while audio should come; True when it is lost, once. Raises StreamLost for a
        stream that is dead."""
        if now - self._last_heard > DEAD_AFTER:
            raise StreamLost(f"no audio from the modem for {DEAD_AFTER:g} s")
        self._waited += min(now - self._looked, LOOK)
        self._looked = now
        if self._lost or not self._heard_ever or self._waited < MEDIA_LOST_AFTER:
            return False
        self._lost = True
        return True
