"""The day decides on the words: holidays, weekends, calls that cross midnight, clocks that are changed."""

import pytest

from gateway.call.facts import Released
from gateway.walk import LineKind, walk
from gateway.walk.script import Script
from tests.unit.walk.walks import happened, moment, plan_of, walked

pytestmark = pytest.mark.unit


def test_jh12_spring_festival_is_greeted_first() -> None:
    call = walked("jihua-gas", at="2026-02-17 10:00:00")
    assert [prompt.key for prompt in call.said][:2] == ["holiday-greeting-spring-festival", "greeting"]
    assert call.said[0].text == "春节好,很高兴为您服务"


def test_jh12_two_holidays_on_one_day_are_greeted_once() -> None:
    call = walked("jihua-gas", at="2020-10-01 10:00:00")
    assert [prompt.key for prompt in call.said][:2] == ["holiday-greeting", "greeting"]


@pytest.mark.parametrize(
    ("day", "farewell"),
    [("2026-11-18", "farewell"), ("2026-11-21", "farewell-weekend"), ("2026-02-17", "farewell-holiday")],
)
def test_wd5_the_farewell_of_the_day(day: str, farewell: str) -> None:
    assert walked("runfa-water", at=f"{day} 10:00:00").said[-1].key == farewell


def test_jh12_who_is_answered_after_midnight_is_greeted_for_the_new_day() -> None:
    late, later = "2026-02-16 23:59:54", "2026-02-16 23:59:55"
    assert walked("jihua-gas", at=late).said[0].key == "greeting"
    assert walked("jihua-gas", at=later).said[0].key == "holiday-greeting-spring-festival"


def test_wd5_a_call_from_friday_into_saturday_ends_with_the_weekends_farewell() -> None:
    call = walked("runfa-water", at="2026-11-20 23:59:50")
    assert call.said[-1].key == "farewell-weekend"
    assert [f"{moment.notice.at:%Y-%m-%d}" for moment in call.moments][-1] == "2026-11-21"


def test_jh4_jh5_trainee_and_overflow() -> None:
    assert walked("jihua-gas", trainee=True).said[0].key == "trainee-greeting"
    assert walked("jihua-gas", overflow=True).said[0].key == "overflow-greeting"
    assert walked("service-desk", trainee=True, overflow=True).said[0].key == "greeting"


def test_the_sites_own_ring() -> None:
    call = walk(plan_of("jihua-gas", on_ring=3), Script.of(LineKind.TALKING), moment("2026-11-18 10:00:00"))
    assert call.record.rings == 3
    assert call.begun()[0][0] == pytest.approx(10.04)
    assert call.broken == ()


def test_the_time_of_day_goes_on_when_clocks_are_put_back() -> None:
    at = moment("2026-10-25 02:59:50", "Europe/Berlin")
    call = walk(plan_of("jihua-gas"), Script.of(LineKind.SILENT), at)
    ((seconds, _),) = happened(call, Released)
    last = call.moments[-1].notice.at
    assert f"{last:%H:%M:%S %z}" == "02:00:39 +0100"
    assert last.timestamp() - at.timestamp() == pytest.approx(seconds)
