"""Calls to the Jihua hotline, told from the first ring to the end, in virtual time."""

import pytest

from drivers.line import (
    Answer,
    FarEndHeld,
    FarEndResumed,
    FaultCode,
    HangUpSign,
    LegFailed,
    LegReleased,
    PlayFinished,
    Release,
    StopPlaying,
    Verdict,
)
from gateway.call.facts import CutReason, PromptFinished, PromptStarted, Released, ReleasedBy, StateEntered
from gateway.call.states import CallState
from tests.scenarios.story import LEG, Story, jihua

pytestmark = pytest.mark.unit


def test_jh1_answers_in_the_gap_after_ring_two() -> None:
    call = Story()
    call.rings(1)
    call.passes(2)
    call.caller_id()
    call.passes(3)
    assert not call.ordered(Answer)
    call.rings(1, first=2)
    call.passes(0.1)
    assert call.ordered(Answer) == [5.0]
    assert call.answered is not None
    assert call.answered.rings == 2
    assert call.answered.waited == pytest.approx(5.1)


def test_jh1_without_a_caller_id_waits_for_it_and_no_longer_than_the_gap() -> None:
    call = Story()
    call.rings(2)
    call.passes(5)
    assert call.ordered(Answer) == [7.5]


def test_jh1_a_caller_id_that_comes_late_ends_the_wait_at_once() -> None:
    call = Story()
    call.rings(2)
    call.passes(1)
    call.caller_id()
    assert call.ordered(Answer) == [6.0]


def test_jh1_a_ring_during_the_wait_for_the_caller_id_is_answered_at_once() -> None:
    call = Story(jihua(caller_id_wait=4.0))
    call.rings(3, period=3.0)
    assert call.ordered(Answer) == [6.0]


def test_on_ring_one_with_the_caller_id_there_answers_at_once() -> None:
    call = Story(jihua(on_ring=1))
    call.caller_id()
    call.rings(1)
    assert call.ordered(Answer) == [0.0]


def test_a_line_that_stopped_ringing_is_never_answered() -> None:
    call = Story()
    call.rings(1)
    call.passes(3)
    call.hangs_up(HangUpSign.RING_STOPPED)
    call.passes(60)
    assert not call.ordered(Answer)
    assert call.released == Released(ReleasedBy.CUSTOMER, "ring_stopped")


def test_a_caller_who_rings_off_during_the_caller_id_wait_is_not_answered() -> None:
    call = Story()
    call.rings(2)
    call.passes(1)
    call.hangs_up(HangUpSign.CANCEL)
    call.passes(60)
    assert not call.ordered(Answer)


def test_jh6_silent_caller_is_told_three_times_then_released() -> None:
    call = Story().greeted()
    call.customer_is(Verdict.SILENT, level=-70)
    call.passes(60)
    assert call.heard == ["greeting", "silent-1", "silent-2", "silent-final"]
    assert call.released == Released(ReleasedBy.STANDARD, "JH-6")
    assert call.at(PromptStarted, "silent-1") - call.at(PromptFinished, "greeting") == pytest.approx(5.02)
    assert call.at(Released) == call.at(PromptFinished, "silent-final")


def test_jh6_a_line_that_brings_no_audio_at_all_is_silent_too() -> None:
    call = Story().greeted()
    call.passes(60)
    assert call.released == Released(ReleasedBy.STANDARD, "JH-6")


def test_jh7_noisy_caller_is_asked_twice_then_released_after_three_seconds() -> None:
    call = Story().greeted()
    call.customer_is(Verdict.NOISY)
    call.passes(60)
    assert call.heard == ["greeting", "noisy-1", "noisy-2", "noisy-final"]
    assert call.released == Released(ReleasedBy.STANDARD, "JH-7")
    assert call.at(Released) - call.at(PromptFinished, "noisy-final") == pytest.approx(3.0)


def test_jh7_faint_voice_climbs_the_noisy_ladder() -> None:
    call = Story().greeted()
    call.customer_is(Verdict.FAINT, level=-42)
    call.passes(5)
    assert call.said[-1] == "noisy-1"


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
    call.passes(50)
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


def test_speech_stops_a_ladders_prompt_at_once_but_never_the_greeting() -> None:
    call = Story()
    call.caller_id()
    call.rings(2)
    call.passes(2)
    call.customer_is(Verdict.SPEECH)
    assert not call.ordered(StopPlaying)
    call.passes(2)
    call.customer_is(Verdict.SILENT)
    call.passes(2.2 + 5.5)
    assert call.said == ["greeting", "silent-1"]
    call.customer_is(Verdict.SPEECH)
    call.passes(0)
    assert call.heard == ["greeting"]
    assert call.facts[-2][1] == PromptFinished(call.plan.silent.steps[0], CutReason.BARGE_IN)
    assert call.engine.state is CallState.LISTENING


