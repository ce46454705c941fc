"""Clauses that a call gave no occasion to judge: each with the reason, in plain words and figures."""

from dataclasses import replace

import pytest

from drivers.line import Verdict
from gateway.call.facts import ReleasedBy
from gateway.kpi.call import Direction
from gateway.records.compliance import judged
from gateway.records.folding import closed, fold
from gateway.records.noted import AgentNoted, WaitNoted
from gateway.records.record import CallRecord
from tests.service.told import Told, given_up, talker
from tests.unit.records.standards import SHIPPED, greeted, recorded, rules

pytestmark = pytest.mark.unit


def reasons(record: CallRecord, name: str) -> dict[str, str]:
    """Why each clause of the standard that was not judged is not applicable."""
    whole = judged(record, rules(name))
    assert whole.not_applicable is not None
    found = {one.clause: one.evidence for one in whole.not_applicable}
    assert {judgement.clause for judgement in whole.compliance} | found.keys() == rules(name).clauses
    return found


def told(story: Told) -> CallRecord:
    record = None
    for notice in story.notices:
        record = fold(record, notice)
    assert record is not None
    return record


@pytest.mark.parametrize("name", SHIPPED)
def test_who_hung_up_while_ringing_gave_no_occasion_for_anything(name: str) -> None:
    found = reasons(told(given_up()), name)
    assert found.keys() == rules(name).clauses
    assert set(found.values()) == {"rang 1 time, hung up before the answer"}


def test_a_clause_is_judged_or_named_with_its_reason() -> None:
    call = greeted("jihua-gas")
    call.talks()
    call.passes(3.0)
    call.hangs_up()
    assert reasons(recorded(call), "jihua-gas") == {
        "JH-4": "greeted with greeting, not with trainee-greeting",
        "JH-5": "greeted with greeting, not with overflow-greeting",
        "JH-12": "greeted with greeting, not with a holiday greeting",
        "JH-6": "heard silent once, first 9.0 s after the answer; no words were due",
        "JH-7": "the customer was never noisy or faint",
        "JH-8": "nobody waited",
        "JH-9": "nobody waited; no agent asked for sorry-for-waiting",
        "JH-19": "nobody waited in vain",
        "JH-10": "no agent asked for farewell-enquiry or farewell-thanks; further was not begun: "
        "the customer hung up (bye) 12.0 s after the answer",
        "JH-13": "no agent asked for nuisance",
        "JH-14": "no agent asked for foul-language or dialect or not-heard",
        "JH-18": "no agent asked for number-only",
        "JH-11": "farewell was not begun: the customer hung up (bye) 12.0 s after the answer",
        "WD-13": "no agent is responsible for him",
    }


def test_what_was_never_heard_of_a_voice() -> None:
    call = greeted("runfa-water")
    call.customer_is(Verdict.FAINT)
    call.passes(20.0)
    call.hangs_up()
    found = reasons(recorded(call), "runfa-water")
    assert found["WD-8"] == "the customer was never silent"
    assert found["JH-7"] == "the customer was never noisy"
    assert "WD-6" not in found


def test_a_request_of_another_kind_is_not_asked_for() -> None:
    call = greeted("tietong-keyaccount")
    call.passes(1.5)
    call.dials("1")
    call.passes(2.0)
    call.hangs_up()
    found = reasons(recorded(call), "tietong-keyaccount")
    assert found["TT-2"].startswith(
        "enquiry asks for none of text-listening; enquiry asks for none of text-apology"
    )


def test_words_that_were_begun_are_told_as_such() -> None:
    call = greeted("jihua-gas")
    call.talks()
    call.passes(3.5)
    call.hangs_up()
    found = reasons(recorded(call), "jihua-gas")
    assert "further was begun, cut after 0.5 s (far_end_hung_up)" in found["JH-10"]


def test_a_wait_that_owed_no_thanks() -> None:
    story = Told().rings(2).answered()
    record = told(story)
    at = record.answered_at
    assert at is not None
    waited = replace(record, waits=(WaitNoted(at, at, 12.0), WaitNoted(at, at, 3.0, chosen=True)))
    found = reasons(closed(waited, at, ReleasedBy.CUSTOMER, "bye"), "jihua-gas")
    assert "waited 12.0 s, thanks are due from 30 s" in found["JH-9"]
    assert "waited 3.0 s until he chose something else by key" in found["JH-9"]


def test_a_call_of_ours_greets_nobody() -> None:
    record = replace(told(talker()), direction=Direction.OUT, ticket=12)
    found = reasons(record, "jihua-gas")
    assert found["JH-3"] == found["JH-1"] == "a call of ours, in which the agent speaks for himself"
    assert "JH-2" not in found
    unreached = closed(told(Told().rings(1)), record.offered_at, ReleasedBy.UNREACHED, "busy")
    found = reasons(replace(unreached, direction=Direction.OUT), "jihua-gas")
    assert set(found.values()) == {"called back, not reached (busy) before the customer answered"}


def test_an_agent_who_stayed_leaves_nothing_to_ask() -> None:
    record = told(talker())
    there = (AgentNoted("802", connected_at=record.answered_at),)
    found = reasons(replace(record, agents=there, prompts=()), "jihua-gas")
    assert "no agent left: the customer hung up (bye)" in found["JH-10"]
