"""Greetings: each under its own clause, a holiday's before the ordinary one (JH-3 to 5, JH-12, WD-4, ET-1)."""

from dataclasses import replace
from datetime import datetime

import pytest

from gateway.records.record import CallRecord
from tests.service.told import ZONE
from tests.unit.records.standards import RealCall, broken, cut, greeted, judged, plan, recorded, without

pytestmark = pytest.mark.unit

FESTIVAL = datetime(2026, 2, 17, 9, 30, tzinfo=ZONE)


def hung_up(call: RealCall) -> CallRecord:
    call.hangs_up()
    return recorded(call)


def clauses(record: CallRecord) -> set[str]:
    return {clause for clause, step in judged(record) if step == "greeting"}


@pytest.mark.parametrize(
    ("name", "call", "expected"),
    [
        ("jihua-gas", {}, {"JH-3"}),
        ("jihua-gas", {"trainee": True}, {"JH-4"}),
        ("jihua-gas", {"overflow": True}, {"JH-5"}),
        ("jihua-gas", {"at": FESTIVAL}, {"JH-12", "JH-3"}),
        ("jihua-gas", {"at": FESTIVAL, "trainee": True}, {"JH-12", "JH-4"}),
        ("runfa-water", {"at": FESTIVAL}, {"WD-4", "WD-3"}),
        ("jinsui-tax", {}, {"JS-1"}),
        ("jinsui-tax", {"overflow": True}, {"JS-2"}),
        ("service-desk", {}, {"ET-1"}),
    ],
)
def test_each_greeting_is_judged_by_its_own_clause(name: str, call: dict[str, object], expected: set[str]) -> None:
    record = hung_up(greeted(name, **call))
    assert clauses(record) == expected
    assert not broken(record)
    for clause in expected:
        greeting = next(prompt.prompt for prompt in record.prompts if prompt.clause == clause)
        assert broken(cut(record, greeting)).keys() == {(clause, "greeting")}


def test_a_holidays_greeting_never_takes_the_numbered_ones_place() -> None:
    call = greeted("jihua-gas", at=FESTIVAL)
    call.passes(30.0)
    record = recorded(call)
    assert broken(without(record, "greeting")) == {
        ("JH-3", "greeting"): "nothing but the holiday's greeting was said"
    }


def test_who_leaves_during_the_holidays_greeting_is_owed_nothing() -> None:
    call = RealCall(plan("jihua-gas", at=FESTIVAL))
    call.rings(1)
    call.caller_id()
    call.passes(5.0)
    call.rings(1, first=2)
    call.passes(0.5)
    record = hung_up(call)
    assert [prompt.prompt for prompt in record.prompts] == ["holiday-greeting-spring-festival"]
    assert clauses(record) == set()


def test_the_numbered_greeting_first_is_the_wrong_way_round() -> None:
    record = hung_up(greeted("jihua-gas", at=FESTIVAL))
    first, second = (prompt.started_at for prompt in record.prompts)
    moved = (replace(record.prompts[1], started_at=first), replace(record.prompts[0], started_at=second))
    assert "came before 「春节好" in broken(replace(record, prompts=moved))["JH-3", "greeting"]


@pytest.mark.parametrize(("name", "clause", "limit"), [("runfa-water", "WD-1", 2), ("jinsui-tax", "JS-1", 3)])
def test_the_last_ring_is_the_standards_own(name: str, clause: str, limit: int) -> None:
    record = hung_up(greeted(name))
    assert not broken(replace(record, rings=limit))
    assert broken(replace(record, rings=limit + 1)).keys() == {(clause, "answer")}
