"""A customer whose audio stops, in whatever state of the call: served as if silent, never taken for gone."""

from itertools import pairwise

import pytest

from drivers.line import MediaLost, MediaRestored, StopPlaying, Verdict
from gateway.call import facts
from gateway.call.facts import PromptFinished, PromptStarted, Released, ReleasedBy
from gateway.call.requests import KeepWaiting
from gateway.call.states import CallState
from tests.scenarios.hotlines import gas
from tests.scenarios.story import LEG, Story

pytestmark = pytest.mark.unit


def lost(verdict: Verdict | None = None) -> Story:
    """A greeted customer whose audio stops, after it was heard as `verdict`."""
    call = Story().greeted()
    if verdict is not None:
        call.customer_is(verdict)
        call.passes(0.5)
    call.reports(MediaLost(LEG))
    return call


@pytest.mark.parametrize("heard", [Verdict.SILENT, Verdict.NOISY, Verdict.FAINT, None])
def test_jh6_he_is_told_that_the_line_is_open_and_released_as_a_silent_one(heard: Verdict | None) -> None:
    call = lost(heard)
    call.passes(60)
    assert call.heard == ["greeting", "silent-1", "silent-2", "silent-final"]
    assert call.released == Released(ReleasedBy.STANDARD, "JH-6")
    assert call.of(facts.MediaLost) == [facts.MediaLost()]
    assert [fact.verdict for fact in call.of(facts.VerdictGiven)] == ([heard] if heard else [])


def test_jh6_a_loss_comes_at_the_same_pace_as_silence() -> None:
    silent, mute = Story().greeted(), Story().greeted()
    for call, event in ((silent, None), (mute, MediaLost(LEG))):
        call.customer_is(Verdict.SPEECH)
        call.passes(4.0)
        call.customer_is(Verdict.SILENT) if event is None else call.reports(event)
        call.passes(120.0)
    assert silent.told == mute.told
    assert silent.released == mute.released


def test_a_loss_in_silence_puts_off_nothing() -> None:
    call = Story().greeted()
    call.customer_is(Verdict.SILENT)
    call.passes(3.0)
    call.reports(MediaLost(LEG))
    call.passes(2.1)
    assert call.at(PromptStarted, "silent-1") - call.at(PromptFinished, "greeting") == pytest.approx(5.02)


def test_who_was_speaking_goes_on_where_he_was() -> None:
    call = Story().greeted()
    call.customer_is(Verdict.SPEECH)
    call.passes(5.0)
    call.is_lost(2.0)
    call.passes(20.0)
    assert call.said == ["greeting"], "a message that is not over yet"
    call.customer_is(Verdict.SILENT)
    call.passes(3.1)
    assert call.said == ["greeting", "further"]


def test_who_is_heard_again_in_our_prompt_stops_it_if_he_was_speaking() -> None:
    noisy = lost(Verdict.NOISY)
    noisy.passes(5.5)
    assert noisy.said[-1] == "silent-1"
    noisy.reports(MediaRestored(LEG))
    assert not noisy.ordered(StopPlaying)
    speaking = lost(Verdict.SPEECH)
    speaking.passes(3.5)
    assert speaking.said[-1] == "further"
    speaking.reports(MediaRestored(LEG))
    assert speaking.ordered(StopPlaying)
    speaking.passes(20.0)
    assert speaking.engine.state is CallState.LISTENING


def test_who_was_silent_before_is_so_again() -> None:
    call = lost(Verdict.SILENT)
    call.passes(2.0)
    call.reports(MediaRestored(LEG))
    call.passes(60.0)
    assert call.released == Released(ReleasedBy.STANDARD, "JH-6")


def test_the_greeting_is_said_to_its_end() -> None:
    call = Story()
    call.caller_id()
    call.rings(2)
    call.passes(2.0)
    call.customer_is(Verdict.SPEECH)
    call.is_lost(2.0)
    call.passes(3.0)
    assert call.heard == ["greeting"]


def test_jh2_the_guard_runs_while_he_is_lost_and_not_once_he_is_heard_again() -> None:
    call = Story().greeted()
    call.customer_speaks(5.0)
    call.passes(30.0)
    assert call.heard[-1] == "farewell"
    call.customer_is(Verdict.SPEECH)
    call.passes(1.0)
    call.is_lost(59.0)
    call.passes(90.0)
    assert call.released is None, "he speaks"
    call.reports(MediaLost(LEG))
    assert call.engine.state is CallState.LISTENING, "he had more to say"
    call.passes(200.0)
    assert call.released == Released(ReleasedBy.GUARD, "JH-2")
    assert call.at(Released) - call.at(PromptFinished, "farewell") == pytest.approx(60.0)


def test_jh8_a_waiting_customer_is_reassured_at_the_same_pace() -> None:
    call = gas().greeted()
    call.customer_speaks(5.0)
    call.is_asked(KeepWaiting())
    call.passes(10.0)
    call.reports(MediaLost(LEG))
    call.passes(40.0)
    assert call.engine.state is CallState.WAITING
    beginnings = call.began("请稍等,正在为您查询。")
    assert len(beginnings) >= 2
    assert {round(after - before, 2) for before, after in pairwise(beginnings)} == {15.0}


def test_on_hold_everything_stands_still_and_what_was_heard_before_is_forgotten() -> None:
    call = Story().greeted()
    call.customer_is(Verdict.SPEECH)
    call.passes(3.0)
    call.reports(MediaLost(LEG))
    call.holds(600.0)
    assert call.released is None
    assert call.said == ["greeting"]
    call.reports(MediaRestored(LEG))
    call.passes(3.1)
    assert call.said == ["greeting", "further"], "nobody is heard, whoever was heard before the hold"


def test_a_loss_is_told_once_and_ended_once() -> None:
    call = lost(Verdict.SPEECH)
    call.reports(MediaLost(LEG))
    call.reports(MediaRestored(LEG))
    call.reports(MediaRestored(LEG))
    assert len(call.of(facts.MediaLost)) == len(call.of(facts.MediaRestored)) == 1


def test_a_verdict_tells_that_he_is_heard_again() -> None:
    call = lost(Verdict.SILENT)
    call.customer_is(Verdict.SPEECH)
    assert [type(fact) for _, fact in call.facts[-2:]] == [facts.MediaRestored, facts.VerdictGiven]
    call.passes(20.0)
    assert call.said == ["greeting"]
