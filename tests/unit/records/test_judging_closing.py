"""Voices corrected, phrases, farewells and hang-up (WD-2, WD-5 to WD-8, JH-2, JH-10 to JH-14, TT-3)."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce

import pytest

from drivers.line import Verdict
from gateway.call import facts
from gateway.call.facts import ReleasedBy
from gateway.call.prompt import Part
from gateway.call.requests import SayPhrase
from gateway.records.folding import fold
from gateway.records.record import CallRecord
from gateway.records.rules import JIHUA
from tests.service.told import ZONE, Told
from tests.unit.records.standards import SHIPPED, broken, changed, cut, greeted, judged, recorded, rules, without

pytestmark = pytest.mark.unit

WD2, WD5, WD8 = ("WD-2", "release"), ("WD-5", "closing"), ("WD-8", "ladder")


def served(name: str, *, hangs_up: bool = True, **who: object) -> CallRecord:
    call = greeted(name, **who)
    call.talks()
    call.passes(12.0)
    if hangs_up:
        call.hangs_up()
    call.passes(100.0)
    return recorded(call)


def silent(name: str) -> CallRecord:
    call = greeted(name)
    call.customer_is(Verdict.SILENT)
    call.passes(60.0)
    return recorded(call)


def sooner(record: CallRecord, seconds: float) -> CallRecord:
    """The record of a call that was released so much sooner."""
    assert record.ended_at is not None
    return replace(record, ended_at=record.ended_at - timedelta(seconds=seconds))


# -- the release -----------------------------------------------------------------------------------------------


def test_water_hangs_up_after_its_farewell_was_said_to_the_end() -> None:
    record = served("runfa-water", hangs_up=False)
    assert (record.released_by, record.cause) == (ReleasedBy.STANDARD, "WD-2")
    assert (
        judged(record)[WD2].evidence
        == "released 3.0 s after 「感谢您来电,祝您工作顺利,再见」 was said to its end, 3 s asked"
    )
    assert not broken(record)
    assert broken(sooner(record, 0.5)).keys() == {WD2}
    assert broken(cut(record, "farewell", "barge_in")).keys() == {WD2}
    assert WD2 in broken(cut(record, "farewell"))
    before = "before the farewell was said"
    assert broken(without(record, "farewell"))[WD2] == f"released by standard 9.0 s after further, {before}"
    unsaid = replace(record, prompts=record.prompts[:1])
    assert broken(unsaid)[WD2] == f"released by standard 17.1 s after greeting, {before}"


def test_who_hangs_up_first_keeps_every_standard() -> None:
    for name in ("jihua-gas", "runfa-water", "service-desk"):
        record = served(name)
        assert record.released_by == ReleasedBy.CUSTOMER
        assert judged(record)[rules(name).hang_up_clause, "release"].kept


@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "runfa-water"])
def test_a_standard_that_waits_for_the_customer_orders_no_release(name: str) -> None:
    clause = rules(name).hang_up_clause
    record = replace(served(name), released_by=ReleasedBy.STANDARD.value, cause=clause)
    assert broken(record)[clause, "release"] == f"released by {clause}, which orders no release"


@pytest.mark.parametrize("by", [ReleasedBy.GUARD, ReleasedBy.FAULT, ReleasedBy.SHUTDOWN])
def test_nobody_else_may_hang_up_first(by: ReleasedBy) -> None:
    assert broken(replace(served("tietong-keyaccount"), released_by=by.value)).keys() == {("TT-3", "release")}
    assert broken(replace(served("runfa-water"), released_by=by.value)).keys() == {WD2}


def test_a_clause_that_the_standard_does_not_have_orders_nothing() -> None:
    record = replace(served("jihua-gas"), released_by="standard", cause="WD-2")
    assert broken(record, JIHUA).keys() == {("JH-2", "release")}


def test_a_ladder_releases_by_its_own_clause() -> None:
    record = silent("runfa-water")
    assert judged(record)[WD8].evidence.startswith(
        "silent-1, silent-2, silent-final in order, released 0.0 s after"
    )
    assert judged(record)[WD2].evidence == "released by standard, as WD-8 orders"
    assert not broken(record)
    assert broken(without(record, "silent-2")).keys() == {WD8}
    assert broken(cut(record, "silent-final")).keys() == {WD8}


# -- the farewell ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "key"),
    [
        (datetime(2026, 2, 25, 9, 30, tzinfo=ZONE), "farewell"),
        (datetime(2026, 2, 28, 9, 30, tzinfo=ZONE), "farewell-weekend"),
        (datetime(2026, 2, 17, 9, 30, tzinfo=ZONE), "farewell-holiday"),
    ],
)
def test_the_farewell_of_any_day_is_a_farewell(at: datetime, key: str) -> None:
    record = served("runfa-water", hangs_up=False, at=at)
    assert [prompt.prompt for prompt in record.prompts][-2:] == ["further", key]
    assert not broken(record)
    assert judged(record)[WD5].kept
    assert broken(cut(record, key)).keys() == {WD5, WD2}
    assert broken(without(record, "further")) == {WD5: "farewell without further before it"}


def test_an_answer_into_anything_else_is_no_fault() -> None:
    record = served("jihua-gas")
    assert not broken(cut(record, "further", "barge_in"))
    assert broken(cut(record, "further")).keys() == {("JH-10", "closing")}


def test_each_farewell_needs_the_question_anew() -> None:
    record = served("jihua-gas")
    again = replace(record, prompts=(*record.prompts, record.prompts[-1]))
    assert broken(again).keys() == {("JH-10", "closing")}
    assert not broken(replace(record, prompts=(*record.prompts, *record.prompts[-2:])))


def test_a_complaint_is_not_asked_for_anything_else() -> None:
    call = greeted("tietong-keyaccount")
    call.dials("4")
    call.passes(3.0)
    call.talks()
    call.passes(30.0)
    call.hangs_up()
    record = recorded(call)
    assert "further" not in [prompt.prompt for prompt in record.prompts]
    assert judged(record)["TT-3", "closing"].kept
    assert not broken(record)
    assert broken(replace(record, kind="enquiry", kind_digit="1", alerts=())).keys() >= {("JH-10", "closing")}


# -- voices and phrases ----------------------------------------------------------------------------------------


def corrected(verdict: Verdict) -> CallRecord:
    call = greeted("runfa-water")
    call.talks()
    call.customer_is(verdict)
    call.passes(12.0)
    call.hangs_up()
    return recorded(call)


@pytest.mark.parametrize(
    ("verdict", "clause", "keys"),
    [(Verdict.FAINT, "WD-6", ["faint-1", "faint-2"]), (Verdict.LOUD, "WD-7", ["loud-1"])],
)
def test_a_voice_is_corrected_in_order_each_asking_once(verdict: Verdict, clause: str, keys: list[str]) -> None:
    record, step = corrected(verdict), (clause, "correction")
    spoken = [prompt.prompt for prompt in record.prompts if prompt.clause == clause]
    assert spoken == keys
    assert judged(record)[step].kept
    first = next(prompt for prompt in record.prompts if prompt.prompt == keys[0])
    assert "not each once" in broken(replace(record, prompts=(*record.prompts, first)))[step]
    assert f"was not found {verdict.value}" in broken(replace(record, verdicts=record.verdicts[:2]))[step]
    assert "cut after 1.0 s, line" in broken(cut(record, keys[0]))[step]
    assert not broken(cut(record, keys[0], "barge_in"))


def test_the_second_asking_before_the_first_is_broken() -> None:
    record = corrected(Verdict.FAINT)
    assert broken(without(record, "faint-1")).keys() == {("WD-6", "correction")}
    assert not broken(without(record, "faint-2"))


def test_a_phrase_is_said_to_its_end_under_its_own_clause() -> None:
    call = greeted("jihua-gas")
    call.talks()
    call.asks_for(SayPhrase("foul_language"))
    call.passes(2.0)
    call.hangs_up()
    record = recorded(call)
    assert judged(record)["JH-14", "phrase"].kept
    assert broken(cut(record, "phrase-foul-language")).keys() == {("JH-14", "phrase")}
    assert not broken(changed(record, "phrase-foul-language", complete=False, cut="far_end_hung_up"))


def test_a_silent_customer_is_not_left_in_silence() -> None:
    call = greeted("jihua-gas")
    call.passes(60.0)
    call.hangs_up()
    record = recorded(call)
    assert not broken(record), "the ladder was climbed"
    mute = replace(record, prompts=tuple(p for p in record.prompts if p.part != Part.LADDER))
    assert "nothing was said or heard for " in broken(mute)["JH-6", "ladder"]


def test_silence_that_an_agent_fills_is_none() -> None:
    told = Told().rings(2).answered().says("greeting").hears(Verdict.SILENT, -70.0)
    told.tell(facts.AgentConnected("801")).tell(facts.AgentLeft("801", "hung_up"), after=60.0)
    record = reduce(fold, told.hung_up().notices, None)
    assert record is not None
    assert ("JH-6", "ladder") not in broken(record)
