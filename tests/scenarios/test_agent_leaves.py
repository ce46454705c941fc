"""An agent leaves, or lets the customer wait: no agent's hang-up ever cuts a customer off (JH-2, TT-3)."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from drivers.line import HandsetLifted, Join, Release, Verdict
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
from gateway.call.plan import Part
from gateway.call.states import CallState
from tests.scenarios.hotlines import gas, key_account, tax, water
from tests.scenarios.story import LEG, Story

pytestmark = pytest.mark.unit

FIRST = "请您稍等,正在把您说的问题记录并向相关部门咨询"
AGAIN = "请稍等,正在为您查询。"
THANKS = "感谢您的耐心等待"
SORRY = "很抱歉,让您久等了"
FURTHER = "请问还有其他需要咨询的吗?"
GOODBYE = "感谢您的来电。再见!"
NUISANCE = "如果您没有其它服务需求,请挂机,谢谢!"


def talking(call: Story | None = None) -> Story:
    """An agent has answered during the greeting, and has talked with the customer for a minute."""
    call = call or gas()
    call.off_hook().is_offered_to(call.plan.agent)
    call.agent_answers(call.plan.agent)
    call.passes(30)
    call.customer_speaks(30)
    assert call.engine.state is CallState.TALKING
    return call


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


# -- phrases, and the agent's farewell -------------------------------------------------------------------------


def test_jh14_a_phrase_by_key_is_heard_to_its_end_and_they_talk_on() -> None:
    call = talking()
    call.agent_has_said("foul_language")
    assert call.commands[-1][0] == call.now
    call.customer_speaks(1)
    call.passes(30)
    assert call.heard[1:] == ["phrase-foul-language"]
    assert call.engine.state is CallState.TALKING
    assert not call.ordered(JoinEnds)


def test_jh18_another_agent_than_the_greeted_one_gives_his_own_number() -> None:
    call = gas().greeted()
    theirs = gas("802").plan.phrases
    call.is_offered_to("802")
    call.agent_answers("802", phrases=theirs)
    call.agent_has_said("number_only")
    call.passes(20)
    assert call.words[-1] == "对不起,工作时我们只报工号,我的工号是802号。"
    assert call.of(PromptFinished)[-1].prompt.part is Part.PHRASE


def test_jh2_the_guard_runs_only_once_the_agent_has_hung_up_too() -> None:
    call = talking()
    call.agent_has_said("farewell_thanks")
    call.passes(300)
    assert call.words[-1] == GOODBYE
    assert call.engine.state is CallState.CLOSING
    assert not call.ordered(Release)
    call.agent_hangs_up()
    guard = call.plan.closing.guard
    call.passes(guard - 0.1)
    assert not call.ordered(Release)
    call.passes(0.2)
    assert call.released == Released(ReleasedBy.GUARD, "JH-2")


def test_wd2_an_agent_who_talks_on_after_the_farewell_is_cut_off_by_nobody() -> None:
    call = talking(with_farewell(water()))
    call.agent_has_said("goodbye")
    call.passes(100)
    assert call.heard[-1] == "farewell"
    assert not call.ordered(Release)
    call.agent_hangs_up()
    call.passes(30)
    assert call.released == Released(ReleasedBy.STANDARD, "WD-2")


def test_wd2_a_customer_who_says_goodbye_as_the_agent_hangs_up_is_not_cut_off() -> None:
    call = talking(with_farewell(water()))
    call.agent_has_said("goodbye")
    call.passes(20)
    call.customer_is(Verdict.SPEECH)
    call.agent_hangs_up()
    call.passes(60)
    assert not call.ordered(Release)
    call.customer_is(Verdict.SILENT)


def test_jh10_a_customer_who_talks_on_after_the_farewell_talks_to_the_agent() -> None:
    call = talking()
    call.agent_has_said("farewell_enquiry")
    call.passes(10)
    call.customer_speaks(4)
    assert call.engine.state is CallState.TALKING
    call.passes(100)
    assert call.words[-1] == "欢迎您再次来电,再见!"
    call.agent_hangs_up()
    call.passes(3)
    assert call.words[-1] == FURTHER


def test_jh10_a_farewell_to_a_customer_who_waits_joins_the_two_again() -> None:
    call = talking()
    call.customer_must_wait()
    call.passes(20)
    call.agent_has_said("farewell_thanks")
    call.passes(20)
    assert call.words[-1] == GOODBYE
    assert call.ordered(Join)[-1] > call.ordered(JoinEnds)[-1]
    call.passes(300)
    assert not call.ordered(Release)


def test_tt3_a_key_account_who_speaks_after_the_agents_farewell_is_heard() -> None:
    call = key_account().off_hook()
    call.agent_answers()
    call.passes(60)
    call = with_farewell_said(call)
    call.agent_hangs_up()
    call.customer_speaks(5)
    call.passes(10)
    assert call.engine.state is CallState.WAITING


def with_farewell(call: Story) -> Story:
    """The same hotline, whose agents have the farewell said by a key."""
    farewell = replace(call.plan.today.farewell, part=Part.LAST_WORDS)
    return Story(replace(call.plan, phrases={**call.plan.phrases, "goodbye": farewell}))


def with_farewell_said(call: Story) -> Story:
    key = next(key for key, phrase in call.plan.phrases.items() if phrase.part is Part.LAST_WORDS)
    call.agent_has_said(key)
    call.passes(20)
    assert call.engine.state is CallState.CLOSING
    return call


# -- warnings and notices --------------------------------------------------------------------------------------


def noticed() -> Story:
    """A call that is recorded, by somebody whose number has earned JH-13's words."""
    plan = gas().plan
    recorded = replace(plan.phrases["dialect"], key="notice", part=Part.GREETING)
    return Story(replace(plan, notices=(recorded, plan.phrases["nuisance"])))


def test_jh13_a_listed_number_is_warned_once_after_the_greeting_and_never_hung_up_on() -> None:
    call = noticed().off_hook()
    call.customer_is(Verdict.SPEECH)
    call.passes(60)
    assert call.heard == ["greeting", "notice", "phrase-nuisance"]
    call.customer_is(Verdict.SILENT)
    call.passes(3.1)
    assert call.words[-1] == FURTHER
    assert call.words.count(NUISANCE) == 1
    call.passes(40)
    assert not call.ordered(Release)


def test_jh13_an_agent_who_answers_in_the_greeting_talks_when_the_notices_have_ended() -> None:
    call = noticed().off_hook()
    call.agent_answers()
    call.passes(60)
    assert call.heard == ["greeting", "notice", "phrase-nuisance"]
    assert call.at(AgentConnected) == call.at(PromptFinished, "phrase-nuisance")


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


def test_tt3_who_speaks_after_a_farewell_into_the_menu_is_heard_too() -> None:
    call = with_farewell_said(key_account().greeted())
    call.customer_speaks(5)
    call.passes(60)
    assert call.engine.state is not CallState.LISTENING
    assert len(call.words) > 3
