"""Somebody picks up the parallel telephone: the line is his, and the customer is not cut."""

import pytest

from drivers.line import Answer, HandsetLifted, LegReleased, Play, Release, Verdict
from gateway.call.facts import (
    CallAnswered,
    CutReason,
    PromptFinished,
    PromptStarted,
    Released,
    ReleasedBy,
    StateEntered,
)
from gateway.call.facts import HandsetLifted as Lifted
from gateway.call.states import CallState
from tests.scenarios.story import LEG, Story

pytestmark = pytest.mark.unit

TAKEN = Released(ReleasedBy.HANDSET, "parallel telephone")


def test_12_09_picked_up_in_mid_prompt_the_prompt_stops_and_the_line_is_left_to_him() -> None:
    call = Story()
    call.caller_id()
    call.rings(2)
    call.passes(3)
    lifted_at = call.now
    call.reports(HandsetLifted(LEG))
    call.passes(60)
    kinds = [fact for _, fact in call.facts]
    cut = PromptFinished(call.plan.today.greeting[0], CutReason.HANDSET)
    assert kinds[-4:] == [Lifted(), cut, StateEntered(CallState.RELEASED), TAKEN]
    assert call.ordered(Release) == [lifted_at]
    assert len(call.ordered(Play)) == 1, "nothing is said any more"


def test_12_09_picked_up_while_it_rings_it_is_answered_there_and_not_by_us() -> None:
    call = Story()
    call.rings(1)
    call.caller_id()
    call.passes(2)
    call.reports(HandsetLifted(LEG))
    call.reports(LegReleased(LEG))
    call.passes(60)
    assert call.released == TAKEN
    assert not call.ordered(Answer)
    assert not call.of(CallAnswered)
    assert call.ordered(Release)


def test_12_09_picked_up_while_the_customer_speaks_or_after_the_farewell() -> None:
    speaking = Story().greeted()
    speaking.customer_is(Verdict.SPEECH)
    speaking.passes(2)
    speaking.reports(HandsetLifted(LEG))
    assert speaking.released == TAKEN
    closing = Story().greeted()
    closing.customer_is(Verdict.SILENT)
    while closing.engine.state is not CallState.CLOSING:
        closing.passes(0.5)
    closing.reports(HandsetLifted(LEG))
    assert closing.released == TAKEN
    said = len(closing.of(PromptStarted))
    closing.passes(120)
    assert len(closing.of(PromptStarted)) == said
