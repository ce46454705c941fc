"""Whether the holidays that a clause names are all there (JH-12, WD-4). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.dialplan.models import Dialplan
from gateway.dialplan.standards import Finding
from gateway.dialplan.tables import HolidayTable


@dataclass(frozen=True, slots=True)
class Feast:
    """A holiday a clause names; `key` is what the shipped dialplans call it."""

    key: str
    name: str
    month: int
    day: int
    days: int = 1
    lunar: bool = False


_WATER = (
    Feast("new_year", "元旦", 1, 1),
    Feast("spring_festival", "春节", 1, 1, lunar=True),
    Feast("labour_day", "劳动节", 5, 1),
    Feast("dragon_boat", "端午节", 5, 5, lunar=True),
    Feast("national_day", "国庆节", 10, 1),
)
FEASTS = {
    "JH-12": (
        Feast("new_year", "元旦", 1, 1),
        Feast("spring_festival", "春节", 1, 1, days=3, lunar=True),
        Feast("labour_day", "劳动节", 5, 1),
        Feast("dragon_boat", "端午节", 5, 5, lunar=True),
        Feast("mid_autumn", "中秋节", 8, 15, lunar=True),
        Feast("national_day", "国庆节", 10, 1, days=3),
    ),
    "WD-4": _WATER,
}
"""The clauses that name holidays, which; WD-4 does not say how long they are."""

_SOLAR_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LUNAR_MONTHS = (30,) * 12

_Day = tuple[bool, int, int]
"""Whether it is of the lunar year, month, day."""


def missing_feasts(dialplan: Dialplan) -> Iterator[Finding]:
    """A finding for each holiday of the greeting's clause that is not kept on all its days, by whatever name.

    More days than the clause names are no fault, nor is what `[calendar]` says of single dates.
    """
    greeting = dialplan.holiday_greeting
    if greeting is None or greeting.clause not in FEASTS:
        return
    if not dialplan.holidays:
        names = ", ".join(feast.name for feast in FEASTS[greeting.clause])
        message = (
            f"there are none, but {greeting.clause} names {names}; allowed: these, or no holiday_greeting either"
        )
        yield Finding((("holidays",),), message)
        return
    kept = {day for table in dialplan.holidays.values() for day in _days_of(table)}
    for feast in FEASTS[greeting.clause]:
        lacking = [day for day in _days(feast.month, feast.day, feast.days, feast.lunar) if day not in kept]
        if lacking:
            yield _finding(dialplan, greeting.clause, feast, lacking)


def _finding(dialplan: Dialplan, clause: str, feast: Feast, lacking: list[_Day]) -> Finding:
    calendar = "lunar " if feast.lunar else ""
    dates = ", ".join(f"{month:02}-{day:02}" for _, month, day in lacking)
    length = f" for {feast.days} days" if feast.days > 1 else ""
    kind = "lunar" if feast.lunar else "date"
    allowed = f'{kind} = "{feast.month:02}-{feast.day:02}"{length}'
    message = f"{feast.name} ({calendar}{dates}) is not kept, but {clause} names it; allowed: {allowed}"
    table, place = dialplan.holidays.get(feast.key), ("holidays", feast.key)
    if table is None:
        return Finding((place,), message)
    starts = (feast.month, feast.day) == tuple(int(part) for part in (getattr(table, kind) or "0-0").split("-"))
    return Finding(((*place, "days" if starts else kind),), message)


def _days_of(table: HolidayTable) -> Iterator[_Day]:
    when = table.date or table.lunar
    if when is not None:
        month, day = (int(part) for part in when.split("-"))
        yield from _days(month, day, table.days, table.lunar is not None)


def _days(month: int, day: int, days: int, lunar: bool) -> Iterator[_Day]:
    """The days of a holiday in a common year; each lunar month with 30."""
    lengths = _LUNAR_MONTHS if lunar else _SOLAR_MONTHS
    for _ in range(days):
        yield lunar, month, day
        day += 1
        if day > lengths[month - 1]:
            month, day = month % 12 + 1, 1
