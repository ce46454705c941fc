"""The key-account hotline as it ships: the menu, the complaint, the farewell (TT-1, TT-2, TT-3)."""

from datetime import datetime

import pytest

from drivers.line import Release, StopPlaying, Verdict
from gateway.call.facts import (
    AlertRaised,
    CutReason,
    DigitDialled,
    KindChosen,
    PromptFinished,
    Released,
    ReleasedBy,
)
from gateway.call.states import CallState
from tests.scenarios.hotlines import SHANGHAI, key_account
from tests.scenarios.story import Story

pytestmark = pytest.mark.unit

GREETING = "您好!大客户热线801号为您服务。"
MENU = "业务咨询请按1,一般投诉请按2,设备故障请按3,重大投诉或争议请按4。"
TELL_US = "请您讲。"
LISTENING = "请您讲,我们认真听取您的意见。"
CALLED_IN = "您反映的设备故障已经通知相关部门和人员。"
APOLOGY = "非常抱歉,给您带来了不便。"
RECORDED = "您反映的问题已经完整记录下来了。"
DEADLINE = "我们会在24小时内给您答复。"
APOLOGY_AGAIN = "再次向您表示歉意。"
FURTHER = "请问还有其他需要咨询的吗?"
FAREWELL = "感谢您的来电,再见!"

KINDS = [
    ("1", "enquiry", False, TELL_US),
    ("2", "complaint", False, LISTENING),
    ("3", "equipment_fault", True, TELL_US),
    ("4", "serious_complaint", True, LISTENING),
]


def chosen(key: str) -> Story:
    """A customer who has pressed `key`, and was asked to tell his case."""
    call = key_account().greeted()
    call.passes(1)
    call.presses(key)
    return call.gets_the_word()


# -- TT-1: four kinds of request -------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "kind", "alert", "opening"), KINDS)
def test_tt1_a_key_during_the_menu_stops_it_and_chooses(key: str, kind: str, alert: bool, opening: str) -> None:
    call = key_account().greeted()
    call.passes(4)
    call.presses(key)
    call.passes(0.1)
    assert call.told == [(0.0, GREETING), (0.0, MENU), (0.0, opening)]
    assert call.of(PromptFinished)[-1].cut is CutReason.BARGE_IN
    assert call.of(KindChosen) == [KindChosen(kind, key, "TT-1")]
    assert call.of(AlertRaised) == ([AlertRaised(kind, "TT-1")] if alert else [])


@pytest.mark.parametrize(("key", "kind", "alert", "opening"), KINDS)
def test_tt1_a_key_during_the_greeting_spares_the_menu(key: str, kind: str, alert: bool, opening: str) -> None:
    call = key_account()
    call.caller_id()
    call.rings(2)
    call.passes(2)
    call.presses(key)
    assert not call.ordered(StopPlaying)  # the greeting is said to its end
    call.passes(10)
    assert call.told == [(0.0, GREETING), (0.0, opening)]
    assert call.heard[0] == "greeting"
    assert call.of(KindChosen) == [KindChosen(kind, key, "TT-1")]
    assert bool(call.of(AlertRaised)) is alert


@pytest.mark.parametrize(("key", "kind", "alert", "opening"), KINDS)
def test_tt1_a_key_after_the_menu_chooses_at_once(key: str, kind: str, alert: bool, opening: str) -> None:
    call = key_account().greeted()
    call.passes(15.6 + 3)
    call.presses(key)
    pressed = call.now
    call.passes(0.1)
    assert call.words == [GREETING, MENU, opening]
    assert call.heard == ["greeting", "menu"]
    assert call.at(KindChosen) == pressed
    assert bool(call.of(AlertRaised)) is alert


@pytest.mark.parametrize("key", ["3", "4"])
def test_tt1_departments_are_called_in_at_once_and_not_when_the_call_is_over(key: str) -> None:
    call = key_account().greeted()
    call.presses(key)
    call.passes(0)
    assert call.at(AlertRaised) == call.at(DigitDialled)
    call.passes(2)
    call.hangs_up()
    assert len(call.of(AlertRaised)) == 1


def test_tt1_departments_are_called_in_for_who_presses_a_key_into_the_greeting_and_hangs_up() -> None:
    call = key_account()
    call.caller_id()
    call.rings(2)
    call.passes(2)
    call.presses("4")
    assert call.at(AlertRaised) == call.at(DigitDialled)
    call.hangs_up()
    assert call.of(KindChosen) == [KindChosen("serious_complaint", "4", "TT-1")]


