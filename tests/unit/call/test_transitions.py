"""The literal table, its picture, and what an illegal change of state is."""

from pathlib import Path

import pytest

from gateway.call.diagram import renew
from gateway.call.states import CallState
from gateway.call.transitions import TRANSITIONS, IllegalTransition, Trigger, follow

pytestmark = pytest.mark.unit


def test_the_picture_in_the_docs_is_the_table() -> None:
    text = Path("docs/call.md").read_text(encoding="utf-8")
    assert renew(text) == text, "run: python -m gateway.call.diagram docs/call.md"


def test_only_a_farewell_leads_to_a_release_of_our_own() -> None:
    ours = {Trigger.CLAUSE_ORDERS, Trigger.GUARD_RAN_OUT}
    assert {state for state, row in TRANSITIONS.items() if ours & set(row)} == {CallState.CLOSING}


def test_every_state_can_be_reached_and_every_trigger_is_used() -> None:
    reached = {CallState.RINGING, CallState.DIALLING} | {to for row in TRANSITIONS.values() for to in row.values()}
    assert reached == set(CallState)
    assert {trigger for row in TRANSITIONS.values() for trigger in row} == set(Trigger)


def test_what_the_table_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(IllegalTransition, match="ringing by: guard ran out"):
        follow(CallState.RINGING, Trigger.GUARD_RAN_OUT)
