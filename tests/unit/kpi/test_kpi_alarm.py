"""The alarm of the answer rate (JH-21), and the feed that carries it."""

from datetime import datetime, timedelta

import pytest

from gateway.call.facts import ReleasedBy
from gateway.feed.kpi import Kpi
from gateway.kpi.alarm import Alarm, Alert, Goal
from gateway.kpi.outcomes import Outcomes
from tests.service.told import MORNING, Told, called_back, given_up, not_reached, record_of, talker

pytestmark = pytest.mark.unit

HOUR = timedelta(hours=1)


def outcomes(answered: int, abandoned: int) -> Outcomes:
    counted = Outcomes()
    counted.answered, counted.abandoned = answered, abandoned
    return counted


@pytest.mark.parametrize(
    ("answered", "abandoned", "missed"),
    [(0, 0, False), (1, 0, False), (0, 1, True), (49, 1, False), (48, 1, True), (98, 2, False), (147, 3, False)],
)
def test_the_goal_is_missed_below_98_in_100(answered: int, abandoned: int, missed: bool) -> None:
    assert Goal().missed(outcomes(answered, abandoned)) is missed


def test_a_goal_that_is_met_exactly_is_met_whatever_floating_point_makes_of_it() -> None:
    assert 0.55 * 100 > 55
    assert not Goal(0.55).missed(outcomes(55, 45))


def test_it_does_not_ring_before_there_are_calls_enough() -> None:
    goal = Goal(0.98, from_calls=10)
    assert not goal.missed(outcomes(0, 9))
    assert goal.missed(outcomes(0, 10))
    assert not Goal(0.98, from_calls=0).missed(outcomes(0, 0)), "nobody called"


def test_it_is_told_when_it_begins_and_when_it_ends_and_not_in_between() -> None:
    alarm = Alarm("answer_rate_day", "today", Goal())
    assert alarm.judge(outcomes(3, 0)) is None
    words = "answer rate today: 3 of 4 calls answered, 75.00%, goal 98% (JH-21)"
    assert alarm.judge(outcomes(3, 1)) == Alert("answer_rate_day", words, True)
    assert alarm.judge(outcomes(3, 2)) is None
    over = alarm.judge(outcomes(200, 2))
    assert over is not None
    assert (over.raised, over.words) == (
        False,
        "answer rate today: 200 of 202 calls answered, 99.01%, goal 98% (JH-21)",
    )


def test_what_is_told_of_a_missed_goal_is_not_that_it_is_met() -> None:
    told = Alarm("answer_rate_day", "today", Goal(0.985)).judge(outcomes(98_496, 1_504))
    assert told is not None
    assert told.words == "answer rate today: 98496 of 100000 calls answered, 98.49%, goal 98.5% (JH-21)"


def rung(kpi: Kpi, *calls: Told) -> list[tuple[str, bool]]:
    """What is told of the alarms while these calls come, asked after each fact as the feed does."""
    heard = []
    for told in calls:
        for notice in told.notices:
            kpi.receive(notice)
            heard += [(alert.code, alert.raised) for alert in kpi.alerts()]
    return heard


BOTH = [("answer_rate_day", True), ("answer_rate_hour", True)]


def turned(kpi: Kpi, now: datetime) -> list[tuple[str, bool]]:
    kpi.turn_to(now)
    return [(alert.code, alert.raised) for alert in kpi.alerts()]


def test_a_call_given_up_rings_for_the_day_and_the_hour() -> None:
    kpi = Kpi(MORNING)
    assert rung(kpi, talker(call="a")) == []
    assert rung(kpi, given_up(call="b")) == BOTH
    assert rung(kpi, given_up(call="c"), talker(call="d")) == [], "it rings already"


def test_it_stops_when_the_goal_is_met_again() -> None:
    kpi = Kpi(MORNING)
    rung(kpi, given_up(call="x"))
    told = rung(kpi, *(talker(call=str(number)) for number in range(49)))
    assert told == [("answer_rate_day", False), ("answer_rate_hour", False)], "49 of 50 are 98 %"


def test_the_hours_stops_when_its_calls_are_an_hour_old_and_the_days_goes_on_until_midnight() -> None:
    kpi = Kpi(MORNING)
    rung(kpi, given_up())
    assert turned(kpi, MORNING + HOUR - timedelta(seconds=1)) == []
    assert turned(kpi, MORNING + HOUR) == [("answer_rate_hour", False)]
    assert turned(kpi, MORNING.replace(hour=23, minute=59)) == []
    assert turned(kpi, MORNING + timedelta(hours=15)) == [("answer_rate_day", False)]


def test_a_restart_rings_on() -> None:
    kpi = Kpi(MORNING)
    kpi.seed([record_of(given_up())])
    assert [(alert.code, alert.raised) for alert in kpi.alerts()] == BOTH


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1), timedelta(days=4000)])
def test_a_clock_set_back_does_not_ring_for_ever(back: timedelta) -> None:
    kpi = Kpi(MORNING)
    rung(kpi, given_up(call="a"))
    now = MORNING - back
    heard = turned(kpi, now)
    assert ("answer_rate_hour", False) in heard, "that call was not in this hour"
    for _ in range(26):
        now += HOUR
        heard += turned(kpi, now)
    assert ("answer_rate_day", False) in heard
    assert rung(kpi, talker(call="b", at=now)) == []


def test_a_clock_set_forward_stops_and_does_not_ring_of_the_past() -> None:
    kpi = Kpi(MORNING)
    rung(kpi, given_up(call="a"))
    assert turned(kpi, MORNING + timedelta(days=4000)) == [(code, False) for code, _ in BOTH]
    assert turned(kpi, MORNING + timedelta(minutes=1)) == [("answer_rate_day", True)], "the day is as it was"


def test_a_call_up_while_the_clock_is_set_back_ends_well() -> None:
    kpi = Kpi(MORNING)
    told = Told().rings(2)
    early = [*told.notices]
    told.at -= HOUR
    told.answered().hung_up()
    late = Told(call="b", at=MORNING - HOUR).rings(1).released(ReleasedBy.FAULT, "worker died")
    assert rung(kpi, told) == []
    assert rung(kpi, late) == BOTH
    assert kpi.fields()["answered"] == 1
    assert early[0].at > told.at


def test_calls_of_ours_ring_no_alarm() -> None:
    assert rung(Kpi(MORNING), called_back(call="a"), not_reached(call="b")) == []
