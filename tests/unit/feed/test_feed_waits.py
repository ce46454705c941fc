"""What a line's state shows of who waits: since when, and when he is reassured next (JH-8)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from drivers.line import LineRestored
from gateway.call.facts import CustomerHeld, CustomerResumed, Notice, PromptStarted
from gateway.call.plan import Part
from gateway.call.requests import EndWaiting, KeepWaiting
from gateway.feed.board import Board
from gateway.feed.topics import Topics
from tests.service.told import MORNING
from tests.unit.feed.moments import told_to
from tests.unit.records.standards import RealCall, greeted

pytestmark = pytest.mark.unit

TOPICS = Topics("sansheng", "jinan")
SUMMER_ENDS = datetime(2026, 10, 25, 2, 59, 40, tzinfo=ZoneInfo("Europe/Berlin"))
"""02:00 comes after 02:59, while he waits."""


def shown(call: RealCall, every: float | None, begins: datetime = MORNING) -> list[tuple[Notice, dict[str, Any]]]:
    """Each fact of the call, and what the state shows of it right after it."""

    def after(seconds: float) -> datetime:
        return (begins.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(begins.tzinfo)

    board = Board(TOPICS, [("fxo1", "fxo")], MORNING, reassure_every=every)
    board.receive(Notice(MORNING, "fxo1", None, LineRestored()))
    notices = [Notice(after(seconds), "fxo1", "c1", fact) for seconds, fact in call.facts]
    found, state = [], {}
    for notice in notices:
        for message in told_to(board, [notice]):
            if message.topic == TOPICS.line_state("fxo1"):
                state = json.loads(message.payload)
        if state.get("calls"):
            found.append((notice, state["calls"][0]))
    return found


def waited(hold: float = 0.0) -> RealCall:
    """A customer who waits for a minute, and may put us on hold in it."""
    call = greeted("jihua-gas")
    call.talks()
    call.asks_for(KeepWaiting())
    call.passes(20.0)
    if hold:
        call.on_hold(hold)
    call.passes(40.0)
    call.asks_for(EndWaiting())
    call.passes(5.0)
    call.hangs_up()
    return call


def at(text: str | None) -> datetime:
    assert text is not None
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("begins", [MORNING, SUMMER_ENDS], ids=["morning", "summer ends"])
@pytest.mark.parametrize("hold", [0.0, 7.0, 30.0])
def test_each_reassurance_comes_when_the_state_told(hold: float, begins: datetime) -> None:
    call = waited(hold)
    waiting = call.plan.waiting
    assert waiting is not None
    told, came = None, []
    for notice, state in shown(call, waiting.every, begins):
        match notice.fact:
            case PromptStarted(prompt=prompt) if prompt.part is Part.WAITING and prompt.key == waiting.again.key:
                assert told is not None
                came.append(abs((notice.at - at(told)).total_seconds()))
            case CustomerHeld() if state["waiting_since"]:
                assert state["next_reassurance"] is None, "on hold he hears nothing"
            case CustomerResumed() if state["waiting_since"]:
                assert at(state["next_reassurance"]) > notice.at
        told = state["next_reassurance"]
    assert len(came) >= 3
    assert max(came) < 0.2, "a line's delay before a prompt"


def test_who_waits_no_longer_is_promised_nothing() -> None:
    states = [state for _, state in shown(waited(), 15.0)]
    assert [state["state"] for state in states if state["waiting_since"]] == ["waiting"] * sum(
        bool(state["waiting_since"]) for state in states
    )
    assert all(state["next_reassurance"] is None for state in states if not state["waiting_since"])
    began = {state["waiting_since"] for state in states if state["waiting_since"]}
    assert len(began) == 1


def test_a_dialplan_without_reassurance_promises_none() -> None:
    assert all(state["next_reassurance"] is None for _, state in shown(waited(), None))


def test_a_state_tells_since_when_it_stands() -> None:
    found = shown(waited(), 15.0)
    assert found[0][1]["offered_at"] == found[-1][1]["offered_at"] == found[0][1]["since"]
    before, began = None, None
    for notice, state in found:
        if state["state"] != before:
            before, began = state["state"], notice.at
        assert at(state["since"]) == began
    waiting = next(state for _, state in found if state["waiting_since"])
    assert waiting["since"] == waiting["waiting_since"]
