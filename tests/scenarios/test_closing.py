"""How calls to the Jihua hotline close: a message, a farewell, and the customer hangs up first (JH-2, 10, 11)."""

import pytest

from drivers.line import (
    FarEndHeld,
    FarEndResumed,
    PlayFinished,
    Release,
    Verdict,
)
from gateway.call.facts import PromptFinished, Released, ReleasedBy
from gateway.call.states import CallState
from tests.scenarios.story import LEG, Story

pytestmark = pytest.mark.unit


def test_jh10_jh11_jh2_a_message_is_taken_and_the_customer_hangs_up() -> None:
    call = Story().greeted()
    call.customer_is(Verdict.SPEECH)
    call.passes(20)
    call.customer_is(Verdict.SILENT)
    call.passes(3 + 2.1)
    assert call.heard[-1] == "further"
    call.passes(5 + 2.1)
    assert call.heard[-1] == "farewell"
    call.passes(30)
    assert not call.ordered(Release)
    call.hangs_up()
    assert call.released == Released(ReleasedBy.CUSTOMER, "bye")


def test_jh2_guard_is_the_last_resort_for_a_customer_who_never_hangs_up() -> None:
    call = Story().greeted()
    call.customer_is(Verdict.SPEECH)
    call.passes(5)
    call.customer_is(Verdict.SILENT)
    call.passes(120)
    assert call.released == Released(ReleasedBy.GUARD, "JH-2")
    assert call.at(Released) - call.at(PromptFinished, "farewell") == pytest.approx(60.0)


def test_jh2_the_guard_never_runs_against_a_customer_who_speaks() -> None:
    call = Story().greeted()
    call.customer_is(Verdict.SPEECH)
    call.passes(5)
    call.customer_is(Verdict.SILENT)
    call.passes(30)
    assert call.said[-1] == "farewell"
    for _ in range(3):
        call.customer_is(Verdict.SPEECH)
        call.passes(2.5)
        call.customer_is(Verdict.SILENT)
        call.passes(59.9)
    assert call.released is None
    call.passes(0.2)
    assert call.released == Released(ReleasedBy.GUARD, "JH-2")


def test_jh2_a_customer_who_puts_us_on_hold_is_waited_for() -> None:
    call = Story().greeted()
    call.customer_is(Verdict.SILENT)
    call.passes(6)
    assert call.said[-1] == "silent-1"
    call.reports(FarEndHeld(LEG))
    call._due.clear()
    call.passes(3600)
    assert call.released is None
    assert call.said[-1] == "silent-1"
    call.reports(FarEndResumed(LEG))
    call.reports(PlayFinished(LEG, 2, True))
    call.passes(5 + 2.1)
    assert call.heard[-2:] == ["silent-1", "silent-2"]


def test_jh2_the_guard_begins_anew_after_a_hold() -> None:
    call = Story().greeted()
    call.customer_is(Verdict.SPEECH)
    call.passes(5)
    call.customer_is(Verdict.SILENT)
    call.passes(30)
    assert call.heard[-1] == "farewell"
    call.reports(FarEndHeld(LEG))
    call.passes(600)
    call.reports(FarEndResumed(LEG))
    call.passes(59.9)
    assert call.released is None
    call.passes(0.2)
    assert call.released == Released(ReleasedBy.GUARD, "JH-2")


def test_who_has_more_to_say_after_the_farewell_is_listened_to_again() -> None:
    call = Story().greeted()
    call.customer_is(Verdict.SPEECH)
    call.passes(5)
    call.customer_is(Verdict.SILENT)
    call.passes(30)
    call.customer_is(Verdict.SPEECH)
    call.passes(6)
    call.customer_is(Verdict.SILENT)
    assert call.engine.state is CallState.LISTENING
    call.passes(3 + 2.1 + 5 + 2.1)
    assert call.heard[-4:] == ["further", "farewell", "further", "farewell"]


def test_a_farewell_of_the_customers_own_is_no_new_request() -> None:
    call = Story().greeted()
    call.customer_is(Verdict.SPEECH)
    call.passes(5)
    call.customer_is(Verdict.SILENT)
    call.passes(30)
    call.customer_is(Verdict.SPEECH)
    call.passes(2.5)
    call.customer_is(Verdict.SILENT)
    assert call.engine.state is CallState.CLOSING


def test_the_customer_who_says_more_after_anything_else_is_listened_to_again() -> None:
    call = Story().greeted()
    call.customer_is(Verdict.SPEECH)
    call.passes(5)
    call.customer_is(Verdict.SILENT)
    call.passes(3 + 2.1 + 2)
    call.customer_is(Verdict.SPEECH)
    call.passes(30)
    assert call.said[-1] == "further"
    call.customer_is(Verdict.SILENT)
    call.passes(3 + 2.1 + 5 + 2.1)
    assert call.said[-2:] == ["further", "farewell"]
