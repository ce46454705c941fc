"""The Jihua Gas hotline as it ships: rings, greetings, bad lines, closings (JH-1 … JH-7, JH-10, JH-11)."""

import pytest

from drivers.line import Answer, Release, Verdict
from gateway.call.facts import CallAnswered, CutReason, PromptFinished, Released, ReleasedBy
from gateway.call.states import CallState
from tests.scenarios.hotlines import gas, ring_up

pytestmark = pytest.mark.unit

GREETING = "您好!济华热线801号为您服务,请问有什么可以帮您吗?"
FURTHER = "请问还有其他需要咨询的吗?"
SILENT_LINE = ["您的电话已接通。", "您的电话已接通,请讲话。", "很抱歉,听不到您的声音,请挂机后重拨,再见!"]
NOISY_LINE = ["您好,请讲", "您好,请讲", "很抱歉,听不清您讲话,请您挂机后重拨,再见"]
HOTLINES = ["jihua-gas", "runfa-water", "jinsui-tax", "service-desk", "tietong-keyaccount"]
PASSED_ON = (
    "感谢您的来电,您反映的问题我们会尽快转相关部门进行落实,欢迎您以后随时拨打济华热线提出您的宝贵意见,再见!"
)


def test_jh1_answers_after_the_second_ring_with_the_third_in_reserve() -> None:
    call = gas()
    call.rings(1)
    call.caller_id()
    call.passes(4.9)
    assert not call.ordered(Answer)
    call.rings(1, first=2)
    assert call.ordered(Answer) == [4.9]


def test_jh1_a_number_that_did_not_come_after_the_first_ring_holds_nobody_up() -> None:
    call = gas()
    call.rings(2)
    call.passes(60)
    assert call.ordered(Answer) == [5.0]


def test_jh1_a_second_ring_that_nobody_noticed_is_answered_after_the_third() -> None:
    call = gas()
    call.rings(1)
    call.passes(10)
    call.rings(1, first=3)
    assert call.ordered(Answer) == [10.0]


def test_jh2_the_line_waits_until_the_customer_has_hung_up() -> None:
    call = gas().greeted()
    call.customer_speaks(20)
    call.passes(70)
    assert call.words[-1] == PASSED_ON
    assert call.engine.state is CallState.CLOSING
    assert not call.ordered(Release)
    call.hangs_up()
    assert call.released == Released(ReleasedBy.CUSTOMER, "bye")


def test_jh2_the_guard_alone_releases_a_line_left_open_for_a_minute() -> None:
    call = gas().greeted()
    call.customer_speaks(20)
    call.passes(300)
    assert call.released == Released(ReleasedBy.GUARD, "JH-2")
    assert call.at(Released) - call.at(PromptFinished, "farewell") == pytest.approx(60.0)


def test_jh3_greets_with_the_agents_number() -> None:
    assert gas("801").greeted().told == [(0.0, GREETING)]
    assert gas("37").greeted().words == ["您好!济华热线37号为您服务,请问有什么可以帮您吗?"]


def test_jh3_the_greeting_is_said_to_its_end_even_to_who_speaks_into_it() -> None:
    call = gas()
    call.caller_id()
    call.rings(2)
    call.passes(1)
    call.customer_is(Verdict.SPEECH)
    call.passes(30)
    assert call.heard == ["greeting"]


def test_jh4_a_trainee_says_so() -> None:
    assert gas(trainee=True).greeted().told == [(0.0, "您好,实习话务员为您服务。")]


@pytest.mark.parametrize("trainee", [False, True])
def test_jh5_an_overflow_is_greeted_shortly(trainee: bool) -> None:
    assert gas(trainee=trainee, overflow=True).greeted().told == [(0.0, "您好,请讲")]


def test_jh6_a_silent_line_is_told_three_times_and_released() -> None:
    call = gas().greeted()
    call.customer_is(Verdict.SILENT, level=-70)
    call.passes(60)
    assert call.told == [
        (0.0, GREETING),
        (5.0, "您的电话已接通。"),
        (5.0, "您的电话已接通,请讲话。"),
        (5.0, "很抱歉,听不到您的声音,请挂机后重拨,再见!"),
    ]
    assert call.heard[-1] == "silent-final"
    assert call.released == Released(ReleasedBy.STANDARD, "JH-6")
    assert call.at(Released) == call.at(PromptFinished, "silent-final")


