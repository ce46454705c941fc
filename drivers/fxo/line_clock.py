"""The modem's 8000 samples a second against our own clock (pure): what it lost when it tells of an overrun, and a
rate that is not one. All times in the loop's seconds."""

from collections import deque

RATE = 8000
BEFORE = 2.0
"""Seconds of reception that show how late audio comes as a rule: portions of 20 to 60 ms, and a host's delays."""
AFTER = 0.4
"""Seconds after an overrun in which the host has read all that waited; what is still missing then is lost."""
LEAST = RATE // 50
"""Samples below which a gap cannot be told from jitter."""
MOST = 2 * RATE
"""Samples of one gap; more is a host that was stopped, not a modem's buffer."""
TOLERANCE = 0.005
"""Part by which a modem's clock may be off: 8018 and 8030 were measured."""
LONG_ENOUGH = 20.0
"""Seconds of a stream after which its rate can be told."""


class LineClock:
    """One stream's receiving side."""

    def __init__(self, now: float) -> None:
        self._began = self._last = now
        self._samples = 0
        self._late: deque[tuple[float, float]] = deque()
        """When audio came, and by how many samples it was late then."""
        self._overrun_at: float | None = None
        self._usual = 0.0

    @property
    def line_time(self) -> float:
        """When the last sample that came was on the line, by the samples."""
        return self._began + self._samples / RATE

    def overrun(self, now: float) -> None:
        """The modem says that it has lost received audio."""
        if self._overrun_at is None and self._late:
            self._usual = min(late for _, late in self._late)
            self._overrun_at = now
            self._late.clear()

    def heard(self, samples: int, now: float) -> int:
        """So many samples came; how many were lost before them, once that is known: silence takes their place."""
        self._samples += samples
        self._last = now
        self._late.append((now, (now - self._began) * RATE - self._samples))
        while now - self._late[0][0] > BEFORE:
            self._late.popleft()
        if self._overrun_at is None or now - self._overrun_at < AFTER:
            return 0
        self._overrun_at = None
        missing = round(min(late for _, late in self._late) - self._usual)
        if not LEAST <= missing <= MOST:
            return 0
        self._samples += missing
        self._late.clear()
        return missing

    def off_rate(self) -> float | None:
        """Samples a second until the last that came, where they are not the 8000 ± 0.5 % that are due; else, or
        too early to tell, None."""
        seconds = self._last - self._began
        if seconds < LONG_ENOUGH:
            return None
        rate = self._samples / seconds
        return rate if abs(rate / RATE - 1) > TOLERANCE else None
