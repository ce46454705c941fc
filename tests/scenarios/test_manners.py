"""Good manners that no clause spells out: nobody is talked over, nobody is asked in vain for ever."""

import pytest

from drivers.line import Verdict
from gateway.call.facts import PromptStarted, Released, ReleasedBy
from tests.scenarios.hotlines import desk, gas, tax, water
from tests.scenarios.test_jinsui import QUESTIONS, answers, asked

pytestmark = pytest.mark.unit


def test_who_speaks_into_a_reply_is_heard_out_before_anything_else_is_asked() -> None:
    call = desk().greeted()
    call.customer_speaks(10)
    for _ in range(2):
        call.passes(3.1)
        call.gets_the_word()
        call.customer_speaks(3)
    call.passes(4)
    assert call.said[-1] == "text-promise"
    call.customer_speaks(30)
    assert call.said[-1] == "text-promise"
    assert call.heard[-1] == "text-promise"
    call.passes(3.1)
    assert call.said[-1] == "further"


def test_jh7_a_faint_customer_who_thinks_first_is_not_cut_off_in_his_first_words() -> None:
    call = gas().greeted()
    call.customer_is(Verdict.SILENT)
    call.passes(2.5)
    call.customer_is(Verdict.FAINT)
    call.passes(2.9)
    assert call.said == ["greeting"]
    call.passes(0.2)
    assert call.said == ["greeting", "noisy-1"]


def test_jh7_a_line_that_goes_to_and_fro_between_bad_and_worse_still_climbs() -> None:
    call = gas().greeted()
    for _ in range(4):
        call.customer_is(Verdict.NOISY)
        call.passes(1.1)
        call.customer_is(Verdict.FAINT)
        call.passes(1.1)
    assert call.said == ["greeting", "noisy-1"]
    assert (
        call.at(PromptStarted, "noisy-1") - call.began("您好!济华热线801号为您服务,请问有什么可以帮您吗?")[0] < 22
    )


def test_js3_a_key_in_a_questions_first_second_belongs_to_the_one_before() -> None:
    call = asked("telephone").gets_the_word()
    call.presses("138")
    call.passes(4.1)
    assert call.words[-1] == QUESTIONS["tax_office"]
    call.presses("5")
    call.gets_the_word()
    assert "question-tax-office" in call.heard
    call.passes(6.1)
    assert answers(call)[-1] == ("tax_office", False, None)


def test_jh6_who_was_attended_to_climbs_the_silent_ladder_from_its_foot() -> None:
    call = gas().greeted()
    call.customer_is(Verdict.SILENT)
    call.passes(2 * 9)
    assert call.said[-1] == "silent-2"
    call.gets_the_word()
    call.agent_has_said("not_heard")
    call.passes(20)
    assert call.said[-2:] == ["phrase-not-heard", "silent-1"]


def test_a_silent_line_that_was_never_asked_anything_is_no_intake() -> None:
    call = tax().greeted()
    call.customer_is(Verdict.SILENT)
    call.passes(60)
    assert call.released == Released(ReleasedBy.STANDARD, "JH-6")
    assert answers(call) == []


def test_wd2_a_faint_voice_after_the_farewell_is_somebody_who_is_still_there() -> None:
    call = water().greeted()
    call.customer_speaks(10)
    call.passes(3.1)
    call.gets_the_word()
    call.passes(5.1)
    call.passes(8)
    assert call.words[-1] == "感谢您来电,祝您工作顺利,再见"
    call.customer_is(Verdict.FAINT)
    call.passes(20)
    assert call.released is None


def test_jh6_who_told_his_case_while_he_waited_is_not_taken_for_a_dead_line() -> None:
    call = gas().greeted()
    call.customer_is(Verdict.SILENT)
    call.passes(1)
    call.customer_must_wait()
    call.passes(12)
    call.customer_speaks(9)
    call.passes(3)
    call.somebody_has_time()
    call.gets_the_word()
    call.passes(3.1)
    assert call.words[-1] == "请问还有其他需要咨询的吗?"


def test_jh6_who_said_nothing_while_he_waited_is_asked_whether_he_is_there() -> None:
    call = gas().greeted()
    call.customer_is(Verdict.SILENT)
    call.passes(1)
    call.customer_must_wait()
    call.passes(12)
    call.somebody_has_time()
    call.gets_the_word()
    call.passes(5.1)
    assert call.said[-1] == "silent-1"