def test_jh6_who_speaks_after_the_second_telling_is_listened_to() -> None:
    call = gas().greeted()
    call.passes(5 + 3.5 + 5 + 1)
    assert call.words[-1] == "您的电话已接通,请讲话。"
    call.customer_speaks(10)
    call.passes(3.1)
    assert call.of(PromptFinished)[-1].cut is CutReason.BARGE_IN
    assert call.words[-1] == FURTHER


@pytest.mark.parametrize("verdict", [Verdict.NOISY, Verdict.FAINT])
def test_jh7_who_is_not_understood_is_asked_twice_and_released_three_seconds_later(verdict: Verdict) -> None:
    call = gas().greeted()
    call.customer_is(verdict, level=-42)
    call.passes(60)
    assert call.told == [
        (0.0, GREETING),
        (3.0, "您好,请讲"),
        (3.0, "您好,请讲"),
        (3.0, "很抱歉,听不清您讲话,请您挂机后重拨,再见"),
    ]
    assert call.released == Released(ReleasedBy.STANDARD, "JH-7")
    assert call.at(Released) - call.at(PromptFinished, "noisy-final") == pytest.approx(3.0)


def test_jh7_who_comes_back_in_the_last_three_seconds_is_listened_to() -> None:
    call = gas().greeted()
    call.customer_is(Verdict.NOISY)
    call.passes(3 + 2 + 3 + 2 + 3 + 9.5 + 2)
    assert call.heard[-1] == "noisy-final"
    call.customer_speaks(10)
    call.passes(60)
    assert call.words[-2:] == [FURTHER, PASSED_ON]
    assert call.released is None


@pytest.mark.parametrize("hotline", ["jinsui-tax", "service-desk", "tietong-keyaccount"])
def test_jh6_jh7_bad_lines_of_the_hotlines_that_say_nothing_of_them(hotline: str) -> None:
    for verdict, words in ((Verdict.SILENT, SILENT_LINE), (Verdict.NOISY, NOISY_LINE)):
        call = ring_up(hotline)
        call.presses("1")  # where there is a menu
        call.greeted().gets_the_word()
        call.customer_is(verdict)
        call.passes(60)
        assert call.words[-3:] == words
        assert call.released is not None
        assert call.released.by is ReleasedBy.STANDARD


@pytest.mark.parametrize("hotline", ["runfa-water", "tietong-keyaccount"])
def test_jh4_jh5_trainees_and_overflows_of_the_hotlines_that_say_nothing_of_them(hotline: str) -> None:
    assert ring_up(hotline, trainee=True).greeted().words[0] == "您好,实习话务员为您服务。"
    assert ring_up(hotline, overflow=True).greeted().words[0] == "您好,请讲"


@pytest.mark.parametrize("hotline", HOTLINES)
def test_jh22_every_call_is_recorded_from_off_hook_to_its_end(hotline: str) -> None:
    call = ring_up(hotline).greeted()
    call.passes(30)
    call.hangs_up()
    assert call.recordings[0] == ("calls/call.wav", call.at(CallAnswered), None)


def test_jh10_jh11_a_request_is_heard_out_and_passed_on() -> None:
    call = gas().greeted()
    call.customer_speaks(20)
    call.passes(60)
    assert call.told == [(0.0, GREETING), (23.0, FURTHER), (5.0, PASSED_ON)]
    assert [fact.prompt.clause for fact in call.of(PromptFinished)] == ["JH-3", "JH-10", "JH-11"]


def test_jh10_who_has_something_else_is_heard_and_asked_once_more() -> None:
    call = gas().greeted()
    call.customer_speaks(20)
    call.passes(3 + 6 + 2)
    call.customer_speaks(10)
    call.passes(60)
    assert call.told[1:] == [(23.0, FURTHER), (15.0, FURTHER), (5.0, PASSED_ON)]


@pytest.mark.parametrize(
    ("phrase", "text"), [("farewell_enquiry", "欢迎您再次来电,再见!"), ("farewell_thanks", "感谢您的来电。再见!")]
)
def test_jh10_the_agent_has_an_enquirys_farewell_said(phrase: str, text: str) -> None:
    call = gas().greeted()
    call.customer_speaks(20)
    call.agent_has_said(phrase)
    call.passes(10)
    assert call.told[1] == (20.0, text)
    assert call.of(PromptFinished)[1].prompt.clause == "JH-10"
