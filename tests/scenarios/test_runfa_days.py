"""The 96018 water delivery hotline on holidays and at weekends, and over midnight (WD-4, WD-5)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.scenarios.hotlines import SHANGHAI, ring_up, water

pytestmark = pytest.mark.unit

GREETING = "您好!801号为您服务"
FAREWELL = "感谢您来电,祝您工作顺利,再见"
HOLIDAY_FAREWELL = "感谢您来电,祝您节日快乐,再见"
WEEKEND_FAREWELL = "感谢您来电,祝您周末愉快,再见"


def at(moment: str) -> datetime:
    """A moment in Shanghai."""
    return datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "greeting"),
    [
        ("2026-01-01", "元旦快乐"),
        ("2026-02-17", "春节好"),
        ("2026-02-19", "春节好"),
        ("2026-05-01", "劳动节好"),
        ("2026-06-19", "端午节好"),
        ("2026-10-01", "国庆好"),
        ("2026-10-03", "国庆好"),
        ("2026-09-25", "节日好"),  # 中秋节 has no words of its own
        ("2020-10-01", "节日好"),  # 中秋节 and 国庆节
    ],
)
def test_wd4_a_holiday_has_its_own_greeting(day: str, greeting: str) -> None:
    assert water(at=at(f"{day} 09:00")).greeted().told == [(0.0, greeting), (0.0, GREETING)]


@pytest.mark.parametrize(("mid_autumn", "greeting"), [("中秋节好", "节日好"), ("国庆好", "国庆好")])
def test_wd4_two_holidays_with_words_of_their_own_are_greeted_once(
    tmp_path: Path, mid_autumn: str, greeting: str
) -> None:
    text = f'base = "runfa-water"\n[holidays.mid_autumn]\ngreeting = "{mid_autumn}"\n'
    (tmp_path / "dialplan.toml").write_text(text, encoding="utf-8")
    assert ring_up(tmp_path, at=at("2020-10-01 09:00")).greeted().words == [greeting, GREETING]
    assert ring_up(tmp_path, at=at("2026-09-25 09:00")).greeted().words == [mid_autumn, GREETING]


def test_wd4_the_sites_own_clock_decides_what_day_it_is() -> None:
    call = water(at=datetime(2026, 2, 16, 16, 30, tzinfo=UTC)).greeted()
    assert call.words == ["春节好", GREETING]


def test_wd4_a_call_that_rings_in_the_holiday_is_greeted_in_it() -> None:
    for offered, words in (("23:59:57", [GREETING]), ("23:59:58", ["元旦快乐", GREETING])):
        call = water(at=at(f"2025-12-31 {offered}"))
        call.rings(1)
        call.passes(10)
        assert call.answered is not None
        assert call.answered.waited == pytest.approx(2.6)
        assert call.words == words


@pytest.mark.parametrize(
    ("day", "farewell"),
    [
        ("2026-03-13", FAREWELL),
        ("2026-03-14", WEEKEND_FAREWELL),
        ("2026-03-15", WEEKEND_FAREWELL),
        ("2026-03-16", FAREWELL),
        ("2026-10-01", HOLIDAY_FAREWELL),
        ("2026-10-03", HOLIDAY_FAREWELL),  # a holiday on a Saturday
        ("2026-02-17", HOLIDAY_FAREWELL),
        ("2020-10-01", HOLIDAY_FAREWELL),
    ],
)
def test_wd5_holidays_and_weekends_have_a_farewell_of_their_own(day: str, farewell: str) -> None:
    call = water(at=at(f"{day} 09:00")).greeted()
    call.customer_speaks(5)
    call.passes(60)
    assert call.words[-1] == farewell


def test_wd5_a_call_from_friday_into_saturday_ends_with_the_weekend() -> None:
    call = water(at=at("2026-03-13 23:59:30")).greeted()
    call.customer_speaks(15)
    call.passes(60)
    assert call.words[-1] == WEEKEND_FAREWELL
    call = water(at=at("2026-03-13 23:59:00")).greeted()
    call.customer_speaks(15)
    call.passes(60)
    assert call.words[-1] == FAREWELL


def test_wd5_a_weekend_that_is_worked_on_and_a_bridging_day(tmp_path: Path) -> None:
    text = 'base = "runfa-water"\n[calendar]\n2026-10-10 = "workday"\n2026-02-16 = "weekend"\n'
    (tmp_path / "dialplan.toml").write_text(text, encoding="utf-8")
    ends = []
    for day in ("2026-10-10", "2026-10-11", "2026-02-16"):
        call = ring_up(tmp_path, at=at(f"{day} 09:00")).greeted()
        call.customer_speaks(5)
        call.passes(60)
        ends.append(call.words[-1])
    assert ends == [FAREWELL, WEEKEND_FAREWELL, WEEKEND_FAREWELL]