def test_tt1_a_key_during_a_wait_is_the_choice_too() -> None:
    call = key_account().greeted()
    call.passes(15.6 + 1)
    call.customer_must_wait()
    call.passes(20)
    call.presses("3")
    assert call.at(AlertRaised) == call.at(DigitDialled)
    call.passes(5)
    call.somebody_has_time()
    call.passes(1)
    assert call.words[-1] == TELL_US


def test_tt1_who_presses_nothing_hears_the_menu_twice_and_is_served_as_an_enquiry() -> None:
    call = key_account().greeted()
    call.passes(60)
    assert call.told[:4] == [(0.0, GREETING), (0.0, MENU), (6.0, MENU), (6.0, TELL_US)]
    assert call.of(KindChosen) == [KindChosen("enquiry", None, "TT-1")]
    assert not call.of(AlertRaised)


def test_tt1_a_key_that_the_menu_does_not_have_changes_nothing() -> None:
    call = key_account().greeted()
    call.passes(4)
    call.presses("95*#")
    call.passes(60)
    assert call.told[:4] == [(0.0, GREETING), (0.0, MENU), (6.0, MENU), (6.0, TELL_US)]
    assert call.heard[1] == "menu"
    assert call.of(KindChosen) == [KindChosen("enquiry", None, "TT-1")]


def test_tt1_a_wrong_key_can_be_put_right() -> None:
    call = key_account().greeted()
    call.passes(4)
    call.presses("93")
    call.passes(1)
    assert call.of(KindChosen) == [KindChosen("equipment_fault", "3", "TT-1")]


def test_tt1_the_first_key_is_the_choice() -> None:
    call = key_account()
    call.caller_id()
    call.rings(2)
    call.passes(1)
    call.presses("24")
    call.passes(20)
    assert call.of(KindChosen) == [KindChosen("complaint", "2", "TT-1")]
    assert not call.of(AlertRaised)


def test_tt1_who_speaks_instead_is_telling_his_case_already() -> None:
    call = key_account().greeted()
    call.passes(4)
    call.customer_speaks(12)
    call.passes(3.1)
    assert call.words == [GREETING, MENU, FURTHER]
    assert call.of(PromptFinished)[1].cut is CutReason.BARGE_IN
    assert call.of(KindChosen) == [KindChosen("enquiry", None, "TT-1")]


def test_tt1_a_short_case_told_into_the_menu_is_a_case() -> None:
    call = key_account().greeted()
    call.passes(4)
    call.customer_speaks(4)
    call.passes(3.1)
    assert call.words == [GREETING, MENU, FURTHER]


def test_tt1_who_speaks_and_presses_a_key_has_pressed_it() -> None:
    call = key_account().greeted()
    call.passes(4)
    call.customer_is(Verdict.SPEECH)
    call.passes(1)
    call.presses("3")
    call.passes(0.1)
    assert call.words == [GREETING, MENU, TELL_US]
    assert call.of(KindChosen) == [KindChosen("equipment_fault", "3", "TT-1")]


def test_tt1_a_hold_gives_him_his_time_to_choose_anew() -> None:
    call = key_account().greeted()
    call.gets_the_word()
    call.passes(5)
    call.holds(100)
    call.passes(5.9)
    assert call.words == [GREETING, MENU]
    call.passes(0.2)
    assert call.words == [GREETING, MENU, MENU]


def test_tt1_one_word_into_the_menu_is_no_case_and_the_menu_is_said_again() -> None:
    call = key_account().greeted()
    call.passes(4)
    call.customer_speaks(1)
    call.passes(5.1)
    assert call.words == [GREETING, MENU, MENU]


def test_tt1_an_enquiry_is_heard_and_closed_on_the_telephone() -> None:
    call = chosen("1")
    call.customer_speaks(10)
    call.passes(60)
    assert call.words[2:] == [TELL_US, FURTHER, FAREWELL]


def test_tt1_a_fault_is_heard_and_he_is_told_who_knows_of_it() -> None:
    call = chosen("3")
    call.customer_speaks(10)
    call.passes(60)
    assert call.words[2:] == [TELL_US, CALLED_IN, DEADLINE, FURTHER, FAREWELL]


