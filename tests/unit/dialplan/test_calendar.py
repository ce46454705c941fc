"""The calendar: fixed and lunar holidays, weekends, overrides, the edges of the year and of what is known."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from borax.calendars.lunardate import LunarDate
from hypothesis import given
from hypothesis import strategies as st

from gateway.dialplan.calendar import (
    LONGEST_HOLIDAY,
    LUNAR_YEARS,
    WEEKEND,
    WORKDAY,
    Calendar,
    DayKind,
    Holiday,
    check_date,
    exists,
)

pytestmark = pytest.mark.unit

SPRING = Holiday("spring_festival", 1, 1, days=3, lunar=True)
HOLIDAYS = (
    Holiday("new_year", 1, 1),
    SPRING,
    Holiday("labour_day", 5, 1),
    Holiday("dragon_boat", 5, 5, lunar=True),
    Holiday("mid_autumn", 8, 15, lunar=True),
    Holiday("national_day", 10, 1, days=3),
)
"""JH-12's."""
CALENDAR = Calendar(HOLIDAYS)

PUBLISHED = {
    "spring_festival": "2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26",
    "dragon_boat": "2024-06-10 2025-05-31 2026-06-19 2027-06-09",
    "mid_autumn": "2020-10-01 2024-09-17 2025-10-06 2026-09-25 2027-09-15",
}


def days_of(calendar: Calendar, name: str, *years: int) -> list[date]:
    return [day for year in years for day, names in calendar.year(year) if name in names]


def names_on(calendar: Calendar, day: str) -> tuple[str, ...]:
    return calendar.kind(date.fromisoformat(day)).holidays


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_dates(name: str) -> None:
    published = [date.fromisoformat(day) for day in PUBLISHED[name].split()]
    assert [days_of(CALENDAR, name, day.year)[0] for day in published] == published


def test_spring_festival_lasts_three_days() -> None:
    spring = [date(2026, 2, 17), date(2026, 2, 18), date(2026, 2, 19)]
    assert days_of(CALENDAR, "spring_festival", 2026) == spring
    assert names_on(CALENDAR, "2026-02-16") == names_on(CALENDAR, "2026-02-20") == ()


def test_two_holidays_on_one_day_in_the_calendars_order() -> None:
    assert names_on(CALENDAR, "2020-10-01") == ("mid_autumn", "national_day")
    assert names_on(Calendar(reversed(HOLIDAYS)), "2020-10-01") == ("national_day", "mid_autumn")


def test_every_year_from_2020_to_2040_has_ten_days_of_holidays() -> None:
    """1 + 3 + 1 + 1 + 1 + 3, less the days that Mid-Autumn shares with National Day."""
    shared = {}
    for year in range(2020, 2041):
        days = CALENDAR.year(year)
        per_name = Counter(name for _, names in days for name in names)
        assert per_name == {holiday.name: holiday.days for holiday in HOLIDAYS}, year
        assert len({day for day, _ in days}) == len(days) == 10 - sum(len(names) - 1 for _, names in days)
        assert days == sorted(days)
        shared |= {day: names for day, names in days if len(names) > 1}
    both = ("mid_autumn", "national_day")
    dates = (date(2020, 10, 1), date(2028, 10, 3), date(2031, 10, 1), date(2039, 10, 2))
    assert shared == dict.fromkeys(dates, both)


def test_weekends_are_told_on_holidays_too() -> None:
    assert CALENDAR.kind(date(2026, 10, 3)) == DayKind(("national_day",), weekend=True)
    assert CALENDAR.kind(date(2026, 10, 4)) == DayKind((), weekend=True)
    assert CALENDAR.kind(date(2026, 10, 5)) == DayKind((), weekend=False)


def test_a_datetime_counts_as_its_date() -> None:
    assert CALENDAR.kind(datetime(2026, 2, 17, 23, 59)) == CALENDAR.kind(date(2026, 2, 17))


def test_a_leap_month_brings_no_second_holiday() -> None:
    """2028 has a second fifth month, from 23 June on; 2033 a second eleventh, 2025 a second sixth."""
    assert days_of(CALENDAR, "dragon_boat", 2028) == [date(2028, 5, 28)]
    solstice_feast = Calendar([Holiday("feast", 11, 1, lunar=True)])
    assert days_of(solstice_feast, "feast", 2033, 2034) == [date(2033, 11, 22), date(2034, 12, 11)]


def test_a_lunar_30th_is_the_last_day_of_its_month() -> None:
    eve = Calendar([Holiday("eve", 12, 30, lunar=True)])
    for year in range(2020, 2041):
        (new_year, *_) = days_of(CALENDAR, "spring_festival", year)
        assert days_of(eve, "eve", year) == [new_year - timedelta(days=1)]


def test_29_february_is_kept_in_leap_years_only() -> None:
    calendar = Calendar([Holiday("leap_day", 2, 29)])
    assert days_of(calendar, "leap_day", *range(2023, 2029)) == [date(2024, 2, 29), date(2028, 2, 29)]


