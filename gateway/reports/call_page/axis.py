"""The time axis of a drawn call: seconds to places, and which times are written on it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WIDTH = 1180.0
"""Of the drawing, in its own units: at 96 to an inch 12.3 inches, what an A4 sheet on its side holds at 90 %."""
LEFT, RIGHT = 92.0, 24.0
"""Room for the lanes' names, and beyond the end of the call."""
LEAST_SPAN = 1.0
"""Seconds: a shorter call is drawn as if it had lasted so long."""
TICK_ROOM = 64.0
"""Units between two ticks at least: a time as `1:02:30` with some air."""
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
"""Seconds between ticks that people count in."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A time on the axis: since the call's beginning, and of day (empty where ticks are parts of a second)."""

    x: float
    since: str
    of_day: str


@dataclass(frozen=True, slots=True)
class Axis:
    """From a call's first time to its last; `start` is zero."""

    start: datetime
    end: datetime

    @property
    def span(self) -> float:
        """Seconds that are drawn."""
        return max(LEAST_SPAN, (self.end - self.start).total_seconds())

    @property
    def right(self) -> float:
        """Where the drawing's lanes end."""
        return WIDTH - RIGHT

    def seconds(self, at: datetime) -> float:
        """Since the call's beginning; never before it: a clock may have been set back."""
        return max(0.0, (at - self.start).total_seconds())

    def x(self, at: datetime) -> float:
        """The place of a time."""
        return round(LEFT + min(1.0, self.seconds(at) / self.span) * (self.right - LEFT), 2)

    def ticks(self) -> list[Tick]:
        """Times to write, as many as have room."""
        most = (self.right - LEFT) / TICK_ROOM
        step = next((step for step in _STEPS if self.span / step <= most), self.span)
        count = int(self.span / step + 1e-9) + 1
        times = [self.start + timedelta(seconds=step * number) for number in range(count)]
        fine = step < 1
        return [
            Tick(self.x(at), since(step * number, fine=fine), "" if fine else f"{at:%H:%M:%S}")
            for number, at in enumerate(times)
        ]


def since(seconds: float, *, fine: bool = False) -> str:
    """Seconds as people write them: `4.2 s`, `0:15`, `1:02:30`."""
    if fine:
        return f"{seconds:.1f} s"
    hours, rest = divmod(round(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
