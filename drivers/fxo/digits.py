"""Key presses out of DTMF codes (pure): one for each `/ … ~`, or for each run of repeats without such marks."""

from collections.abc import Callable

KEYS = frozenset("0123456789*#ABCD")
BEGIN, END = "/", "~"
CODES = KEYS | {BEGIN, END}
REPEAT = 0.12
"""Seconds: firmware repeats a held key's code about every 70 ms."""
SAME_PRESS = 0.6
"""Seconds within which the modem's code and our own ears report one and the same press."""
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


class PressMerger:
    """Two witnesses of the same key presses, the modem and our ears: every press counts once."""

    def __init__(self) -> None:
        self._unmatched: list[tuple[float, str, str]] = []

    def witness(self, source: str, key: str, now: float) -> bool:
        """`source` saw `key` pressed; whether this is news."""
        self._unmatched = [press for press in self._unmatched if now - press[0] < SAME_PRESS]
        for press in self._unmatched:
            if press[1] == key and press[2] != source:
                self._unmatched.remove(press)
                return False
        self._unmatched.append((now, key, source))
        return True


class Keypad:
    """A call's key presses out of the modem's codes and our ears' findings; `pressed` is told each press once."""

    def __init__(self, framed_only: bool, pressed: Callable[[str], None]) -> None:
        """`framed_only`: this firmware's codes without `/ … ~` are false."""
        self._framed_only = framed_only
        self._pressed = pressed
        self._digits = DigitFilter()
        self._presses = PressMerger()

    def coded(self, code: str, now: float, *, doubtful: bool) -> None:
        """The modem reported a DTMF code; if `doubtful` (we play, or a stream begins) only a framed one counts."""
        key = self._digits.feed(code, now)
        if key is None or (not self._digits.framed and (doubtful or self._framed_only)):
            return
        self._press("modem", key, now)

    def heard(self, key: str, now: float) -> None:
        """Our ears heard a key."""
        self._press("ears", key, now)

    def _press(self, source: str, key: str, now: float) -> None:
        if self._presses.witness(source, key, now):
            self._pressed(key)