def test_tt1_on_a_holiday_the_menu_follows_both_greetings() -> None:
    call = key_account(at=datetime(2026, 10, 1, 12, tzinfo=SHANGHAI)).greeted()
    call.passes(0.1)
    assert call.words == ["节日好,很高兴为您服务", GREETING, MENU]


# -- TT-2: a complaint -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["2", "4"])
def test_tt2_a_complaint_goes_in_this_order_and_no_other(key: str) -> None:
    call = chosen(key)
    call.customer_speaks(30)
    call.passes(60)
    asked, *replies = call.told[2:]
    assert asked[1] == LISTENING
    assert replies[0][1] == APOLOGY
    assert replies[1:] == [(0.0, RECORDED), (0.0, DEADLINE), (0.0, APOLOGY_AGAIN), (0.0, FAREWELL)]
    assert {fact.cut for fact in call.of(PromptFinished)[2:]} == {None}


def test_tt2_he_is_heard_to_the_end_and_never_interrupted() -> None:
    call = chosen("2")
    for _ in range(8):
        call.customer_speaks(40)
        call.passes(4)
    assert call.words[-1] == LISTENING
    call.passes(0.9)
    assert call.words[-1] == LISTENING
    call.passes(0.2)
    assert call.words[-1] == APOLOGY


def test_tt2_the_apology_is_for_whoever_says_nothing_more_too() -> None:
    """What he says into our replies does not stop them, and is no new case."""
    call = chosen("2")
    call.customer_speaks(30)
    call.passes(6)
    call.customer_speaks(2)
    call.passes(60)
    assert call.heard[-5:] == ["text-apology", "text-recorded", "text-deadline", "text-apology-again", "farewell"]


def test_tt2_the_deadline_is_the_sites_own() -> None:
    call = key_account(promised_time="2个工作日").greeted()
    call.presses("2")
    call.passes(7)
    call.customer_speaks(30)
    call.passes(60)
    assert "我们会在2个工作日内给您答复。" in call.words


def test_tt2_what_the_agent_asks_for_during_the_replies_is_said_before_the_farewell() -> None:
    call = chosen("2")
    call.customer_speaks(30)
    call.passes(6)
    assert call.words[-1] == APOLOGY
    call.agent_has_said("sorry_for_waiting")
    call.passes(60)
    replies = [APOLOGY, "很抱歉,让您久等了", RECORDED, DEADLINE, APOLOGY_AGAIN, FAREWELL]
    assert call.words[-6:] == replies


def test_tt2_a_wait_during_the_replies_is_waited_and_the_replies_go_on() -> None:
    call = chosen("2")
    call.customer_speaks(30)
    call.passes(6)
    call.customer_must_wait()
    call.passes(20)
    assert call.engine.state is CallState.WAITING
    call.agent_has_said("sorry_for_waiting")
    call.somebody_has_time()
    call.passes(60)
    assert call.words[-5:] == ["很抱歉,让您久等了", RECORDED, DEADLINE, APOLOGY_AGAIN, FAREWELL]


# -- TT-3: the customer hangs up first -------------------------------------------------------------------------


def test_tt3_the_line_waits_for_the_customer() -> None:
    call = chosen("1")
    call.customer_speaks(10)
    call.passes(70)
    assert call.heard[-1] == "farewell"
    assert not call.ordered(Release)
    call.hangs_up()
    assert call.released == Released(ReleasedBy.CUSTOMER, "bye")


def test_tt3_the_guard_alone_releases_a_line_left_open() -> None:
    call = chosen("1")
    call.customer_speaks(10)
    call.passes(120)
    assert call.released == Released(ReleasedBy.GUARD, "TT-3")
    assert call.at(Released) - call.at(PromptFinished, "farewell") == pytest.approx(60.0)


def test_tt3_who_complains_past_every_limit_is_answered_and_never_hung_up_on() -> None:
    call = chosen("2")
    call.customer_is(Verdict.SPEECH)
    call.passes(3600)
    assert not call.ordered(Release)
    call.customer_is(Verdict.SILENT)
    call.passes(60)
    assert call.engine.state is CallState.CLOSING
    told = list(dict.fromkeys(call.words[2:]))
    assert told == [LISTENING, APOLOGY, RECORDED, DEADLINE, APOLOGY_AGAIN, FAREWELL]
    assert [words for words in told if call.words.count(words) > 1] in ([], [FAREWELL])
