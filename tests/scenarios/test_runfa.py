"""The 96018 water delivery hotline as it ships: rings, greetings, bad lines and voices, the end (WD-1 … WD-8)."""

from pathlib import Path

import pytest

from drivers.line import Answer, FarEndHeld, Release, StopPlaying, Verdict
from gateway.call.facts import CutReason, PromptFinished, PromptStarted, Released, ReleasedBy
from gateway.call.states import CallState
from tests.scenarios.hotlines import ring_up, water
from tests.scenarios.story import LEG, Story

pytestmark = pytest.mark.unit

GREETING = "您好!801号为您服务"
FURTHER = "请问您还有其它需要提供帮助的吗?"
FAREWELL = "感谢您来电,祝您工作顺利,再见"
SPEAK_UP = "对不起,请您声音稍大一些"
SAY_AGAIN = "对不起,请您再说一遍,好吗"
LOWER = "对不起,请您声音稍微小一些,好吗"


def saying_farewell() -> Story:
    """A customer was served; the farewell has just begun."""
    call = water().greeted()
    call.customer_speaks(5)
    call.passes(3 + 7.5 + 5 + 0.1)
    assert call.words[-1] == FAREWELL
    return call


def taken_as_he_is() -> Story:
    """A faint customer, who was asked twice and goes on as before."""
    call = water().greeted()
    call.customer_is(Verdict.FAINT, level=-42)
    call.passes(3 + 5.1 + 3 + 5.1)
    assert call.words == [GREETING, SPEAK_UP, SAY_AGAIN]
    return call


# -- WD-1: within two rings ------------------------------------------------------------------------------------


def test_wd1_answers_after_the_first_ring_with_the_second_in_reserve() -> None:
    call = water()
    call.caller_id()
    call.rings(1)
    assert call.ordered(Answer) == [0.0]


def test_wd1_waits_for_the_number_after_the_first_ring_but_not_into_the_second() -> None:
    call = water()
    call.rings(1)
    call.passes(60)
    assert call.ordered(Answer) == [2.5]


def test_wd1_a_first_ring_that_was_missed_leaves_the_second() -> None:
    call = water()
    call.rings(1)
    call.now += 5.0  # nobody looks at the clock
    call.rings(1, first=2)
    assert call.ordered(Answer) == [5.0]
    call = water()
    call.rings(1, first=2)
    assert call.ordered(Answer) == [0.0]


def test_wd1_answered_within_two_rings_however_late_the_number_comes() -> None:
    for late in (0.5, 1.5, 2.4, 3.0, 4.9):
        call = water()
        call.rings(1)
        call.passes(late)
        call.caller_id()
        call.passes(5 - late)
        assert call.answered is not None
        assert call.answered.rings == 1


# -- WD-2: only after 「再见」 ----------------------------------------------------------------------


def test_wd2_hangs_up_once_goodbye_was_said_to_its_end_and_he_had_time_for_his_own() -> None:
    call = saying_farewell()
    call.passes(60)
    assert call.heard[-1] == "farewell"
    assert call.released == Released(ReleasedBy.STANDARD, "WD-2")
    assert call.at(Released) - call.at(PromptFinished, "farewell") == pytest.approx(3.0)


def test_wd2_his_own_goodbye_is_heard_out_and_the_wait_begins_after_it() -> None:
    call = saying_farewell()
    call.passes(6.5 + 2)
    call.customer_speaks(2)
    spoke_until = call.now
    call.passes(2.9)
    assert not call.ordered(Release)
    call.passes(0.2)
    assert call.released == Released(ReleasedBy.STANDARD, "WD-2")
    assert call.at(Released) - spoke_until == pytest.approx(3.0)


def test_wd2_never_while_he_speaks() -> None:
    call = saying_farewell()
    call.passes(6.5 + 2)
    call.customer_is(Verdict.SPEECH)
    call.passes(600)
    assert not call.ordered(Release)
    call.customer_is(Verdict.SILENT)
    assert call.engine.state is CallState.LISTENING
    call.passes(3 + 7.5 + 5 + 6.5 + 3.2)
    assert call.words[-2:] == [FURTHER, FAREWELL]
    assert call.released == Released(ReleasedBy.STANDARD, "WD-2")


