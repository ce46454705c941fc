"""When a half-duplex modem's own detector is worth cutting a prompt for (pure): while it plays we are deaf."""

from collections import deque

NEEDED = 3
"""Repeats of one code: a modem takes a prompt for a tone now and then, a tone it reports every 2 to 4 s."""
WITHIN = 12.0
"""Seconds in which they must come."""
CODES = ("b", "d")


class DeafHints:
    """Busy and dial codes while a prompt plays; a hint that was followed and proved wrong is the last one."""

    def __init__(self, *, believed: bool) -> None:
        """`believed`: the modem's family is not known to report tones that are not there."""
        self._believed = believed
        self._times: dict[str, deque[float]] = {code: deque(maxlen=NEEDED) for code in CODES}

    def code(self, code: str, now: float) -> bool:
        """Take a code that came while playing; True once, when it is time to stop and to listen."""
        if not self._believed or code not in self._times:
            return False
        times = self._times[code]
        times.append(now)
        if len(times) < NEEDED or now - times[0] > WITHIN:
            return False
        self._believed = False
        return True
