"""The number at which a waiting customer is called back: read back, keyed in, confirmed, or none given (JH-19)."""

import pytest

from drivers.line import CallerId, CallerIdReceived, FarEndHeld, Join, Release, Verdict
from gateway.call.facts import (
    AgentConnected,
    CallBackAsked,
    CutReason,
    KindChosen,
    MessageTaken,
    NumberSource,
    PromptFinished,
    WaitEnded,
)
from gateway.call.plan import Part
from gateway.call.requests import RequestRefused
from gateway.call.states import CallState
from tests.scenarios.attended import CALLER, its_prompt_said, waiting
from tests.scenarios.hotlines import gas, key_account
from tests.scenarios.story import LEG, Story
from tests.scenarios.words import ASK, FURTHER, NOTED, SORRY, SPEAK, read_back

pytestmark = pytest.mark.unit


def asked_back(number: str | None = CALLER) -> Story:
    """He has pressed the key, and hears what comes of it."""
    call = waiting(number=number)
    call.passes(20)
    call.presses("1")
    call.passes(0.1)
    return call


def test_jh19_key_1_reads_the_callers_number_back_and_key_1_confirms_it() -> None:
    call = asked_back()
    assert call.words[-1] == read_back(CALLER)
    played = call.of(PromptFinished)[-1].prompt
    assert played.key == "waiting-again"
    its_prompt_said(call).passes(2)
    call.presses("1")
    call.passes(8)
    assert call.of(CallBackAsked) == [CallBackAsked(CALLER, NumberSource.CALLER_ID, True)]
    assert call.words[-1] == NOTED
    call.passes(10)
    assert call.words[-1] == FURTHER


def test_wd11_the_number_is_played_and_not_written() -> None:
    call = its_prompt_said(asked_back())
    prompt = call.of(PromptFinished)[-1].prompt
    digits = [name[6] for name in prompt.recordings if name.startswith("digit-")]
    assert "".join(digits) == CALLER
    assert not any(digit in prompt.text.replace("按1", "").replace("按2", "") for digit in "345678")


def test_jh19_who_knows_confirms_into_the_read_back() -> None:
    call = asked_back()
    call.passes(2)
    call.presses("1")
    call.passes(1)
    assert call.words[-1] == NOTED
    assert next(f for f in call.of(PromptFinished) if f.prompt.part is Part.CALL_BACK).cut is CutReason.BARGE_IN


def test_jh19_who_says_nothing_is_called_back_at_his_number_unconfirmed() -> None:
    call = its_prompt_said(asked_back())
    call.passes(8.1)
    assert call.of(CallBackAsked) == [CallBackAsked(CALLER, NumberSource.CALLER_ID, False)]
    assert call.words[-1] == NOTED


def test_jh19_a_wrong_number_is_keyed_in_anew_ended_and_confirmed() -> None:
    call = its_prompt_said(asked_back())
    call.presses("2")
    call.passes(0.1)
    assert call.words[-1] == ASK
    its_prompt_said(call).passes(3)
    call.presses("05311234567#")
    call.passes(0.1)
    assert call.words[-1] == read_back("05311234567")
    its_prompt_said(call)
    call.presses("1")
    assert call.of(CallBackAsked) == [CallBackAsked("05311234567", NumberSource.KEYED, True)]


def test_jh19_a_number_without_its_end_is_complete_when_nothing_more_comes() -> None:
    call = its_prompt_said(asked_back(None))
    call.presses("85012345")
    call.passes(10)
    assert call.words[-1] == read_back("85012345")


def test_jh19_who_begins_into_the_question_need_not_hear_its_rest() -> None:
    call = asked_back(None)
    call.passes(2)
    call.presses("85012345#")
    call.passes(0.1)
    assert call.words[-1] == read_back("85012345")
    ask = next(f for f in call.of(PromptFinished) if f.prompt.text == ASK)
    assert ask.cut is CutReason.BARGE_IN


def test_jh19_the_first_key_ends_the_question() -> None:
    call = asked_back(None)
    call.passes(2)
    call.presses("8")
    call.passes(0.1)
    assert call.of(PromptFinished)[-1].cut is CutReason.BARGE_IN
    assert call.words[-1] == ASK


def test_jh19_a_star_begins_the_number_anew() -> None:
    call = its_prompt_said(asked_back(None))
    call.presses("999*85012345#")
    call.passes(0.1)
    its_prompt_said(call)
    call.presses("1")
    assert call.of(CallBackAsked) == [CallBackAsked("85012345", NumberSource.KEYED, True)]


@pytest.mark.parametrize("number", [None, "", "110", "anonymous", "1234567890123456"])
def test_jh19_who_has_no_number_that_can_be_called_is_asked_for_one(number: str | None) -> None:
    assert asked_back(number).words[-1] == ASK


def test_jh19_a_number_that_comes_late_is_read_back_too() -> None:
    call = gas()
    call.rings(2)
    call.passes(4)
    call.reports(CallerIdReceived(LEG, CallerId("05318888888")))
    call.is_offered_to("801")
    call.passes(20)
    call.customer_speaks(10)
    call.passes(5)
    call.presses("1")
    call.passes(0.1)
    assert call.words[-1] == read_back("05318888888")