def test_a_holiday_runs_past_the_end_of_the_year() -> None:
    calendar = Calendar([Holiday("winter", 12, 30, days=4)])
    assert days_of(calendar, "winter", 2026)[-2:] == [date(2026, 12, 30), date(2026, 12, 31)]
    assert days_of(calendar, "winter", 2027)[:2] == [date(2027, 1, 1), date(2027, 1, 2)]
    assert names_on(calendar, "2027-01-03") == ()


def test_a_lunar_year_ends_in_the_next_solar_year() -> None:
    laba = Calendar([Holiday("laba", 12, 8, lunar=True)])
    assert days_of(laba, "laba", 2026) == [date(2026, 1, 26)]
    assert days_of(laba, "laba", 2027) == [date(2027, 1, 15)]


@pytest.mark.parametrize(("month", "day"), [(12, 31), (1, 1), (6, 15)])
def test_the_longest_holiday_leaves_no_gap(month: int, day: int) -> None:
    calendar = Calendar([Holiday("season", month, day, days=LONGEST_HOLIDAY)])
    assert [names for _, names in calendar.year(2028)] == [("season",)] * 366
    assert [names for _, names in calendar.year(2029)] == [("season",)] * 365


def test_the_longest_holiday_from_the_end_of_a_lunar_year_reaches_the_second_solar_year_after() -> None:
    """It begins on the last day of lunar 2027, 25 January 2028; lunar 2028 is a leap year and ends after it."""
    calendar = Calendar([Holiday("season", 12, 30, days=LONGEST_HOLIDAY, lunar=True)])
    assert names_on(calendar, "2029-01-24") == ("season",)
    assert names_on(calendar, "2029-01-25") == ()


def test_one_name_for_two_dates_is_told_once_where_they_meet() -> None:
    calendar = Calendar([Holiday("closed", 8, 1, days=5), Holiday("closed", 8, 4, days=5)])
    assert [names for _, names in calendar.year(2026)] == [("closed",)] * 8


def test_override_by_a_holidays_name_makes_the_day_exactly_that_holiday() -> None:
    bridge, both, company = date(2026, 2, 20), date(2020, 10, 1), date(2026, 8, 8)
    overrides = {bridge: "spring_festival", both: "national_day", company: "founders_day"}
    calendar = Calendar(HOLIDAYS, overrides)
    assert calendar.kind(bridge) == DayKind(("spring_festival",), weekend=False)
    assert calendar.kind(both) == DayKind(("national_day",), weekend=False)
    assert calendar.kind(company) == DayKind(("founders_day",), weekend=True)
    assert days_of(calendar, "spring_festival", 2026)[-1] == bridge
    assert days_of(calendar, "founders_day", 2026) == [company]


def test_override_by_workday_takes_holiday_and_weekend_away() -> None:
    saturday, holiday = date(2026, 2, 28), date(2026, 5, 1)
    calendar = Calendar(HOLIDAYS, {saturday: WORKDAY, holiday: WORKDAY})
    assert calendar.kind(saturday) == calendar.kind(holiday) == DayKind((), weekend=False)
    assert days_of(calendar, "labour_day", 2026) == []


def test_override_by_weekend() -> None:
    calendar = Calendar(HOLIDAYS, {date(2026, 5, 1): WEEKEND, date(2026, 5, 4): WEEKEND})
    assert calendar.kind(date(2026, 5, 1)) == calendar.kind(date(2026, 5, 4)) == DayKind((), weekend=True)


@pytest.mark.parametrize(
    ("month", "day", "lunar", "words"),
    [
        (2, 30, False, "month 2 never has a day 30; write 1 to 29"),
        (4, 31, False, "month 4 never has a day 31; write 1 to 30"),
        (13, 1, False, "there is no month 13; write 1 to 12"),
        (0, 1, False, "there is no month 0; write 1 to 12"),
        (1, 0, False, "month 1 never has a day 0; write 1 to 31"),
        (13, 1, True, "there is no lunar month 13; write 1 to 12"),
        (1, 31, True, "lunar month 1 never has a day 31; write 1 to 30"),
        (1, -1, True, "lunar month 1 never has a day -1; write 1 to 30"),
    ],
)
def test_impossible_dates(month: int, day: int, lunar: bool, words: str) -> None:
    assert not exists(month, day, lunar)
    with pytest.raises(ValueError, match=f"^{words}$"):
        check_date(month, day, lunar)
    with pytest.raises(ValueError, match=f"^holiday feast: {words}$"):
        Holiday("feast", month, day, lunar=lunar)


@given(st.integers(-1, 14), st.integers(-1, 33))
def test_a_date_exists_if_a_leap_year_has_it(month: int, day: int) -> None:
    try:
        in_leap_year = bool(date(2028, month, day))
    except ValueError:
        in_leap_year = False
    assert exists(month, day) == in_leap_year
    assert exists(month, day, lunar=True) == (1 <= month <= 12 and 1 <= day <= 30)