def test_wd2_who_grows_loud_after_the_farewell_has_spoken_all_the_while() -> None:
    call = saying_farewell()
    call.passes(6.5 + 1)
    call.customer_is(Verdict.SPEECH)
    call.passes(2)
    call.customer_speaks(2, Verdict.LOUD)
    assert call.engine.state is CallState.LISTENING


def test_wd2_never_while_he_goes_on_speaking_into_the_farewell() -> None:
    call = saying_farewell()
    call.customer_is(Verdict.SPEECH)
    call.passes(60)
    assert call.heard[-1] == "farewell"
    assert not call.ordered(Release)


def test_wd2_wd6_a_faint_customer_who_was_taken_as_he_is_speaks_after_the_farewell_too() -> None:
    call = taken_as_he_is()
    call.passes(3)
    call.customer_is(Verdict.SILENT)
    call.passes(3 + 7.5 + 5 + 6.6)
    assert call.heard[-1] == "farewell"
    call.customer_is(Verdict.FAINT, level=-42)
    call.passes(20)
    assert not call.ordered(Release)


def test_wd2_not_after_a_farewell_that_the_line_cut() -> None:
    call = saying_farewell()
    call._obey(StopPlaying(LEG))
    call.passes(50)
    assert not call.ordered(Release)
    call.passes(11)
    assert call.released == Released(ReleasedBy.GUARD, "WD-2")


def test_wd2_not_while_he_has_put_us_on_hold() -> None:
    call = saying_farewell()
    call.passes(7)
    call.reports(FarEndHeld(LEG))
    call.passes(600)
    assert not call.ordered(Release)


# -- WD-3, WD-5: greeting and end ------------------------------------------------------------------------------


def test_wd3_greets_with_the_agents_number() -> None:
    assert water("801").greeted().told == [(0.0, GREETING)]
    assert water("1206").greeted().words == ["您好!1206号为您服务"]


def test_wd5_near_the_end_he_is_asked_and_then_wished_well() -> None:
    call = water().greeted()
    call.customer_speaks(5)
    call.passes(60)
    assert call.told == [(0.0, GREETING), (8.0, FURTHER), (5.0, FAREWELL)]


# -- WD-6, WD-7: voices ----------------------------------------------------------------------------------------


def test_wd6_a_faint_customer_is_asked_each_once_and_then_taken_as_he_is() -> None:
    call = water().greeted()
    call.customer_is(Verdict.FAINT, level=-42)
    call.passes(60)
    assert call.told == [(0.0, GREETING), (3.0, SPEAK_UP), (3.0, SAY_AGAIN)]
    assert call.heard[1:] == ["faint-1", "faint-2"]
    assert call.engine.state is CallState.LISTENING
    call.customer_is(Verdict.SILENT)
    call.passes(60)
    assert call.words[3:] == [FURTHER, FAREWELL]
    assert call.released == Released(ReleasedBy.STANDARD, "WD-2")


def test_wd6_who_speaks_up_is_heard_at_once() -> None:
    call = water().greeted()
    call.customer_is(Verdict.FAINT, level=-42)
    call.passes(5)
    call.customer_speaks(10)
    call.passes(60)
    assert call.words == [GREETING, SPEAK_UP, FURTHER, FAREWELL]
    assert [f.cut for f in call.of(PromptFinished)] == [None, CutReason.BARGE_IN, None, None]


def test_wd6_who_becomes_faint_in_mid_sentence_is_asked_too() -> None:
    call = water().greeted()
    call.customer_is(Verdict.SPEECH)
    call.passes(10)
    call.customer_is(Verdict.FAINT, level=-42)
    call.passes(4)
    assert call.told[1:] == [(13.0, SPEAK_UP)]


def test_wd6_a_faint_voice_at_anything_else_is_asked_to_speak_up_and_not_wished_well() -> None:
    call = water().greeted()
    call.customer_speaks(5)
    call.passes(3.1)
    call.gets_the_word()
    call.passes(2)
    call.customer_is(Verdict.FAINT, level=-42)
    call.passes(3.1)
    assert call.told[-1] == (5.0, SPEAK_UP)
    call.gets_the_word()
    call.customer_speaks(5)
    call.passes(60)
    assert call.words[-2:] == [FURTHER, FAREWELL]
    call = water().greeted()
    call.customer_speaks(5)
    call.passes(3.1)
    call.gets_the_word()
    call.customer_is(Verdict.FAINT, level=-42)
    call.passes(60)
    assert call.words[-3:] == [FURTHER, SPEAK_UP, SAY_AGAIN]
    assert call.engine.state is CallState.LISTENING  # taken as he is


