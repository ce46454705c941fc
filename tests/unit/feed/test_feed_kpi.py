"""Today's figures, from facts and from the records."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.line import Verdict
from gateway.call.facts import Notice, ReleasedBy
from gateway.feed.kpi import Kpi
from gateway.kpi import CallFigures, Tally
from gateway.kpi.alarm import Goal
from tests.examples import examples
from tests.service.told import MORNING, Told, called_back, given_up, noisy, not_reached, record_of, silent, talker

pytestmark = pytest.mark.unit


HOUR = timedelta(hours=1)


def figures(*calls: Told) -> Kpi:
    kpi = Kpi(MORNING)
    for told in calls:
        for notice in told.notices:
            kpi.receive(notice)
    return kpi


def test_an_empty_day_has_no_rates() -> None:
    assert figures().fields() == {
        "date": "2026-02-18",
        "offered": 0,
        "answered": 0,
        "abandoned": 0,
        "failed": 0,
        "answer_rate": None,
        "within_rings_rate": None,
        "customer_first_rate": None,
        "released_by": {"customer": 0, "standard": 0, "guard": 0, "handset": 0, "fault": 0, "shutdown": 0},
        "last_hour": {"offered": 0, "answered": 0, "abandoned": 0, "failed": 0, "answer_rate": None},
        "by_hour": [],
        "answer_rate_goal": 0.98,
    }


def test_a_morning() -> None:
    guarded = Told(call="e").rings(2).answered().says("greeting").released(ReleasedBy.GUARD, "JH-2")
    late = Told(call="f").rings(5).answered(5).says("greeting").hung_up()
    calls = (talker(call="a"), silent(call="b"), given_up(call="c"), noisy(call="d"), guarded, late)
    fields = figures(*calls).fields()
    assert (fields["offered"], fields["answered"], fields["abandoned"]) == (6, 5, 1)
    assert fields["answer_rate"] == round(5 / 6, 4)
    assert fields["within_rings_rate"] == 0.8, "one of five was answered after the fifth ring"
    assert fields["customer_first_rate"] == round(2 / 3, 4), "releases that a clause orders are left out"
    assert fields["released_by"]["standard"] == 2


def test_a_call_taken_at_a_parallel_telephone_is_answered_and_nobodys_hang_up() -> None:
    ringing = Told(call="a").rings(2).released(ReleasedBy.HANDSET, "parallel telephone")
    in_call = Told(call="b").rings(2).answered().released(ReleasedBy.HANDSET, "parallel telephone")
    fields = figures(ringing, in_call, talker(call="c")).fields()
    assert (fields["offered"], fields["answered"], fields["failed"]) == (3, 3, 0)
    assert (fields["answer_rate"], fields["within_rings_rate"]) == (1.0, 1.0)
    assert (fields["customer_first_rate"], fields["released_by"]["handset"]) == (1.0, 2)


def test_a_ringing_call_is_offered_but_not_yet_judged() -> None:
    fields = figures(talker(call="a"), Told(call="b").rings(1)).fields()
    assert (fields["offered"], fields["answer_rate"]) == (2, 1.0)


def test_a_new_day_begins_at_nought_and_leaves_out_the_calls_of_the_day_before() -> None:
    night = datetime(2026, 2, 18, 23, 59, 50, tzinfo=MORNING.tzinfo)
    kpi = figures(Told(at=night).rings(2).answered().says("greeting", "further", "farewell").hung_up())
    assert kpi.fields()["date"] == "2026-02-19"
    assert kpi.fields()["offered"] == 0
    assert kpi.fields()["released_by"]["customer"] == 0


def test_a_quiet_midnight_turns_the_day() -> None:
    kpi = figures(talker())
    tomorrow = MORNING + timedelta(days=1)
    assert kpi.turn_to(tomorrow)
    assert not kpi.turn_to(tomorrow)
    assert kpi.fields()["offered"] == 0


def test_a_clock_corrected_over_midnight_turns_no_day_back() -> None:
    kpi = figures(talker())
    midnight = datetime(2026, 2, 19, tzinfo=MORNING.tzinfo)
    kpi.turn_to(midnight)
    assert not kpi.turn_to(midnight - timedelta(seconds=2))
    assert kpi.fields()["date"] == "2026-02-19"


def test_a_clock_set_wrong_and_right_again_loses_no_figures() -> None:
    kpi = figures(talker(), given_up(call="b"))
    before = kpi.fields()
    assert kpi.turn_to(MORNING + timedelta(days=400))
    assert kpi.fields()["offered"] == 0
    assert kpi.turn_to(MORNING + timedelta(minutes=5))
    after = kpi.fields()
    assert after.pop("last_hour") != before.pop("last_hour"), "that hour is over"
    assert after == before
    for day in range(10):
        kpi.turn_to(MORNING + timedelta(days=day))
    assert len(kpi._days) == 3, "nothing grows for ever"


def test_the_last_hour_has_the_calls_of_the_last_hour_alone() -> None:
    kpi = figures(talker(call="a"), given_up(call="b"))
    assert kpi.fields()["last_hour"] == {
        "offered": 2, "answered": 1, "abandoned": 1, "failed": 0, "answer_rate": 0.5
    }  # fmt: skip
    assert kpi.next_turn(MORNING + timedelta(minutes=20)) == 2400.0
    assert not kpi.turn_to(MORNING + timedelta(minutes=59)), "nothing has changed"
    assert kpi.turn_to(MORNING + HOUR)
    assert kpi.fields()["last_hour"]["offered"] == 0
    assert kpi.fields()["offered"] == 2, "the day's go on"
    assert kpi.next_turn(MORNING + HOUR) == float("inf")


def test_a_call_longer_than_an_hour_does_not_come_back_when_it_ends() -> None:
    told = Told().rings(2).answered()
    kpi = figures(told)
    kpi.turn_to(MORNING + 2 * HOUR)
    late = Notice(MORNING + 2 * HOUR, "sip1", told.call, talker().hung_up().notices[-1].fact)
    assert kpi.receive(late)
    assert kpi.fields()["last_hour"]["offered"] == 0
    assert kpi.fields()["released_by"]["customer"] == 1


def test_a_clock_set_back_an_hour_leaves_no_call_of_the_hour_before_in_the_last_hour() -> None:
    kpi = figures(given_up(call="a"))
    assert kpi.turn_to(MORNING - HOUR)
    assert kpi.fields()["last_hour"]["offered"] == 0
    for notice in talker(call="b", at=MORNING - HOUR).notices:
        kpi.receive(notice)
    assert kpi.fields()["last_hour"]["answer_rate"] == 1.0
    assert kpi.fields()["answer_rate"] == 0.5, "the day has both"


STORIES = [talker, silent, noisy, given_up, called_back, not_reached]


def test_a_call_of_ours_counts_nowhere() -> None:
    inbound = talker(call="a"), given_up(call="b")
    ours = called_back(call="c"), not_reached(call="d")
    assert figures(*inbound, *ours).fields() == figures(*inbound).fields()
    kpi = figures()
    assert not any(kpi.receive(notice) for told in ours for notice in told.notices), "nor for a moment"


def test_a_call_counts_as_offered_from_its_first_ring() -> None:
    kpi = figures()
    told = [kpi.receive(notice) for notice in Told().rings(1).notices]
    assert told == [False, True, False, False]
    assert kpi.fields()["offered"] == 1


@settings(deadline=None)
@given(st.lists(st.sampled_from(STORIES), max_size=8), st.integers(0, 8))
def test_seeding_from_the_records_equals_having_seen_the_calls(stories: list, split: int) -> None:  # type: ignore[type-arg]
    calls = [story(call=str(number)) for number, story in enumerate(stories)]
    seeded = Kpi(MORNING)
    seeded.seed(record_of(told) for told in calls[:split])
    for told in calls[split:]:
        for notice in told.notices:
            seeded.receive(notice)
    assert seeded.fields() == figures(*calls).fields()


def test_the_last_hour_goes_on_over_midnight_and_a_restart() -> None:
    night = datetime(2026, 2, 18, 23, 50, tzinfo=MORNING.tzinfo)
    kpi = Kpi(night + timedelta(minutes=20))
    kpi.seed([record_of(given_up(at=night)), record_of(talker(call="b", at=night))])
    assert kpi.fields()["offered"] == 0
    assert kpi.fields()["last_hour"]["answer_rate"] == 0.5


ENDS = (
    lambda told: told.hung_up(),
    lambda told: told.released(ReleasedBy.HANDSET, "parallel telephone"),
    lambda told: told.released(ReleasedBy.FAULT, "worker died"),
    lambda told: told.released(ReleasedBy.SHUTDOWN, "shutdown"),
)
ANSWERED_ENDS = (*ENDS, lambda told: told.released(ReleasedBy.GUARD, "JH-2"), lambda told: told)


@st.composite
def some_calls(draw: st.DrawFn) -> list[Told]:
    """Calls of an hour as they may come: with any rings, answered or not, ended in any way, or still up."""
    calls = []
    for number in range(draw(st.integers(0, 6))):
        at = MORNING + timedelta(minutes=draw(st.integers(0, 50)))
        told = Told(call=str(number), line=draw(st.sampled_from(["sip1", "fxo1"])), at=at)
        rings = draw(st.integers(1, 6))
        told.rings(rings)
        if draw(st.booleans()):
            told.answered(rings)
            for verdict in draw(st.lists(st.sampled_from(list(Verdict)), max_size=3)):
                told.hears(verdict)
            calls.append(draw(st.sampled_from(ANSWERED_ENDS))(told))
        else:
            calls.append(draw(st.sampled_from(ENDS))(told))
    return [*calls, *(story(call=f"s{story.__name__}") for story in draw(st.sets(st.sampled_from(STORIES))))]


@settings(deadline=None, max_examples=examples(25))
@given(some_calls())
def test_facts_folded_as_they_come_and_records_tallied_give_the_same_figures(calls: list[Told]) -> None:
    kpi = Kpi(MORNING)
    for notice in sorted((notice for told in calls for notice in told.notices), key=lambda notice: notice.at):
        kpi.receive(notice)
    tally = Tally()
    for told in calls:
        record = record_of(told)
        tally.add(
            CallFigures(
                record.call,
                record.line,
                record.agent,
                record.offered_at,
                record.rings,
                record.direction,
                record.answered_at,
                record.ended_at,
                record.outcome,
                record.released_by,
            )
        )
    shown, counted = kpi.fields(), tally.figures().fields()
    same = ("offered", "answered", "abandoned", "failed", "answer_rate", "within_rings_rate",
            "customer_first_rate", "released_by")  # fmt: skip
    assert {key: shown[key] for key in same} == {key: counted[key] for key in same}
    hour = shown["last_hour"]
    assert hour == {key: counted[key] for key in hour}


def test_a_rate_below_its_goal_is_not_told_as_the_goal() -> None:
    """Two of three are less than 0.6667, if by less than four decimals tell."""
    kpi = Kpi(MORNING, goal=Goal(0.6667))
    kpi.seed(record_of(told(call=call)) for call, told in (("a", talker), ("b", talker), ("c", given_up)))
    fields = kpi.fields()
    assert (fields["answer_rate"], fields["last_hour"]["answer_rate"]) == (0.6666, 0.6666)
    assert [alert.raised for alert in kpi.alerts()] == [True, True]


def test_seeded_again_each_call_of_an_earlier_run_counts_once_as_it_stands_then() -> None:
    known = record_of(given_up(call="a"))
    late = [known, record_of(talker(call="b"))]
    kpi = Kpi(MORNING)
    kpi.seed([known])
    for notice in talker(call="c").notices:
        kpi.receive(notice)
    kpi.seed(late)
    assert kpi.fields() == figures(given_up(call="a"), talker(call="b"), talker(call="c")).fields()
