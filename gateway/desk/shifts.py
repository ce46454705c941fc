"""Shifts: when an agent is on duty, in the site's time. Pure.

A day of the site may have 23 or 25 hours: wall-clock times are turned into moments once, here, and whatever is
measured afterwards is measured between moments.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Shift:
    """One row of the shift table. Where `ends` is not later than `begins`, it ends on the day after."""

    agents: tuple[str, ...]
    days: frozenset[int]
    """On which it begins, 0 for Monday."""
    begins: time
    ends: time


@dataclass(frozen=True, slots=True, order=True)
class Duty:
    """A time in which an agent is to be there: a shift, or several that touch. Moments in UTC."""

    begins: datetime
    ends: datetime


def duties(
    shifts: Sequence[Shift], agent: str, begins: datetime, ends: datetime, zone: tzinfo
) -> tuple[Duty, ...]:
    """The agent's duties of which any part lies between two aware moments, whole and in order.

    Shifts that overlap or touch are one duty: nobody logs in twice for it, no time counts twice. A shift within
    the hour that summer time leaves out is none.
    """
    # A shift that lies in the range began on its first day, or the day before and went over midnight.
    day, last = begins.astimezone(zone).date() - timedelta(days=1), ends.astimezone(zone).date()
    found: list[Duty] = []
    while day <= last:
        found += (
            _duty(shift, day, zone) for shift in shifts if agent in shift.agents and day.weekday() in shift.days
        )
        day += timedelta(days=1)
    lasting = sorted(duty for duty in found if duty.ends > duty.begins)
    return tuple(duty for duty in _merged(lasting) if duty.begins < ends and duty.ends > begins)


def _duty(shift: Shift, day: date, zone: tzinfo) -> Duty:
    last = day if shift.ends > shift.begins else day + timedelta(days=1)
    begins, ends = (datetime.combine(on, at, zone) for on, at in ((day, shift.begins), (last, shift.ends)))
    return Duty(begins.astimezone(UTC), ends.astimezone(UTC))


def _merged(ordered: Iterable[Duty]) -> Iterator[Duty]:
    current: Duty | None = None
    for duty in ordered:
        if current is not None and duty.begins <= current.ends:
            current = Duty(current.begins, max(current.ends, duty.ends))
            continue
        if current is not None:
            yield current
        current = duty
    if current is not None:
        yield current
