"""Holidays and what overrides them, for any day that Python has, beside a reckoning by hand."""

from datetime import date, timedelta

from gateway.dialplan.calendar import WEEKEND, WORKDAY, Calendar, Holiday
from tests.fuzz.target import Bits, Target, refused

DAYS = date.max.toordinal()


def attempt(data: bytes) -> None:
    bits = Bits(data)
    day = _day(bits)
    holidays = []
    for number in range(bits.below(6)):
        month, first, days, lunar = (
            bits.below(16) - 1,
            bits.below(36) - 1,
            bits.below(400) - 1,
            bool(bits.below(2)),
        )
        try:
            holidays.append(Holiday(f"h{number}", month, first, days, lunar=lunar))
        except ValueError as error:
            refused(error)
    overrides = {_day(bits): (WORKDAY, WEEKEND, "h0")[bits.below(3)] for _ in range(bits.below(4))}
    calendar = Calendar(holidays, overrides)
    kind = calendar.kind(day)
    assert calendar.kind(day) == kind
    if day in overrides:
        assert kind.holidays == (("h0",) if overrides[day] == "h0" else ())
        return
    assert kind.weekend == (day.weekday() >= 5)
    assert set(kind.holidays) <= {holiday.name for holiday in holidays}
    for holiday in holidays:
        if not holiday.lunar:
            assert (holiday.name in kind.holidays) == _falls(holiday, day), (holiday, day)
    if day.day % 16 == 0:  # a whole year takes as long as all the rest
        assert dict(calendar.year(day.year)).get(day, ()) == kind.holidays


def _falls(holiday: Holiday, day: date) -> bool:
    """Whether one of the days before, up to the holiday's length, is its first."""
    for back in range(holiday.days):
        if day.toordinal() <= back:
            return False
        first = day - timedelta(days=back)
        if (first.month, first.day) == (holiday.month, holiday.day):
            return True
    return False


def _day(bits: Bits) -> date:
    near = bits.below(4)
    return (
        date(2026, 1, 1) + timedelta(days=bits.below(65_536) % 800)
        if near
        else date.fromordinal(1 + bits.below(DAYS))
    )


TARGET = Target(
    "calendar",
    "holidays, solar and lunar",
    attempt,
    [
        bytes((1, 0, 40, 2, 2, 2, 0, 8, 1, 11, 2, 0, 2, 0, 1, 0, 0, 9, 1)),
        bytes((0, 0, 0, 0, 0, 3, 13, 32, 1, 110, 0, 3, 30, 0, 4, 1, 2, 2, 1, 0)),
        bytes((0, 0, 55, 185, 218, 5, 2, 2, 1, 110, 1, 13, 31, 0, 2, 1, 3, 30, 0, 2, 0)),
        bytes(range(40)),
    ],
    longest=64,
)
