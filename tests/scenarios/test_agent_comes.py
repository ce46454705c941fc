"""An agent comes to the customer: whatever the line says by itself ends, and the two talk."""

from collections.abc import Callable

import pytest

from drivers.line import HangUpSign, Join, Play, Release, StopPlaying, Verdict
from drivers.line import Part as JoinEnds
from gateway.call.facts import (
    AgentConnected,
    AgentLeft,
    AgentRinging,
    CutReason,
    KindChosen,
    PromptFinished,
    Released,
    ReleasedBy,
    WaitBegan,
    WaitEnded,
)
from gateway.call.states import CallState
from tests.scenarios.at_the_desk import PEER, SOCKET
from tests.scenarios.hotlines import gas, key_account, tax, water
from tests.scenarios.story import LEG, Story
from tests.scenarios.words import AGAIN, FIRST, THANKS

pytestmark = pytest.mark.unit

HOTLINES = [gas, water, tax]
CONNECTED = "您的电话已接通。"


def offered(call: Story | None = None) -> Story:
    """A customer who was greeted, and whose agent is being rung."""
    call = call or gas()
    call.off_hook().is_offered_to(call.plan.agent)
    call.passes(sum(prompt.duration + 0.02 for prompt in call.plan.day(0).greeting))
    return call


def waiting() -> Story:
    """He has told his case, and waits for an agent."""
    call = offered()
    call.customer_speaks(10)
    call.passes(3.1)
    assert call.words[-1] == FIRST
    return call


def cut(call: Story) -> CutReason | None:
    """How the last prompt ended."""
    return call.of(PromptFinished)[-1].cut


@pytest.mark.parametrize("hotline", HOTLINES)
def test_jh3_who_answers_during_the_greeting_is_joined_at_once_and_the_greeting_goes_on(
    hotline: Callable[[], Story],
) -> None:
    call = hotline().off_hook()
    call.is_offered_to("801")
    call.passes(2)
    call.agent_answers()
    assert call.commands[-1] == (call.now, Join(LEG, SOCKET, PEER))
    assert call.engine.state is CallState.GREETING
    call.passes(0.5)
    assert not call.of(AgentConnected)
    call.passes(20)
    assert call.heard == ["greeting"]
    assert not call.ordered(StopPlaying)
    assert call.engine.state is CallState.TALKING
    assert call.at(AgentConnected) == pytest.approx(call.at(PromptFinished, "greeting"))


def test_jh3_who_answers_after_the_greeting_is_joined_at_once() -> None:
    call = offered()
    call.customer_is(Verdict.SPEECH)
    call.passes(3)
    call.agent_answers()
    assert call.commands[-1] == (call.now, Join(LEG, SOCKET, PEER))
    assert call.at(AgentConnected) == call.now
    assert call.engine.state is CallState.TALKING
    call.passes(60)
    assert call.heard == ["greeting"]


def test_two_who_talk_hear_nothing_of_the_line_however_long_they_are_silent() -> None:
    call = offered()
    call.agent_answers()
    call.customer_speaks(2)
    for verdict in Verdict:
        call.customer_is(verdict)
        call.passes(1000)
    call.presses("12#*")
    call.is_lost(300)
    call.holds(300)
    assert call.words == [call.plan.today.greeting[0].text]
    assert not call.ordered(Release)
    assert call.engine.state is CallState.TALKING


def test_jh6_an_agent_who_answers_cuts_the_ladders_prompt() -> None:
    call = offered()
    call.passes(6)
    assert call.words[-1] == CONNECTED
    call.agent_answers()
    assert call.ordered(Join) == call.ordered(StopPlaying) == [call.now]
    call.passes(0)
    assert cut(call) is CutReason.AGENT
    call.passes(60)
    assert call.engine.state is CallState.TALKING
    assert call.words[-1] == CONNECTED


def test_jh8_an_agent_who_answers_cuts_the_reassurance() -> None:
    call = waiting()
    call.passes(5)
    call.agent_answers()
    assert call.ordered(Join) == call.ordered(StopPlaying) == [call.now]
    call.passes(0)
    assert cut(call) is CutReason.AGENT
    call.passes(100)
    assert call.words[-1] == FIRST
    assert [fact.waited for fact in call.of(WaitEnded)] == [pytest.approx(5.1, abs=0.2)]


def test_jh9_an_agent_who_answers_after_a_long_wait_is_joined_while_the_customer_is_thanked() -> None:
    call = waiting()
    call.passes(40)
    call.agent_answers()
    assert call.ordered(Join) == [call.now]
    call.passes(0)
    assert call.engine.state is CallState.TALKING
    call.passes(10)
    assert call.words[-1] == THANKS
    assert call.heard[-1] == "waiting-thanks"
    assert call.engine.state is CallState.TALKING


def test_jh3_an_agent_who_does_not_come_is_no_second_greeting() -> None:
    call = offered()
    call.agent_misses()
    call.is_offered_to("802")
    call.passes(4)
    assert call.words[1:] == [FIRST]
    call.passes(6)
    call.agent_answers("802")
    call.passes(30)
    assert call.words == [call.plan.today.greeting[0].text, FIRST]
    assert [fact.agent for fact in call.of(AgentRinging)] == ["801", "802"]
    assert [fact.agent for fact in call.of(AgentConnected)] == ["802"]


