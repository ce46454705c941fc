"""Customers who wait for an agent, and who would rather leave a message or are not served in time (JH-8, JS-2)."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from drivers.line import Join, StopPlaying
from gateway.call.desk_news import QueueMoved
from gateway.call.facts import (
    CallBackAsked,
    CutReason,
    MessageTaken,
    NumberSource,
    PromptFinished,
    WaitBegan,
    WaitEnded,
    WaitMoved,
)
from gateway.call.states import CallState
from tests.scenarios.attended import CALLER, its_prompt_said, waiting
from tests.scenarios.hotlines import desk, gas, tax, water
from tests.scenarios.story import Story
from tests.scenarios.words import AGAIN, FIRST, FURTHER, OFFER, SORRY, SPEAK, read_back

pytestmark = pytest.mark.unit


def test_jh8_the_beginnings_keep_their_distance_whatever_else_is_said() -> None:
    call = waiting()
    call.passes(36)
    assert OFFER in call.words
    call.passes(12)
    call.agent_has_said("sorry_for_waiting")
    call.passes(88)
    assert call.reassured == pytest.approx([15 * n for n in range(10)][: len(call.reassured)], abs=0.5)
    assert len(call.reassured) == 10
    assert call.words.count(OFFER) == 1
    assert call.words.count(call.plan.today.greeting[0].text) == 1


def test_js2_the_offer_follows_a_reassurance_and_fits_between_two() -> None:
    call = waiting()
    call.passes(59)
    assert call.words[1:] == [FIRST, AGAIN, AGAIN, OFFER, AGAIN]


def test_jh5_overflow_he_tells_his_case_and_waits_with_his_place_in_the_queue() -> None:
    call = gas(overflow=True).greeted()
    call.is_offered_to("802")
    call.desk(QueueMoved(3))
    call.customer_speaks(10)
    call.passes(3.1)
    assert call.words == ["您好,请讲", FIRST]
    assert call.of(WaitBegan) == [WaitBegan(3)]
    call.desk(QueueMoved(2))
    assert call.of(WaitMoved) == [WaitMoved(2)]
    call.agent_answers("802")
    call.passes(60)
    assert call.engine.state is CallState.TALKING
    assert len(call.words) == 2


def test_jh8_who_has_an_agent_rung_for_him_stands_first() -> None:
    assert waiting().of(WaitBegan) == [WaitBegan(1)]


def test_js2_nobody_is_kept_waiting_longer_than_the_limit() -> None:
    call = waiting()
    call.passes(180.1)
    assert call.of(WaitEnded)[-1].overdue
    call.passes(6)
    assert call.words[-2:] == [SORRY, read_back(CALLER)]


def test_js2_nobody_there_any_more_is_told_in_mid_wait() -> None:
    call = waiting()
    call.passes(5)
    call.nobody_is_there_any_more()
    assert call.ordered(StopPlaying) == [call.now]
    call.passes(7)
    assert call.words[1:] == [FIRST, SORRY, read_back(CALLER)]
    assert not call.ordered(Join)


@pytest.mark.parametrize("waited", [4, 40])
@pytest.mark.parametrize(
    "both",
    [
        (Story.somebody_has_time, Story.nobody_is_there_any_more),
        (Story.nobody_is_there_any_more, Story.somebody_has_time),
    ],
    ids=["time first", "nobody first"],
)
def test_who_somebody_has_time_for_goes_on_though_the_last_agent_leaves_meanwhile(
    both: Sequence[Callable[[Story], None]], waited: float
) -> None:
    """Both in a phrase, which is said to its end."""
    call = waiting()
    call.passes(waited)
    call.agent_has_said("sorry_for_waiting")
    while call.said[-1] != "phrase-sorry-for-waiting":
        call.passes(0.1)
    for happens in both:
        happens(call)
    call.passes(8)
    assert [(ended.overdue, ended.chosen) for ended in call.of(WaitEnded)] == [(False, False)]
    assert "waiting-sorry" not in call.said
    assert not call.of(CallBackAsked)
    call.customer_must_wait()
    call.passes(30)
    assert call.engine.state is CallState.WAITING


def test_jh19_a_hotline_that_calls_nobody_back_takes_the_message_after_the_limit() -> None:
    call = waiting(Story(replace(gas().plan, call_back=None)))
    call.passes(190)
    assert call.words[-2:] == [SORRY, FURTHER]
    assert len(call.of(MessageTaken)) == 1


@pytest.mark.parametrize("hotline", [water, tax, desk])
def test_every_hotlines_waiting_customer_can_be_called_back(hotline: Callable[[], Story]) -> None:
    call = waiting(hotline())
    call.passes(15)
    call.presses("1")
    its_prompt_said(call).passes(1)
    call.presses("1")
    assert call.plan.call_back is not None
    call.passes(1)
    assert call.of(CallBackAsked) == [CallBackAsked(CALLER, NumberSource.CALLER_ID, True)]
    assert call.words[-1] == call.plan.call_back.noted.text


def test_jh8_keys_that_mean_nothing_leave_the_wait_as_it_is() -> None:
    call = waiting()
    call.presses("34567890*#")
    call.passes(24)
    assert call.words[1:] == [FIRST, AGAIN]
    assert call.engine.state is CallState.WAITING


def test_jh8_keys_of_whom_the_agent_lets_wait_leave_him_where_he_is() -> None:
    call = waiting()
    call.agent_answers()
    call.passes(5)
    call.customer_must_wait()
    call.presses("1")
    call.passes(10)
    assert call.engine.state is CallState.WAITING


# -- key 2: a message ------------------------------------------------------------------------------------------


def test_jh19_key_2_leaves_a_message_at_once() -> None:
    call = waiting()
    call.passes(5)
    call.presses("2")
    call.passes(0.1)
    assert call.of(PromptFinished)[-1].cut is CutReason.WAIT_ENDED
    assert call.words[-1] == SPEAK
    assert call.of(WaitEnded)[-1].chosen
    its_prompt_said(call)
    assert len(call.of(MessageTaken)) == 1, "the case that he has told is a message, whatever he does now"
    call.passes(5)  # longer than a pause in his words would be
    call.customer_speaks(5)
    call.passes(3.1)
    assert len(call.of(MessageTaken)) == 2
    assert call.words[-1] == FURTHER
