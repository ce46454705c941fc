"""Lunar holidays against the sky: new moons and solstices computed, months counted by the national rules.

A second source that shares no table with the library. By GB/T 33661-2017 a lunar month begins on the day of the
new moon, UTC+8; the winter solstice lies in the eleventh month; and where thirteen months begin from one eleventh
month to the next, the first without a major term (the sun at a multiple of 30°) is the leap month.
"""

from datetime import date, datetime, timedelta
from itertools import pairwise

import astronomy
import pytest

from gateway.dialplan.calendar import Calendar, Holiday

pytestmark = pytest.mark.unit

YEARS = range(2020, 2041)
J2000 = datetime(2000, 1, 1, 12)
BEIJING = timedelta(hours=8)
SEARCH_DAYS = 40
"""More than a lunar month or 30° of the sun's way takes."""
SKIP_DAYS = 20
"""From one new moon or major term to safely before the next."""


def day_of(moment: astronomy.Time) -> date:
    return (J2000 + timedelta(days=moment.ut) + BEIJING).date()


def new_moons(year: int) -> list[date]:
    """From November of the year before to the end of the year."""
    moment, days = astronomy.Time.Make(year - 1, 11, 1, 0, 0, 0), []
    while not days or days[-1] < date(year, 12, 31):
        found = astronomy.SearchMoonPhase(0, moment, SEARCH_DAYS)
        days.append(day_of(found))
        moment = found.AddDays(SKIP_DAYS)
    return days


def major_terms(year: int) -> list[date]:
    """From the winter solstice of the year before to that of the year."""
    moment, days = astronomy.Time.Make(year - 1, 12, 10, 0, 0, 0), []
    for step in range(13):
        found = astronomy.SearchSunLongitude((270 + 30 * step) % 360, moment, SEARCH_DAYS)
        days.append(day_of(found))
        moment = found.AddDays(SKIP_DAYS)
    return days


def month_starts(year: int) -> dict[int, date]:
    """First days of the ordinary lunar months 11, 12, 1 … 10, up to the one before the year's winter solstice."""
    moons, terms = new_moons(year), major_terms(year)
    first, last = (max(moon for moon in moons if moon <= solstice) for solstice in (terms[0], terms[-1]))
    months = list(pairwise(moon for moon in moons if first <= moon <= last))
    if len(months) == 13:
        without_term = (month for month in months if not any(month[0] <= term < month[1] for term in terms))
        months.remove(next(without_term))
    return {(10 + index) % 12 + 1: start for index, (start, _) in enumerate(months)}


Sky = dict[int, dict[int, date]]


@pytest.fixture(scope="module")
def sky() -> Sky:
    return {year: month_starts(year) for year in YEARS}


@pytest.mark.parametrize(("month", "day", "days"), [(1, 1, 3), (5, 5, 1), (8, 15, 1)])
def test_the_lunar_holidays_of_the_standards(sky: Sky, month: int, day: int, days: int) -> None:
    calendar = Calendar([Holiday("feast", month, day, days, lunar=True)])
    for year in YEARS:
        first = sky[year][month] + timedelta(days=day - 1)
        assert [found for found, _ in calendar.year(year)] == [first + timedelta(days=n) for n in range(days)]


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_begins_at_the_new_moon(sky: Sky, month: int) -> None:
    calendar = Calendar([Holiday("first", month, 1, lunar=True)])
    starts = [months[month] for months in sky.values()]
    reckoned = [day for year in range(YEARS[0] - 1, YEARS[-1] + 1) for day, _ in calendar.year(year)]
    assert [day for day in reckoned if starts[0] <= day <= starts[-1]] == starts
