"""Walks with an agent: he comes in time, after a wait, or not at all."""

import pytest

from gateway.call.facts import AgentConnected, AgentLeft, CallBackAsked, WaitEnded
from gateway.walk import Walk, timeline
from tests.unit.walk.walks import DIALPLANS, happened, times, walked

pytestmark = pytest.mark.unit


def told(call: Walk) -> list[str]:
    return [row.what for row in timeline(call)]


def test_jh3_who_comes_during_the_greeting_talks_when_it_has_ended_and_leaves_first() -> None:
    call = walked("jihua-gas", answers=3)
    assert [key for _, key in call.begun()] == ["greeting", "further", "farewell"]
    (connected, _), (left, _) = happened(call, AgentConnected)[0], happened(call, AgentLeft)[0]
    assert connected == call.ended()[0][0]
    assert left == connected + 30
    assert call.record.released_by == "customer"
    assert not call.broken
    rows = told(call)
    assert rows.index("801 is rung") < rows.index("801 talks with him") < rows.index("801 has gone (hung_up)")


def test_jh8_who_comes_after_a_long_wait_is_waited_for_and_his_customer_thanked() -> None:
    call = walked("jihua-gas", answers=57)
    first, *again = times(call, "waiting-first") + times(call, "waiting-again")
    assert [round(at - first) for at in again] == [15, 30]
    assert [key for _, key in call.begun()][-3:] == ["waiting-thanks", "further", "farewell"]
    assert "lets him wait for an agent, place in the queue: 1" in told(call)
    assert any("cut: the agent has come" in what for what in told(call))
    assert not call.broken


def test_jh19_who_does_not_come_in_time_is_replaced_by_a_call_back() -> None:
    call = walked("jihua-gas", answers=3600)
    assert [fact.overdue for _, fact in happened(call, WaitEnded) if isinstance(fact, WaitEnded)] == [True]
    assert len(happened(call, CallBackAsked)) == 1
    assert "to be called back at 13812345678, not confirmed" in told(call)
    assert not happened(call, AgentConnected)
    assert call.record.released_by == "customer"


@pytest.mark.parametrize("name", DIALPLANS)
@pytest.mark.parametrize("answers", [0.0, 40.0, 3600.0])
def test_an_agent_breaks_no_clause_of_any_hotline(name: str, answers: float) -> None:
    call = walked(name, answers=answers)
    assert call.record.released_by is not None
    assert not call.broken