def test_wd6_who_was_faint_and_is_silent_when_asked_for_anything_else_has_nothing_else() -> None:
    call = water().greeted()
    call.customer_speaks(5)
    call.passes(3.1)
    call.gets_the_word()
    call.customer_is(Verdict.FAINT, level=-42)
    call.passes(6)
    assert call.words[-1] == SPEAK_UP
    call.customer_is(Verdict.SILENT)
    call.passes(60)
    assert call.words[-2:] == [SPEAK_UP, FAREWELL]


def test_wd8_jh7_a_silent_and_a_noisy_ladder_of_one_clause_are_climbed_apart(tmp_path: Path) -> None:
    text = 'base = "runfa-water"\n[noisy_line]\nclause = "WD-8"\n'
    (tmp_path / "dialplan.toml").write_text(text, encoding="utf-8")
    call = ring_up(tmp_path).greeted()
    call.customer_is(Verdict.SILENT)
    call.passes(6)
    call.gets_the_word()
    call.customer_is(Verdict.NOISY)
    call.passes(60)
    assert call.heard[1:] == ["silent-1", "noisy-1", "noisy-2", "noisy-final"]
    assert call.released == Released(ReleasedBy.STANDARD, "WD-8")


def test_jh7_noise_climbs_its_own_ladder_here_too() -> None:
    call = water().greeted()
    call.customer_is(Verdict.NOISY)
    call.passes(60)
    assert call.words[1:] == ["您好,请讲", "您好,请讲", "很抱歉,听不清您讲话,请您挂机后重拨,再见"]
    assert call.released == Released(ReleasedBy.STANDARD, "JH-7")


def test_wd7_who_is_too_loud_is_asked_once_although_he_goes_on_speaking() -> None:
    call = water().greeted()
    call.passes(1)
    call.customer_is(Verdict.LOUD, level=-6)
    call.passes(60)
    assert call.told == [(0.0, GREETING), (3.0, LOWER)]
    assert call.heard[-1] == "loud-1"
    call.customer_is(Verdict.SPEECH)
    call.passes(10)
    call.customer_is(Verdict.LOUD, level=-6)
    call.passes(10)
    call.customer_is(Verdict.SILENT)
    call.passes(60)
    assert call.words == [GREETING, LOWER, FURTHER, FAREWELL]


def test_wd7_his_loud_voice_does_not_cut_it() -> None:
    call = water().greeted()
    call.customer_is(Verdict.LOUD, level=-6)
    call.passes(2 + 1)
    assert call.words[-1] == LOWER
    for verdict in (Verdict.SPEECH, Verdict.LOUD, Verdict.SPEECH):
        call.customer_is(verdict)
        call.passes(1)
    call.passes(10)
    assert call.heard[-1] == "loud-1"


def test_wd7_one_loud_word_is_not_worth_it() -> None:
    call = water().greeted()
    call.customer_is(Verdict.LOUD, level=-6)
    call.passes(1.5)
    call.customer_speaks(10)
    call.passes(4)
    assert call.words == [GREETING, FURTHER]


# -- WD-8: the silent line -------------------------------------------------------------------------------------


def test_wd8_two_askings_unanswered_then_the_last_words_and_the_release() -> None:
    call = water().greeted()
    call.customer_is(Verdict.SILENT, level=-70)
    call.passes(60)
    assert call.told == [
        (0.0, GREETING),
        (5.0, "您好,您的电话已接通,请讲话?"),
        (5.0, "您好,我无法听见您讲话,请您重新再打一遍,好吗?"),
        (5.0, "无需服务请挂机,再见。"),
    ]
    assert call.released == Released(ReleasedBy.STANDARD, "WD-8")
    assert call.at(Released) == call.at(PromptFinished, "silent-final")


def test_wd8_who_answers_the_second_asking_is_served() -> None:
    call = water().greeted()
    call.passes(5 + 6 + 5 + 4)
    assert call.at(PromptStarted, "silent-2") < call.now
    call.customer_speaks(6)
    call.passes(60)
    assert call.words[3:] == [FURTHER, FAREWELL]
    assert call.released == Released(ReleasedBy.STANDARD, "WD-2")
