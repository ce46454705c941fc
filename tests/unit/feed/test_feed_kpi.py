"""Today's figures, from facts and from the records."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.call import facts
from gateway.call.facts import ReleasedBy
from gateway.feed.kpi import Kpi
from tests.service.told import MORNING, Told, called_back, given_up, noisy, not_reached, silent, talker

pytestmark = pytest.mark.unit


def figures(*calls: Told) -> Kpi:
    kpi = Kpi(MORNING.date())
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
    assert kpi.turn_to(MORNING.date() + timedelta(days=1))
    assert not kpi.turn_to(MORNING.date())
    assert kpi.fields()["offered"] == 0


@dataclass
class OnRecord:
    offered_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    rings: int
    released_by: str | None
    direction: str = "in"


def on_record(told: Told) -> OnRecord:
    """The same call as the records would hold it."""
    answers = [n.at for n in told.notices if type(n.fact).__name__ == "CallAnswered"]
    rings = [n.fact.rings for n in told.notices if hasattr(n.fact, "rings")]
    by = told.notices[-1].fact.by.value  # type: ignore[union-attr]
    direction = "out" if any(isinstance(n.fact, facts.Dialled) for n in told.notices) else "in"
    return OnRecord(
        told.notices[0].at, answers[0] if answers else None, told.at, rings[-1] if rings else 0, by, direction
    )


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
    seeded = Kpi(MORNING.date())
    seeded.seed(on_record(told) for told in calls[:split])
    for told in calls[split:]:
        for notice in told.notices:
            seeded.receive(notice)
    assert seeded.fields() == figures(*calls).fields()
