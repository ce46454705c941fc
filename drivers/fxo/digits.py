"""Key presses out of DTMF codes (pure): one for each `/ … ~`, or for each run of repeats without such marks."""

KEYS = frozenset("0123456789*#ABCD")
BEGIN, END = "/", "~"
REPEAT = 0.12
"""Seconds: firmware repeats a held key's code about every 70 ms."""
LONGEST_PRESS = 10.0
"""Seconds after which a missing `~` is given up."""


class DigitFilter:
    """Told every DTMF code with its time in seconds."""

    def __init__(self) -> None:
        self._framed_until: float | None = None
        self._framed_key: str | None = None
        self._last_key = ""
        self._last_time = 0.0

    @property
    def framed(self) -> bool:
        """Whether the last code came between `/` and `~`: false detections are never framed."""
        return self._framed_until is not None

    def feed(self, code: str, now: float) -> str | None:
        """Take `/`, `~` or a key's code; the key if this is a new press."""
        if self._framed_until is not None and now > self._framed_until:
            self._framed_until = None
        if code == BEGIN:
            self._framed_until, self._framed_key = now + LONGEST_PRESS, None
            return None
        if code == END:
            self._framed_until = None
            return None
        if code not in KEYS:
            return None
        repeated = code == self._last_key and now - self._last_time < REPEAT
        self._last_key, self._last_time = code, now
        if self._framed_until is not None:
            if self._framed_key == code:
                return None
            self._framed_key = code
            return code
        return None if repeated else code
