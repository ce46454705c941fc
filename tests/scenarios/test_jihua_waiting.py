"""Customers of the Jihua Gas hotline who wait, and are reassured (JH-8, JH-9)."""

from itertools import pairwise

import pytest

from drivers.line import FarEndHeld, FarEndResumed, StopPlaying, Verdict
from gateway.call.facts import CutReason, PromptFinished, Released, WaitBegan, WaitEnded
from gateway.call.plan import Part
from gateway.call.requests import RequestRefused
from gateway.call.states import CallState
from tests.scenarios.hotlines import gas
from tests.scenarios.story import LEG, Story
from tests.scenarios.words import AGAIN, FIRST, FURTHER, SORRY, THANKS

pytestmark = pytest.mark.unit


def waiting() -> Story:
    """A customer who has told his case, and must wait from now on."""
    call = gas().greeted()
    call.customer_speaks(10)
    call.customer_must_wait()
    return call


def waits(call: Story) -> list[tuple[float, bool]]:
    """Every wait that has ended: how long it was, and whether it was too long."""
    return [(round(fact.waited, 3), fact.overdue) for fact in call.of(WaitEnded)]


def test_jh8_he_is_reassured_at_once_and_then_every_fifteen_seconds() -> None:
    call = waiting()
    call.passes(100)
    assert call.words[1:] == [FIRST] + [AGAIN] * 6
    assert call.reassured == pytest.approx([0, 15, 30, 45, 60, 75, 90], abs=0.5)
    assert all(later - sooner == pytest.approx(15, abs=0.5) for sooner, later in pairwise(call.reassured))
    assert call.engine.state is CallState.WAITING


def test_jh8_what_he_says_or_does_not_say_in_the_meantime_changes_nothing() -> None:
    call = waiting()
    call.passes(20)
    call.customer_speaks(3)
    call.presses("5#")
    call.customer_is(Verdict.NOISY)
    call.passes(35)
    assert call.reassured == pytest.approx([0, 15, 30, 45], abs=0.5)
    assert call.heard[1:] == ["waiting-first"] + ["waiting-again"] * 3


def test_jh8_who_must_wait_while_a_prompt_is_said_waits_from_its_end() -> None:
    call = gas().greeted()
    call.customer_speaks(10)
    call.passes(3.5)
    call.customer_must_wait()
    call.passes(30)
    assert call.told[1:3] == [(13.0, FURTHER), (0.0, FIRST)]
    assert call.heard[1:] == ["further", "waiting-first", "waiting-again"]


def test_jh8_somebody_who_has_time_cuts_the_reassurance_at_once() -> None:
    call = waiting()
    call.passes(5)
    call.somebody_has_time()
    assert call.ordered(StopPlaying) == [call.now]
    call.passes(0)
    assert call.of(PromptFinished)[-1].cut is CutReason.WAIT_ENDED
    assert waits(call) == [(5.0, False)]
    assert call.engine.state is CallState.LISTENING
    assert call.words[-1] == FIRST


def test_jh8_somebody_who_has_time_between_two_reassurances_ends_the_wait() -> None:
    call = waiting()
    call.passes(14)
    call.somebody_has_time()
    assert call.engine.state is CallState.LISTENING
    call.passes(2)
    assert call.words[-1] == FIRST
    call.passes(1.1)
    assert call.words[-1] == FURTHER  # he has told his case, and says nothing more


def test_jh8_a_wait_called_off_before_it_began_never_begins() -> None:
    call = gas().greeted()
    call.customer_speaks(10)
    call.passes(3.5)
    call.customer_must_wait()
    call.somebody_has_time()
    call.passes(30)
    assert not call.of(WaitBegan)
    assert FIRST not in call.words


def test_jh8_time_on_hold_is_no_part_of_the_wait() -> None:
    call = waiting()
    call.passes(20)
    call.holds(100)
    call.passes(11)
    assert call.reassured == pytest.approx([0, 15, 130], abs=0.5)
    call.somebody_has_time()
    call.passes(1)
    assert waits(call) == [(31.0, False)]


def test_jh8_a_hold_in_the_middle_of_a_reassurance_only_stretches_it() -> None:
    call = waiting()
    call.passes(5)
    call.holds(100)
    call.passes(11)
    assert call.heard[-1] == "waiting-first"
    assert call.reassured == pytest.approx([0, 115], abs=0.5)


def test_jh8_a_wait_that_begins_on_hold_begins_when_he_is_back() -> None:
    call = gas().greeted()
    call.customer_speaks(10)
    call.reports(FarEndHeld(LEG))
    call.passes(100)
    call.customer_must_wait()
    call.passes(50)
    call.reports(FarEndResumed(LEG))
    call.passes(12)
    call.somebody_has_time()
    call.passes(1)
    assert waits(call) == [(12.0, False)]


def test_jh8_a_second_wait_is_reassured_like_the_first() -> None:
    call = waiting()
    call.passes(14)
    call.somebody_has_time()
    call.passes(1)
    call.customer_must_wait()
    call.passes(20)
    assert call.words[1:] == [FIRST, FIRST, AGAIN]
    assert len(call.of(WaitBegan)) == 2


def test_jh8_a_customer_who_hangs_up_has_waited_long_enough() -> None:
    call = waiting()
    call.passes(16)
    call.hangs_up()
    assert call.of(PromptFinished)[-1].cut is CutReason.FAR_END_HUNG_UP
    assert call.of(Released)
    assert call.engine.next_deadline() is None


def test_jh8_what_makes_no_sense_is_refused_and_changes_nothing() -> None:
    call = gas()
    with pytest.raises(RequestRefused, match="not answered yet"):
        call.customer_must_wait()
    call.greeted()
    with pytest.raises(RequestRefused, match="not waiting"):
        call.somebody_has_time()
    call.customer_must_wait()
    with pytest.raises(RequestRefused, match="waiting already"):
        call.customer_must_wait()
    call.passes(20)
    assert call.words[1:] == [FIRST, AGAIN]


def test_jh9_a_wait_of_half_a_minute_is_thanked_for() -> None:
    call = waiting()
    call.passes(30.1)
    call.somebody_has_time()
    call.passes(10)
    assert call.words[1:5] == [FIRST, AGAIN, AGAIN, THANKS]
    cut = next(fact for fact in reversed(call.of(PromptFinished)) if fact.prompt.part is Part.WAITING and fact.cut)
    assert cut.prompt.text == AGAIN
    assert waits(call) == [(30.1, False)]


def test_jh9_a_shorter_wait_is_not() -> None:
    call = waiting()
    call.passes(29)
    call.somebody_has_time()
    call.passes(1)
    assert call.words[1:] == [FIRST, AGAIN]


def test_jh9_nobody_is_kept_waiting_longer_than_three_minutes_and_then_we_are_sorry() -> None:
    call = waiting()
    call.passes(185)
    assert call.words[1:] == [FIRST] + [AGAIN] * 11 + [SORRY]
    assert call.began(SORRY)[0] - call.began(FIRST)[0] == pytest.approx(180)
    assert waits(call) == [(180.0, True)]
    assert call.engine.state is CallState.LISTENING


def test_jh9_who_complains_of_the_wait_is_told_that_we_are_sorry() -> None:
    call = waiting()
    call.passes(20)
    call.agent_has_said("sorry_for_waiting")
    call.passes(11)
    assert call.words[1:] == [FIRST, AGAIN, SORRY, AGAIN]
    assert call.reassured == pytest.approx([0, 15, 30], abs=0.5)
