"""Calls to the Jihua hotline that end otherwise: hung up in mid-prompt, lost lines, shutdown."""

import pytest

from drivers.line import (
    FarEndHungUp,
    FaultCode,
    HangUpSign,
    LegEvent,
    LegFailed,
    LegReleased,
    PlayFinished,
    Release,
    StopPlaying,
)
from gateway.call.facts import CutReason, PromptFailed, PromptFinished, Released, ReleasedBy, StateEntered
from gateway.call.states import CallState
from tests.scenarios.story import LEG, Story

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("sign", list(HangUpSign))
def test_a_hang_up_in_mid_prompt_cuts_it_and_ends_the_call_once(sign: HangUpSign) -> None:
    call = Story()
    call.caller_id()
    call.rings(2)
    call.passes(3)
    call.hangs_up(sign)
    call.passes(60)
    kinds = [fact for _, fact in call.facts][-4:]
    assert PromptFinished(call.plan.today.greeting[0], CutReason.FAR_END_HUNG_UP) in kinds
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
    call.shuts_down()
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
    assert call.ordered(StopPlaying) == [pytest.approx(5.1 + 6 + 8)]
    assert call.engine.state is not CallState.GREETING


def _off_hook_and_silent() -> Story:
    """The greeting was ordered and has not begun."""
    call = Story()
    call.caller_id()
    call.rings(2)
    call.passes(0.11)
    call._due.clear()
    return call


def test_a_prompt_that_the_line_cannot_begin_is_told_and_the_call_goes_on() -> None:
    call = _off_hook_and_silent()
    call._later(0.0, PlayFinished(LEG, 1, False))
    call.passes(1)
    assert [fact.prompt.key for fact in call.of(PromptFailed)] == ["greeting"]
    assert call.of(PromptFinished) == []
    assert call.engine.state is CallState.LISTENING


@pytest.mark.parametrize("end", [FarEndHungUp(LEG, HangUpSign.BYE), LegFailed(LEG, FaultCode.PORT_LOST, "gone")])
def test_a_prompt_that_the_calls_end_kept_from_beginning_has_not_failed(end: LegEvent) -> None:
    call = _off_hook_and_silent()
    call._later(0.0, end)
    call.passes(1)
    assert call.of(Released)
    assert call.of(PromptFailed) == []
