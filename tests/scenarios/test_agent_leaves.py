"""An agent leaves, or lets the customer wait: no agent's hang-up ever cuts a customer off (JH-2, TT-3)."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from drivers.line import HandsetLifted, Join, Release
from drivers.line import Part as JoinEnds
from gateway.call.facts import (
    AgentConnected,
    AgentLeft,
    CutReason,
    PromptFinished,
    Released,
    ReleasedBy,
    WaitEnded,
)
from gateway.call.states import CallState
from tests.scenarios.attended import talking
from tests.scenarios.hotlines import gas, key_account, tax, water
from tests.scenarios.story import LEG, Story
from tests.scenarios.words import AGAIN, FIRST, FURTHER, SORRY, THANKS

pytestmark = pytest.mark.unit

GOODBYE = "感谢您的来电。再见!"
NUISANCE = "如果您没有其它服务需求,请挂机,谢谢!"


def test_jh2_who_has_nothing_more_to_say_hears_the_farewell_and_hangs_up_first() -> None:
    call = talking()
    call.agent_hangs_up()
    assert call.commands[-2][1] == JoinEnds(LEG)
    call.passes(50)
    assert call.words[1:] == [FURTHER, call.plan.today.farewell.text]
    assert call.of(AgentLeft) == [AgentLeft("801", "hung_up")]
    assert call.engine.state is CallState.CLOSING
    assert not call.ordered(Release)
    call.hangs_up()
    assert call.released == Released(ReleasedBy.CUSTOMER, "bye")


@pytest.mark.parametrize("why", ["hung_up", "failed", "no_audio"])
def test_tt3_however_the_agents_leg_ends_the_customer_is_asked_at_once(why: str) -> None:
    call = talking(key_account())
    call.agent_hangs_up(why=why)
    at = call.now
    call.passes(40)
    assert call.began(call.plan.closing.further.text) == [pytest.approx(at, abs=0.1)]
    assert call.words[-1] == "感谢您的来电,再见!"
    assert not call.ordered(Release)
    call.hangs_up()
    assert call.released == Released(ReleasedBy.CUSTOMER, "bye")


def test_wd2_whose_agent_left_is_released_after_the_goodbye_alone() -> None:
    call = talking(water())
    call.agent_hangs_up()
    call.passes(60)
    assert call.words[1:] == ["请问您还有其它需要提供帮助的吗?", "感谢您来电,祝您工作顺利,再见"]
    assert call.released == Released(ReleasedBy.STANDARD, "WD-2")
    assert call.heard[-1] == "farewell"


@pytest.mark.parametrize("hotline", [gas, water, tax])
def test_jh2_who_speaks_again_waits_for_an_agent_again(hotline: Callable[[], Story]) -> None:
    call = talking(hotline())
    call.agent_hangs_up()
    call.passes(2)
    call.customer_speaks(8)
    assert call.of(PromptFinished)[-1].cut is CutReason.BARGE_IN
    call.passes(6)
    assert call.engine.state is CallState.WAITING
    call.agent_answers("802")
    call.passes(60)
    assert call.engine.state is CallState.TALKING
    assert [fact.agent for fact in call.of(AgentConnected)] == ["801", "802"]
    assert call.heard[-1] != "farewell"


def test_jh2_nobody_logged_in_any_more_takes_what_he_says_again_as_a_message() -> None:
    call = talking()
    call.nobody_is_there_any_more()
    call.agent_hangs_up()
    call.passes(7)
    call.customer_speaks(8)
    call.passes(3.1)
    assert call.words[-1] == FURTHER


def test_jh2_an_agent_who_leaves_while_a_phrase_is_said_lets_it_be_heard_to_its_end() -> None:
    call = talking()
    call.agent_has_said("nuisance")
    call.passes(1)
    call.agent_hangs_up()
    call.passes(20)
    assert call.heard[1:3] == ["phrase-nuisance", "further"]


def test_another_agent_who_comes_while_that_phrase_is_said_is_joined() -> None:
    call = talking()
    call.agent_has_said("nuisance")
    call.passes(1)
    call.agent_hangs_up()
    call.agent_answers("802")
    call.passes(60)
    assert call.heard[1:] == ["phrase-nuisance"]
    assert [fact.agent for fact in call.of(AgentConnected)] == ["801", "802"]
    assert call.engine.state is CallState.TALKING


def test_jh2_an_agent_who_leaves_while_the_customer_holds_is_told_of_when_he_is_back() -> None:
    call = talking()
    call.agent_hangs_up()
    call.passes(0.5)
    call.holds(300)
    call.passes(40)
    assert call.heard[1:] == ["further", "farewell"]
    call.hangs_up()
    assert call.released is not None
    assert call.released.by is ReleasedBy.CUSTOMER


# -- the agent lets him wait -----------------------------------------------------------------------------------


def held(call: Story, *, by_key: bool) -> None:
    """He is let wait by the agent's telephone, or by a code."""
    call.agent_holds() if by_key else call.customer_must_wait()


