"""Which holiday a day is, and whether it is a weekend: solar and lunar holidays, and what overrides them.

All of it is arithmetic on dates: no clock and no time zone, the caller says which day it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from borax.calendars.lunardate import LCalendars, LunarDate

WORKDAY = "workday"
"""Override: an ordinary working day, neither holiday nor weekend."""
WEEKEND = "weekend"
"""Override: counts as a weekend day and is no holiday."""

LUNAR_YEARS = range(1900, 2101)
"""The lunar years whose months are known, 31 January 1900 to 28 January 2101; borax's tables end there.
Past them lunar holidays are left out and the solar ones stay: a line has to answer whatever its clock says."""

LONGEST_HOLIDAY = 366
"""Days: a whole year. Whatever is longer would meet itself."""

_LAST_SOLAR_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LAST_LUNAR_DAY = 30  # lunar months have 29 or 30 days, a different set of them each year


def check_date(month: int, day: int, lunar: bool = False) -> None:
    """ValueError, in words for a dialplan's author, if no year has this day."""
    kind = "lunar " if lunar else ""
    if not 1 <= month <= 12:
        raise ValueError(f"there is no {kind}month {month}; write 1 to 12")
    last = _LAST_LUNAR_DAY if lunar else _LAST_SOLAR_DAYS[month - 1]
    if not 1 <= day <= last:
        raise ValueError(f"{kind}month {month} never has a day {day}; write 1 to {last}")


def exists(month: int, day: int, lunar: bool = False) -> bool:
    """Whether some year has this day."""
    try:
        check_date(month, day, lunar)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Holiday:
    """One holiday: every year from month/day on (of the lunar or the solar year), for `days` days.

    29 February is kept in leap years only. A lunar 30th is the month's last day, so the 29th of a short month:
    lunar 12/30 is New Year's Eve in every year. Of a lunar month that comes twice in a year the second, the leap
    month, does not count. A holiday may run past the end of the year.

    ValueError in words: a date that no year has, a wrong number of days, no name, or the name WORKDAY or WEEKEND.
    """

    name: str
    month: int
    day: int
    days: int = 1
    lunar: bool = False

    def __post_init__(self) -> None:
        if not self.name or self.name in (WORKDAY, WEEKEND):
            raise ValueError(f"a holiday cannot be named {self.name!r}; choose another name")
        if not 1 <= self.days <= LONGEST_HOLIDAY:
            raise ValueError(f"holiday {self.name}: {self.days} days; write 1 to {LONGEST_HOLIDAY}")
        try:
            check_date(self.month, self.day, self.lunar)
        except ValueError as fault:
            raise ValueError(f"holiday {self.name}: {fault}") from None


@dataclass(frozen=True, slots=True)
class DayKind:
    """What a day is."""

    holidays: tuple[str, ...]
    """The names of all holidays on that day, in the order of `Calendar.holidays`."""
    weekend: bool
    """Saturday or Sunday, or made one; still told on a holiday."""


class Calendar:
    """The holidays of every year, each year reckoned once, when it is first asked for."""

    def __init__(self, holidays: Iterable[Holiday], overrides: Mapping[date, str] | None = None) -> None:
        """`overrides` replace all that is known of a date, by WORKDAY, WEEKEND or a holiday's name.

        A name makes the date exactly that holiday, whether or not a `Holiday` has that name; a Saturday or Sunday
        stays a weekend day.
        """
        self.holidays = tuple(holidays)
        self._overrides = {day.toordinal(): what for day, what in (overrides or {}).items()}
        self._tables: dict[int, dict[int, tuple[str, ...]]] = {}

    def kind(self, day: date) -> DayKind:
        """What `day` is; answers for every date that Python has. A datetime counts as its date."""
        ordinal = day.toordinal()
        override = self._overrides.get(ordinal)
        if override == WORKDAY:
            return DayKind((), weekend=False)
        if override == WEEKEND:
            return DayKind((), weekend=True)
        names = self._table(day.year).get(ordinal, ()) if override is None else (override,)
        return DayKind(names, weekend=day.isoweekday() > 5)

    def year(self, year: int) -> list[tuple[date, tuple[str, ...]]]:
        """Every holiday of a solar year (1 to 9999) with its names, overrides included, in order of date."""
        days = (date.fromordinal(ordinal) for ordinal in _ordinals_of(year))
        return [(day, names) for day in days if (names := self.kind(day).holidays)]

    def _table(self, year: int) -> dict[int, tuple[str, ...]]:
        """Names by ordinal for one solar year, without overrides."""
        if year not in self._tables:
            self._tables[year] = self._reckoned(year)
        return self._tables[year]

    def _reckoned(self, year: int) -> dict[int, tuple[str, ...]]:
        this_year = _ordinals_of(year)
        table: dict[int, tuple[str, ...]] = {}
        for holiday in self.holidays:
            for first in _firsts(holiday, year):
                for ordinal in range(max(first, this_year.start), min(first + holiday.days, this_year.stop)):
                    names = table.get(ordinal, ())
                    if holiday.name not in names:
                        table[ordinal] = (*names, holiday.name)
        return table


def _ordinals_of(year: int) -> range:
    return range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)


def _firsts(holiday: Holiday, year: int) -> Iterator[int]:
    """First days, as ordinals, from which the holiday can reach into the solar year.

    Two years back: the last lunar months lie in the solar year after their own, and a holiday can last a year.
    """
    first_of = _lunar_first if holiday.lunar else _solar_first
    for start in range(year - 2, year + 1):
        first = first_of(start, holiday.month, holiday.day)
        if first is not None:
            yield first


def _solar_first(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).toordinal()
    except ValueError:  # 29 February of a common year, or a year before year 1
        return None


def _lunar_first(year: int, month: int, day: int) -> int | None:
    if year not in LUNAR_YEARS:
        return None
    last_day: int = LCalendars.ndays(year, month)
    first: date = LunarDate(year, month, min(day, last_day)).to_solar_date()
    return first.toordinal()
