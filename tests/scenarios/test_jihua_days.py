"""The Jihua Gas hotline on holidays, and over midnight (JH-12)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.scenarios.hotlines import SHANGHAI, gas, ring_up

pytestmark = pytest.mark.unit

GREETING = "您好!济华热线801号为您服务,请问有什么可以帮您吗?"
HOLIDAY = "节日好,很高兴为您服务"
SPRING = "春节好,很高兴为您服务"


def noon(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=12, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-01",  # 元旦
        "2026-05-01",  # 劳动节
        "2026-06-19",  # 端午节
        "2026-09-25",  # 中秋节
        "2026-10-01",  # 国庆节
        "2026-10-02",
        "2026-10-03",
    ],
)
def test_jh12_a_holidays_greeting_goes_before_the_numbered_one(day: str) -> None:
    assert gas(at=noon(day)).greeted().told == [(0.0, HOLIDAY), (0.0, GREETING)]


@pytest.mark.parametrize("day", ["2026-02-17", "2026-02-18", "2026-02-19"])
def test_jh12_the_first_three_lunar_days_have_a_greeting_of_their_own(day: str) -> None:
    assert gas(at=noon(day)).greeted().told == [(0.0, SPRING), (0.0, GREETING)]


@pytest.mark.parametrize(
    "day",
    [
        "2025-12-31",
        "2026-01-02",
        "2026-02-16",
        "2026-02-20",
        "2026-04-30",
        "2026-05-02",
        "2026-06-20",
        "2026-09-24",
        "2026-10-04",
        "2026-03-14",  # a Saturday is no holiday
    ],
)
def test_jh12_the_days_around_are_greeted_as_ever(day: str) -> None:
    assert gas(at=noon(day)).greeted().told == [(0.0, GREETING)]


def test_jh12_two_holidays_on_one_day_are_greeted_once() -> None:
    assert gas(at=noon("2020-10-01")).greeted().told == [(0.0, HOLIDAY), (0.0, GREETING)]


def test_jh12_the_sites_own_clock_decides_what_day_it_is() -> None:
    evening = datetime(2026, 2, 16, 16, 30, tzinfo=UTC)
    assert gas(at=evening).greeted().words == [SPRING, GREETING]
    assert gas(at=evening - timedelta(hours=1)).greeted().words == [GREETING]


def test_jh12_a_call_that_rings_in_the_new_year_is_greeted_in_it() -> None:
    call = gas(at=datetime(2025, 12, 31, 23, 59, 57, tzinfo=SHANGHAI)).greeted()
    assert call.words == [HOLIDAY, GREETING]


def test_jh12_a_call_answered_before_midnight_is_greeted_for_the_old_day() -> None:
    call = gas(at=datetime(2025, 12, 31, 23, 59, 54, tzinfo=SHANGHAI)).greeted()
    assert call.words == [GREETING]
    call = gas(at=datetime(2026, 1, 1, 23, 59, 54, tzinfo=SHANGHAI)).greeted()
    assert call.words == [HOLIDAY, GREETING]
    call = gas(at=datetime(2026, 1, 1, 23, 59, 57, tzinfo=SHANGHAI)).greeted()
    assert call.words == [GREETING]


def test_jh12_jh4_a_trainee_on_a_holiday() -> None:
    call = gas(at=noon("2026-10-01"), trainee=True).greeted()
    assert call.words == [HOLIDAY, "您好,实习话务员为您服务。"]


def test_jh12_jh5_an_overflow_on_a_holiday_is_greeted_shortly_all_the_same() -> None:
    assert gas(at=noon("2026-10-01"), overflow=True).greeted().words == ["您好,请讲"]


@pytest.fixture
def own_calendar(tmp_path: Path) -> Path:
    """A site's own dialplan over the Jihua one: the year's table is overridden."""
    (tmp_path / "dialplan.toml").write_text(
        """\
base = "jihua-gas"

[holidays.founding_day]                 # the company's own, only on the days below
greeting = "司庆好,很高兴为您服务"

[calendar]
2026-02-16 = "spring_festival"          # a bridging day
2026-10-03 = "workday"
2026-08-08 = "founding_day"
""",
        encoding="utf-8",
    )
    return tmp_path


def test_jh12_a_bridging_day_is_greeted_as_its_holiday(own_calendar: Path) -> None:
    assert ring_up(own_calendar, at=noon("2026-02-16")).greeted().words == [SPRING, GREETING]
    assert ring_up(own_calendar, at=noon("2026-02-17")).greeted().words == [SPRING, GREETING]


def test_jh12_a_holiday_that_is_worked_on_is_greeted_as_ever(own_calendar: Path) -> None:
    assert ring_up(own_calendar, at=noon("2026-10-02")).greeted().words == [HOLIDAY, GREETING]
    assert ring_up(own_calendar, at=noon("2026-10-03")).greeted().words == [GREETING]


def test_jh12_a_companys_own_holiday_has_its_own_words_in_its_year_alone(own_calendar: Path) -> None:
    words = ["司庆好,很高兴为您服务", GREETING]
    assert ring_up(own_calendar, at=noon("2026-08-08")).greeted().words == words
    assert ring_up(own_calendar, at=noon("2027-08-08")).greeted().words == [GREETING]
