"""What is said by key while an agent talks, his farewell, and what every customer is told after the greeting."""

from dataclasses import replace

import pytest

from drivers.line import Join, Release, Verdict
from drivers.line import Part as JoinEnds
from gateway.call.facts import (
    AgentConnected,
    PromptFinished,
    Released,
    ReleasedBy,
)
from gateway.call.plan import Part
from gateway.call.states import CallState
from tests.scenarios.attended import talking
from tests.scenarios.hotlines import gas, key_account, water
from tests.scenarios.story import Story
from tests.scenarios.words import FURTHER

pytestmark = pytest.mark.unit

GOODBYE = "感谢您的来电。再见!"
NUISANCE = "如果您没有其它服务需求,请挂机,谢谢!"


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


def test_tt3_who_speaks_after_a_farewell_into_the_menu_is_heard_too() -> None:
    call = with_farewell_said(key_account().greeted())
    call.customer_speaks(5)
    call.passes(60)
    assert call.engine.state is not CallState.LISTENING
    assert len(call.words) > 3


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