def taken_back(call: Story, *, by_key: bool) -> None:
    call.agent_is_back() if by_key else call.somebody_has_time()


@pytest.mark.parametrize("by_key", [True, False])
def test_jh8_whom_the_agent_lets_wait_is_parted_and_reassured_at_once(by_key: bool) -> None:
    call = talking()
    held(call, by_key=by_key)
    assert call.ordered(JoinEnds) == [call.now]
    call.passes(50)
    assert call.reassured == pytest.approx([0, 15, 30, 45], abs=0.5)
    taken_back(call, by_key=by_key)
    assert call.ordered(Join)[-1] == call.now
    call.passes(10)
    assert call.words[-1] == THANKS
    assert call.engine.state is CallState.TALKING
    assert len(call.of(AgentConnected)) == 1


def test_jh8_an_agent_who_is_back_soon_cuts_the_reassurance_and_they_talk_on() -> None:
    call = talking()
    call.agent_holds()
    call.passes(3)
    call.agent_is_back()
    call.passes(30)
    assert call.words[1:] == [FIRST]
    assert call.of(PromptFinished)[-1].cut is CutReason.WAIT_ENDED
    assert call.engine.state is CallState.TALKING


def test_jh8_a_phrase_is_heard_before_the_hold_begins() -> None:
    call = talking()
    call.agent_has_said("nuisance")
    call.agent_holds()
    assert not call.ordered(JoinEnds)
    call.passes(30)
    assert call.heard[1:3] == ["phrase-nuisance", "waiting-first"]


@pytest.mark.parametrize("by_key", [True, False])
def test_jh9_a_customer_whom_the_agent_forgets_is_apologised_to_and_never_lost(by_key: bool) -> None:
    call = talking()
    held(call, by_key=by_key)
    call.passes(190)
    assert SORRY in call.words
    assert call.of(WaitEnded)[0].overdue
    call.passes(300)
    assert not call.ordered(Release)
    if by_key:  # he still holds: reassured again
        assert call.engine.state is CallState.WAITING
        assert all(b - a < 18 for a, b in pairwise([*call.began(AGAIN), call.now]) if a > call.now - 100)
        call.agent_is_back()
    call.passes(10)
    assert call.engine.state is CallState.TALKING
    assert max(call.ordered(Join)) > max(call.ordered(JoinEnds))


@pytest.mark.parametrize("by_key", [True, False])
def test_jh2_an_agent_who_leaves_his_waiting_customer_leaves_one_who_waits_for_another(by_key: bool) -> None:
    call = talking()
    held(call, by_key=by_key)
    call.passes(20)
    call.agent_hangs_up()
    call.passes(20)
    assert call.reassured == pytest.approx([0, 15, 30], abs=0.5)
    call.agent_answers("802")
    call.passes(0)
    assert [fact.agent for fact in call.of(AgentConnected)] == ["801", "802"]
    assert call.engine.state is CallState.TALKING


def test_js2_whose_agent_leaves_him_waiting_with_nobody_else_there_does_not_wait_in_vain() -> None:
    call = talking()
    call.agent_holds()
    call.passes(20)
    call.nobody_is_there_any_more()
    call.passes(1)
    assert call.engine.state is CallState.WAITING
    call.agent_hangs_up()
    call.passes(3)
    assert call.words[-1] == SORRY
    call.passes(6)
    assert call.words[-1].startswith("您的电话号码是")


# -- other ends ------------------------------------------------------------------------------------------------


def test_a_parallel_telephone_takes_the_customer_from_the_agent() -> None:
    call = talking()
    call.reports(HandsetLifted(LEG))
    assert call.released == Released(ReleasedBy.HANDSET, "parallel telephone")
    assert call.ordered(Release) == [call.now]


def test_a_customer_whose_audio_is_lost_while_they_talk_is_nobodys_silent_line() -> None:
    call = talking()
    call.is_lost(600)
    assert not call.ordered(Release)
    assert call.engine.state is CallState.TALKING
    call.agent_hangs_up()
    call.passes(10)
    assert FURTHER in call.words


def test_who_leaves_while_the_greeting_is_said_is_stood_in_for_and_the_customer_told_to_wait() -> None:
    call = gas()
    call.is_offered_to("801")
    call.off_hook()
    call.agent_answers("801")
    call.passes(1)
    call.agent_hangs_up("801")
    call.passes(20)
    assert call.words[1:] == [FIRST]
    assert call.engine.state is CallState.WAITING
    call.agent_answers("802")
    assert call.engine.state is CallState.TALKING
