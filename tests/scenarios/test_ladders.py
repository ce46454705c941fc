"""Silent, noisy and faint callers of the Jihua hotline, and those who are understood after all (JH-6, JH-7)."""

import pytest

from drivers.line import (
    StopPlaying,
    Verdict,
)
from gateway.call.facts import CutReason, PromptFinished, PromptStarted, Released, ReleasedBy
from gateway.call.states import CallState
from tests.scenarios.story import LEG, Story

pytestmark = pytest.mark.unit


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
    assert call.said[-1] == "noisy-final"
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