def test_speech_that_ended_with_the_greeting_is_no_message() -> None:
    call = Story()
    call.caller_id()
    call.rings(2)
    call.passes(4)
    call.customer_is(Verdict.SPEECH)
    call.passes(2.2)
    assert call.heard == ["greeting"]
    call.passes(0.5)
    call.customer_is(Verdict.SILENT)
    call.passes(5)
    assert call.said == ["greeting", "silent-1"]


def test_speech_that_goes_on_after_the_greeting_is_a_message() -> None:
    call = Story()
    call.caller_id()
    call.rings(2)
    call.passes(4)
    call.customer_is(Verdict.SPEECH)
    call.passes(10)
    call.customer_is(Verdict.SILENT)
    call.passes(3.1)
    assert call.said == ["greeting", "further"]


def test_speech_takes_the_silent_ladder_back_to_its_first_rung() -> None:
    call = Story().greeted()
    call.customer_is(Verdict.SILENT)
    call.passes(5 + 2.1 + 5 + 2.1)
    assert call.said[-1] == "silent-2"
    call.customer_is(Verdict.SPEECH)
    call.customer_is(Verdict.NOISY)
    call.passes(3 + 2.1)
    call.customer_is(Verdict.SILENT)
    call.passes(5 + 2.1)
    assert call.said[-2:] == ["noisy-1", "silent-1"]


@pytest.mark.parametrize("after_the_prompt", [False, True])
def test_jh7_a_customer_understood_on_the_last_rung_is_not_released(after_the_prompt: bool) -> None:
    call = Story().greeted()
    call.customer_is(Verdict.NOISY)
    call.passes(3 * (3 + 2.02) - 1 + 2 * after_the_prompt)
    assert call.engine.state is CallState.CLOSING
    call.customer_is(Verdict.SPEECH)
    call.passes(60)
    assert call.released is None
    assert call.engine.state is CallState.LISTENING


def test_a_final_prompt_the_line_cut_orders_no_release() -> None:
    call = Story().greeted()
    call.customer_is(Verdict.SILENT)
    call.passes(3 * (5 + 2.02) - 1)
    assert call.said[-1] == "silent-final"
    call._obey(StopPlaying(LEG))
    call.passes(10)
    assert call.released is None
    call.passes(60)
    assert call.released == Released(ReleasedBy.GUARD, "JH-2")


@pytest.mark.parametrize("sign", list(HangUpSign))
def test_a_hang_up_in_mid_prompt_cuts_it_and_ends_the_call_once(sign: HangUpSign) -> None:
    call = Story()
    call.caller_id()
    call.rings(2)
    call.passes(3)
    call.hangs_up(sign)
    call.passes(60)
    kinds = [fact for _, fact in call.facts][-4:]
    assert PromptFinished(call.plan.greeting[0], CutReason.FAR_END_HUNG_UP) in kinds
    assert kinds[-2:] == [StateEntered(CallState.RELEASED), Released(ReleasedBy.CUSTOMER, sign.value)]
    tone = sign not in (HangUpSign.BYE, HangUpSign.CANCEL, HangUpSign.RING_STOPPED)
    assert bool(call.ordered(Release)) is tone


def test_a_lost_line_ends_the_call_as_a_fault() -> None:
    call = Story().greeted()
    call.reports(LegFailed(LEG, FaultCode.PORT_LOST, "unplugged"))
    assert call.released == Released(ReleasedBy.FAULT, "port_lost")


def test_a_line_that_goes_on_hook_by_itself_is_a_fault() -> None:
    call = Story().greeted()
    call.reports(LegReleased(LEG))
    assert call.released is not None
    assert call.released.by is ReleasedBy.FAULT


def test_shutdown_releases_whatever_is_up() -> None:
    call = Story().greeted()
    call._carry_out(call.engine.shut_down(now=call.now))
    assert call.released == Released(ReleasedBy.SHUTDOWN, "shutdown")
    assert call.ordered(Release)


def test_a_prompt_whose_end_the_line_never_tells_is_given_up_and_recorded_as_cut() -> None:
    call = Story()
    call.caller_id()
    call.rings(2)
    call.passes(1)
    call._due.clear()
    call.passes(20)
    assert call.at(PromptFinished, "greeting") == pytest.approx(5.1 + 6 + 8)
    assert call.heard == []
    assert "silent-1" in call.said or call.ordered(StopPlaying)