def test_jh19_a_number_too_short_is_asked_for_again_and_then_he_may_speak() -> None:
    call = asked_back(None)
    for _ in range(3):
        assert its_prompt_said(call).words[-1] == ASK
        call.presses("123#")
        call.passes(0.1)
    assert call.words.count(ASK) == 3
    assert call.of(CallBackAsked) == [CallBackAsked(None, None, False)]
    assert len(call.of(MessageTaken)) == 1  # he has told his case
    assert call.words[-1] == FURTHER


def test_jh19_who_has_not_told_his_case_yet_is_asked_to_once_no_number_is_to_be_had() -> None:
    call = gas().greeted(None)
    call.is_offered_to("801")
    call.agent_misses()
    call.passes(20)
    call.presses("1")
    call.passes(60)
    assert call.words.count(ASK) == 3
    assert call.words[call.words.index(ASK) + 3] == SPEAK


def test_jh19_a_voice_or_a_noise_does_not_cut_what_he_must_hear() -> None:
    call = asked_back()
    call.passes(1)
    call.customer_speaks(3)
    its_prompt_said(call)
    assert call.of(PromptFinished)[-1].cut is None


def test_jh19_a_key_that_is_no_answer_does_not_cut_it_either() -> None:
    call = asked_back(None)
    call.presses("123456789012345#")
    call.passes(0.1)
    assert call.words[-1] == read_back("123456789012345")
    call.presses("59")
    its_prompt_said(call)
    assert call.of(PromptFinished)[-1].cut is None


# -- in the middle of all that ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [0, 1, 5, 30])
@pytest.mark.parametrize("number", [CALLER, None])
def test_an_agent_who_answers_while_the_number_is_taken_is_joined_at_once(
    number: str | None, seconds: float
) -> None:
    call = asked_back(number)
    call.passes(seconds)
    if call.of(CallBackAsked):
        return
    call.agent_answers()
    assert call.ordered(Join) == [call.now]
    call.passes(0)
    said = len(call.words)
    call.presses("85012345#1")
    call.passes(100)
    assert call.engine.state is CallState.TALKING
    assert len(call.words) == said
    assert not call.of(CallBackAsked)
    assert len(call.of(AgentConnected)) == 1


def test_an_agent_who_came_so_can_be_followed_by_another() -> None:
    call = asked_back()
    call.agent_answers()
    call.passes(10)
    call.agent_hangs_up()
    call.passes(7)
    call.customer_speaks(5)
    call.passes(3.1)
    assert call.engine.state is CallState.WAITING


def test_jh8_the_customers_hold_stops_every_clock_of_the_number() -> None:
    call = its_prompt_said(asked_back(None))
    call.presses("8501")
    call.holds(300)
    call.presses("2345#")
    call.passes(0.1)
    assert call.words[-1] == read_back("85012345")
    call.holds(300)
    its_prompt_said(call)
    call.holds(300)
    assert not call.of(CallBackAsked)
    call.presses("1")
    assert call.of(CallBackAsked) == [CallBackAsked("85012345", NumberSource.KEYED, True)]


def test_jh9_an_agent_who_answers_a_customer_on_hold_is_joined_at_once() -> None:
    call = waiting()
    call.passes(20)
    call.reports(FarEndHeld(LEG))
    call.passes(100)
    call.agent_answers()
    assert call.ordered(Join) == [call.now]
    assert [fact.waited for fact in call.of(WaitEnded)] == [pytest.approx(120, abs=1)]


def test_a_wait_cannot_be_asked_for_while_the_number_is_taken() -> None:
    call = asked_back()
    with pytest.raises(RequestRefused, match="number is being taken"):
        call.customer_must_wait()
    call.agent_has_said("sorry_for_waiting")
    call.passes(25)
    assert call.words.count(SORRY) == 1


def test_tt1_who_waits_before_the_menu_is_called_back_and_not_asked_by_it() -> None:
    call = key_account().off_hook()
    call.is_offered_to("801")
    call.agent_misses()
    call.passes(20)
    call.presses("1")
    its_prompt_said(call).passes(1)
    call.presses("1")
    call.passes(60)
    assert call.plan.menu is not None
    assert call.plan.menu.prompt.text not in call.words
    assert len(call.of(KindChosen)) == 1
    assert call.words[-1] == call.plan.today.farewell.text


def test_who_hangs_up_while_his_number_is_taken_is_gone() -> None:
    call = asked_back()
    call.hangs_up()
    assert call.engine.next_deadline() is None
    assert not call.ordered(Release)


def test_an_agents_farewell_while_the_number_is_taken_is_the_last_word() -> None:
    call = its_prompt_said(asked_back())
    call.agent_has_said("farewell_thanks")
    call.presses("1")
    call.passes(30)
    assert call.engine.state is CallState.CLOSING
    assert not call.of(CallBackAsked)


def test_a_silent_line_that_waited_is_still_served_by_its_ladder() -> None:
    call = gas().greeted(None)
    call.is_offered_to("801")
    call.customer_is(Verdict.SILENT)
    call.agent_misses()
    call.passes(400)
    assert call.words[-1].startswith("很抱歉,听不到您的声音")
    assert call.of(WaitEnded)[-1].overdue


def test_a_number_that_is_too_long_is_none_and_asked_for_again() -> None:
    call = asked_back()
    its_prompt_said(call).presses("2")
    its_prompt_said(call).presses("0013800138000138001380#", every=0.2)
    its_prompt_said(call)
    assert call.words[-2:] == [ASK, ASK]
    assert not call.of(CallBackAsked)
