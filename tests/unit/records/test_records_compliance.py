"""Judging: each clause kept, broken, or not applying."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.line import HangUpSign
from gateway.call.facts import CutReason, ReleasedBy
from gateway.records.compliance import judge
from gateway.records.folding import fold
from gateway.records.record import CallRecord
from gateway.records.rules import JIHUA, LadderRule
from tests.service.told import TEXTS, Told, given_up, noisy, silent, talker

pytestmark = pytest.mark.unit


def recorded(told: Told) -> CallRecord:
    record = None
    for notice in told.notices:
        record = fold(record, notice)
    assert record is not None
    return record


def judged(told: Told) -> dict[str, bool]:
    return {judgement.clause: judgement.kept for judgement in judge(recorded(told), JIHUA)}


def evidence(told: Told, clause: str) -> str:
    return next(j.evidence for j in judge(recorded(told), JIHUA) if j.clause == clause)


def greeted(rings: int = 2) -> Told:
    return Told().rings(rings).answered(rings).says("greeting")


def test_a_served_call_keeps_every_clause_it_meets() -> None:
    assert judged(talker()) == {"JH-1": True, "JH-3": True, "JH-10": True, "JH-11": True, "JH-2": True}
    assert evidence(talker(), "JH-2") == "released by customer (bye)"
    assert evidence(talker(), "JH-1") == "answered after ring 2 of 3, 5.2 s after the offer"


def test_a_silent_call_climbs_its_ladder() -> None:
    assert judged(silent()) == {"JH-1": True, "JH-3": True, "JH-6": True, "JH-2": True}
    assert evidence(silent(), "JH-2") == "released by standard, as JH-6 orders"


def test_a_noisy_call_is_given_its_three_seconds() -> None:
    assert judged(noisy(3.0))["JH-7"] is True
    assert judged(noisy(2.0))["JH-7"] is False
    assert "released 2.0 s after, 3 s asked" in evidence(noisy(2.0), "JH-7")


def test_giving_up_before_the_limit_breaks_nothing() -> None:
    assert judged(given_up()) == {}


def test_ringing_past_the_limit_breaks_the_first_clause() -> None:
    assert judged(greeted(4).hung_up()) == {"JH-1": False, "JH-3": True, "JH-2": True}
    assert judged(Told().rings(4).hung_up(HangUpSign.RING_STOPPED)) == {"JH-1": False}


@pytest.mark.parametrize("by", [ReleasedBy.GUARD, ReleasedBy.FAULT, ReleasedBy.SHUTDOWN])
def test_hanging_up_first_breaks_the_second_clause(by: ReleasedBy) -> None:
    assert judged(greeted().says("farewell").released(by, "JH-2"))["JH-2"] is False


def test_a_customer_who_leaves_during_the_greeting_breaks_nothing() -> None:
    told = Told().rings(2).answered().says("greeting", cut=CutReason.FAR_END_HUNG_UP).hung_up()
    assert judged(told) == {"JH-1": True, "JH-2": True}


def test_a_greeting_cut_by_the_line_is_broken() -> None:
    told = Told().rings(2).answered().says("greeting", cut=CutReason.LINE).hung_up()
    assert judged(told)["JH-3"] is False


def test_no_greeting_at_all_is_broken() -> None:
    assert judged(Told().rings(2).answered().says("silent-1").hung_up())["JH-3"] is False


def test_another_greeting_is_judged_by_its_own_clause() -> None:
    record = recorded(greeted().hung_up())
    trainee = replace(record, prompts=(replace(record.prompts[0], prompt="trainee_greeting", clause="JH-4"),))
    assert {j.clause for j in judge(trainee, JIHUA)} == {"JH-1", "JH-4", "JH-2"}


@pytest.mark.parametrize(
    ("steps", "kept"),
    [
        (("silent-1", "silent-2", "silent-final"), True),
        (("silent-1", "silent-1", "silent-2", "silent-final"), True),
        (("silent-2", "silent-final"), False),
        (("silent-1", "silent-final"), False),
        (("silent-1", "silent-2"), False),
        ((), False),
    ],
    ids=["whole", "begun anew", "first missing", "second missing", "final missing", "none"],
)
def test_the_ladder_is_climbed_step_by_step(steps: tuple[str, ...], kept: bool) -> None:
    assert judged(greeted().says(*steps).released(ReleasedBy.STANDARD, "JH-6", 0.5))["JH-6"] is kept


def test_a_ladder_left_by_a_customer_who_speaks_is_kept() -> None:
    told = (
        greeted().says("silent-1").says("silent-2", cut=CutReason.BARGE_IN).says("further", "farewell").hung_up()
    )
    assert judged(told)["JH-6"] is True


def test_two_ladders_are_judged_apart() -> None:
    told = greeted().says("silent-1", "noisy-1", "silent-2", "silent-final")
    assert judged(told.released(ReleasedBy.STANDARD, "JH-6", 0.5)) == {
        "JH-1": True,
        "JH-3": True,
        "JH-6": True,
        "JH-7": True,
        "JH-2": True,
    }


@pytest.mark.parametrize("told", [talker(), silent(), noisy(3.0), noisy(2.0), given_up()], ids=str)
def test_a_record_from_before_parts_were_noted_is_judged_by_its_keys(told: Told) -> None:
    record = recorded(told)
    before = replace(record, prompts=tuple(replace(prompt, part=None) for prompt in record.prompts))
    assert judge(before, JIHUA) == judge(record, JIHUA)


def test_the_part_goes_before_the_key() -> None:
    record = recorded(greeted().says("further", "farewell").hung_up())
    renamed = replace(record, prompts=tuple(replace(p, prompt=f"{p.prompt}-weekend") for p in record.prompts))
    assert {j.clause for j in judge(renamed, JIHUA) if j.step == "closing"} == {"JH-10", "JH-11"}


def test_of_two_ladders_with_one_clause_the_one_climbed_last_orders_the_release() -> None:
    silence, noise = JIHUA.ladders
    rules = replace(JIHUA, ladders=(silence, replace(noise, clause="JH-6")))
    told = greeted().says("noisy-1", "silent-1", "silent-2", "silent-final")
    record = recorded(told.released(ReleasedBy.STANDARD, "JH-6", 0.5))
    record = replace(record, prompts=tuple(replace(prompt, clause="JH-6") for prompt in record.prompts[1:]))
    (ladder,) = (judgement for judgement in judge(record, rules) if judgement.step == "ladder")
    assert ladder.kept
    assert "released 0.5 s after" in ladder.evidence


def test_rules_of_another_standard() -> None:
    water = replace(
        JIHUA,
        answer_clause="WD-1",
        ring_limit=2,
        hang_up_clause="WD-2",
        ladders=(LadderRule("WD-8", ("silent-1",), "silent-final", 0.0),),
    )
    kept = {judgement.clause: judgement.kept for judgement in judge(recorded(greeted(3).hung_up()), water)}
    assert kept == {"WD-1": False, "JH-3": True, "WD-2": True}


@settings(deadline=None)
@given(
    st.integers(1, 6),
    st.lists(st.tuples(st.sampled_from(sorted(TEXTS)), st.none() | st.sampled_from(CutReason)), max_size=8),
    st.sampled_from(ReleasedBy),
    st.sampled_from(["JH-6", "JH-7", "bye"]),
)
def test_any_ended_call_is_judged_each_clause_once(
    rings: int, says: list[tuple[str, CutReason | None]], by: ReleasedBy, cause: str
) -> None:
    told = Told().rings(rings).answered(rings)
    for key, cut in says:
        told.says(key, cut=cut)
    judgements = judge(recorded(told.released(by, cause)), JIHUA)
    clauses = [judgement.clause for judgement in judgements]
    assert len(set(clauses)) == len(clauses)
    assert {"JH-1", "JH-2"} <= set(clauses)
    assert all(judgement.evidence for judgement in judgements)