@pytest.mark.parametrize("days", [0, -1, LONGEST_HOLIDAY + 1])
def test_impossible_lengths(days: int) -> None:
    with pytest.raises(ValueError, match=f"^holiday feast: {days} days; write 1 to 366$"):
        Holiday("feast", 1, 1, days=days)


@pytest.mark.parametrize("name", ["", WORKDAY, WEEKEND])
def test_names_that_no_holiday_can_have(name: str) -> None:
    with pytest.raises(ValueError, match="a holiday cannot be named"):
        Holiday(name, 1, 1)


def test_outside_the_known_lunar_years_only_solar_holidays_are_left() -> None:
    fixed = {"new_year", "labour_day", "national_day"}
    for year in (1, 1899, 2102, 9999):
        assert {name for _, names in CALENDAR.year(year) for name in names} == fixed
    assert days_of(CALENDAR, "spring_festival", LUNAR_YEARS[0])[0] == date(1900, 1, 31)
    assert days_of(CALENDAR, "spring_festival", LUNAR_YEARS[-1])[0] == date(2100, 2, 9)
    eve = Calendar([Holiday("eve", 12, 30, lunar=True)])
    assert days_of(eve, "eve", 2101, 2102) == [date(2101, 1, 28)]


# Any holiday that can be, and any override.
SOLAR = st.dates().map(lambda day: (day.month, day.day, False))
LUNAR = st.tuples(st.integers(1, 12), st.integers(1, 30), st.just(True))
NAMES = st.sampled_from(["a", "b", "c", "d"])
HOLIDAY = st.builds(
    lambda name, when, days: Holiday(name, when[0], when[1], days, when[2]),
    NAMES,
    SOLAR | LUNAR,
    st.integers(1, 10) | st.integers(1, LONGEST_HOLIDAY),
)
REPLACED = st.dates(date(2020, 1, 1), date(2040, 12, 31))
OVERRIDES = st.dictionaries(REPLACED, NAMES | st.sampled_from([WORKDAY, WEEKEND]))


@given(st.lists(HOLIDAY, max_size=6), OVERRIDES, st.dates())
def test_every_date_has_a_kind(listed: list[Holiday], replaced: dict[date, str], day: date) -> None:
    calendar = Calendar(listed, replaced)
    kind = calendar.kind(day)
    allowed = {holiday.name for holiday in listed} | set(replaced.values())
    assert set(kind.holidays) <= allowed - {WORKDAY, WEEKEND}
    assert len(set(kind.holidays)) == len(kind.holidays)
    assert ((day, kind.holidays) in calendar.year(day.year)) == bool(kind.holidays)


@given(st.lists(HOLIDAY, max_size=6), OVERRIDES)
def test_an_override_wins_on_its_date_and_nowhere_else(listed: list[Holiday], replaced: dict[date, str]) -> None:
    plain, calendar = Calendar(listed), Calendar(listed, replaced)
    for day, what in replaced.items():
        kind = calendar.kind(day)
        assert kind.holidays == (() if what in (WORKDAY, WEEKEND) else (what,))
        assert kind.weekend == {WORKDAY: False, WEEKEND: True}.get(what, day.weekday() in (5, 6))
        for other in {day - timedelta(days=1), day + timedelta(days=1)} - replaced.keys():
            assert calendar.kind(other) == plain.kind(other)


@given(SOLAR.filter(lambda when: when[:2] != (2, 29)), st.integers(1, 365), st.integers(1901, 9000))
def test_a_solar_holiday_has_its_days_each_year(when: tuple[int, int, bool], days: int, year: int) -> None:
    month, day, _ = when
    calendar = Calendar([Holiday("feast", month, day, days)])
    first, next_first = date(year, month, day), date(year + 1, month, day)
    kept = [day for day in days_of(calendar, "feast", year, year + 1) if first <= day < next_first]
    assert kept == [first + timedelta(days=offset) for offset in range(days)]


@given(LUNAR, st.integers(1, 300), st.integers(2020, 2040))
def test_a_lunar_holiday_has_its_days_each_lunar_year(when: tuple[int, int, bool], days: int, year: int) -> None:
    month, day, _ = when
    kept = days_of(Calendar([Holiday("feast", month, day, days, lunar=True)]), "feast", *range(year - 1, year + 3))
    firsts = [day for day in kept if day - timedelta(days=1) not in kept and day.year >= year]
    assert kept[-1].year >= year + 1  # a lunar day late in the year may pass a solar year by
    for first, next_first in pairwise(firsts):
        assert [day for day in kept if first <= day < next_first][-1] == first + timedelta(days=days - 1)
        # Twelve months or thirteen; a day more or less from the 30th of a long month to the 29th of a short one.
        assert (next_first - first).days in (*range(353, 357), *range(382, 386))


@given(st.dates(date(1901, 1, 1), date(2100, 12, 31)))
def test_a_lunar_date_read_backwards_is_the_holidays(day: date) -> None:
    lunar_day = LunarDate.from_solar(day)
    calendar = Calendar([Holiday("feast", lunar_day.month, lunar_day.day, lunar=True)])
    assert (calendar.kind(day).holidays == ("feast",)) == (not lunar_day.leap)