def test_jh8_whose_agent_refuses_during_the_greeting_is_told_to_wait_as_soon_as_it_has_ended() -> None:
    call = gas().off_hook()
    call.is_offered_to("801")
    call.agent_misses(why="refused")
    call.passes(20)
    assert call.heard[0] == "greeting"
    assert call.told[1] == (0.0, FIRST)


def test_jh3_one_who_misses_and_one_who_comes_during_the_greeting() -> None:
    call = gas().off_hook()
    call.is_offered_to("801")
    call.agent_misses()
    call.agent_answers("802")
    call.passes(60)
    assert call.heard == ["greeting"]
    assert not call.of(WaitBegan)
    assert call.engine.state is CallState.TALKING


def test_jh6_a_silent_customer_goes_on_up_his_ladder_though_no_agent_comes() -> None:
    call = offered()
    call.customer_is(Verdict.SILENT)
    call.passes(10)
    call.agent_misses()
    call.passes(60)
    assert [key for key in call.heard[1:] if key] == ["silent-1", "silent-2", "silent-final"]
    assert call.released == Released(ReleasedBy.STANDARD, "JH-6")


def test_jh8_one_who_speaks_is_not_interrupted_and_waits_when_he_has_ended() -> None:
    call = offered()
    call.customer_is(Verdict.SPEECH)
    call.passes(2)
    call.agent_misses()
    call.passes(20)
    assert len(call.words) == 1
    call.customer_is(Verdict.SILENT)
    call.passes(3.1)
    assert call.words[1:] == [FIRST]


def test_jh8_one_who_begins_to_speak_in_the_greeting_is_not_interrupted_either() -> None:
    call = gas().off_hook()
    call.is_offered_to("801")
    call.agent_misses()
    call.passes(2)
    call.customer_is(Verdict.SPEECH)
    call.passes(30)
    assert call.words == [call.plan.today.greeting[0].text]
    call.customer_is(Verdict.SILENT)
    call.passes(3.1)
    assert call.words[1:] == [FIRST]


def test_jh2_an_agent_who_leaves_during_the_greeting_leaves_a_customer_who_tells_his_case() -> None:
    call = gas().off_hook()
    call.is_offered_to("801")
    call.agent_answers()
    call.passes(1)
    call.agent_hangs_up()
    assert call.commands[-1] == (call.now, JoinEnds(LEG))
    call.passes(15)
    call.customer_speaks(5)
    call.passes(3.1)
    assert call.heard[0] == "greeting"
    assert call.words[1:] == [FIRST]
    assert not call.of(AgentConnected)
    assert call.of(AgentLeft) == [AgentLeft("801", "hung_up")]


def test_who_holds_his_telephone_during_the_greeting_leaves_nobody_in_silence() -> None:
    call = gas().off_hook()
    call.is_offered_to("801")
    call.agent_answers()
    call.agent_holds()
    call.passes(30)
    assert call.words[1:] == [FIRST, AGAIN]
    call.agent_is_back()
    call.passes(30)
    assert call.engine.state is CallState.TALKING
    assert call.words[1:] == [FIRST, AGAIN]


def test_js3_an_agent_who_comes_during_the_intake_asks_himself() -> None:
    call = tax().greeted()
    call.customer_speaks(5)
    call.passes(6)
    assert call.engine.state is CallState.PROMPTING
    asked = len(call.words)
    call.agent_answers()
    call.passes(120)
    assert len(call.words) == asked
    assert cut(call) is CutReason.AGENT
    assert call.engine.state is CallState.TALKING


def test_tt1_an_agent_who_comes_during_the_menu_is_told_the_rest() -> None:
    call = key_account().greeted()
    call.passes(1)
    call.agent_answers()
    call.passes(1)
    assert cut(call) is CutReason.AGENT
    call.presses("4")
    call.passes(60)
    assert not call.of(KindChosen)  # he talks: no key calls in people
    assert len(call.words) == 2


def test_an_agent_who_comes_after_the_last_words_began_is_not_joined() -> None:
    call = offered()
    call.passes(6)
    call.passes(3.6 + 5 + 6 + 5)
    assert call.engine.state is CallState.CLOSING
    call.agent_answers()
    assert not call.ordered(Join)


def test_a_second_agent_never_joins() -> None:
    call = offered()
    call.agent_answers("801")
    call.agent_answers("802")
    call.agent_hangs_up("802")
    call.passes(30)
    assert len(call.ordered(Join)) == 1
    assert call.engine.state is CallState.TALKING
    assert not call.of(AgentLeft)


def test_a_customer_who_hangs_up_while_they_talk_is_the_first() -> None:
    call = offered()
    call.agent_answers()
    call.passes(30)
    call.hangs_up(HangUpSign.BUSY_TONE)
    assert call.ordered(Release) == [call.now]
    assert call.released == Released(ReleasedBy.CUSTOMER, "busy_tone")
    call.agent_hangs_up()
    assert len(call.ordered(Play)) == 1
