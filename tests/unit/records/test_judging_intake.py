"""Intakes and replies: in the dialplan's order, recorded apart, to the end (JS-3, JS-4, ET-2, ET-3, TT-2)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from drivers.line import MediaLost, Verdict
from gateway.records.noted import NONE_COUNTED, LossesCounted, LossNoted, VerdictNoted
from gateway.records.record import CallRecord
from tests.scenarios.story import LEG
from tests.unit.records.standards import RealCall, broken, changed, cut, greeted, judged, recorded, without

pytestmark = pytest.mark.unit

JS3, JS4, TT2 = ("JS-3", "question"), ("JS-4", "reply"), ("TT-2", "reply")


def intake(seconds: float = 140.0) -> CallRecord:
    call = greeted("jinsui-tax")
    call.talks()
    call.passes(seconds)
    call.hangs_up()
    return recorded(call)


def complaint() -> RealCall:
    call = greeted("tietong-keyaccount")
    call.dials("2")
    call.passes(3.0)
    call.talks(20.0)
    call.passes(30.0)
    return call


def complained() -> CallRecord:
    call = complaint()
    call.hangs_up()
    return recorded(call)


def test_a_whole_intake_is_kept() -> None:
    record = intake()
    assert judged(record)[JS3].evidence == "9 of 9 questions in order, each answer recorded, 9 unanswered"
    assert judged(record)[JS4].evidence == "text-promise in order, each to its end"
    assert not broken(record)


def test_answers_by_word_and_by_key_are_recorded_each_apart() -> None:
    call = greeted("jinsui-tax")
    call.talks()
    call.passes(3.5)  # the first question is being asked
    call.talks(3.0)
    call.passes(4.5)  # the second is
    call.dials("053188#")
    call.passes(1.0)
    call.hangs_up()
    record = recorded(call)
    spoken, keyed, left = record.answers
    assert (spoken.question, spoken.spoken, spoken.recording) == ("enterprise", True, "/r/c1-enterprise.wav")
    assert (keyed.question, keyed.digits, keyed.recording) == ("telephone", "053188", "/r/c1-telephone.wav")
    assert (left.question, left.spoken, left.digits) == ("tax_office", False, None)
    assert judged(record)[JS3].evidence == "3 of 9 questions in order, each answer recorded, 1 unanswered"


def test_questions_out_of_order_are_broken() -> None:
    record = intake(15.0)
    first, second = record.prompts[1:3]
    swapped = (record.prompts[0], second, first, *record.prompts[3:])
    evidence = broken(replace(record, prompts=swapped))[JS3]
    assert evidence == "question-telephone said where question-enterprise was due"


def test_a_question_left_out_is_broken_unless_the_call_ended_before_it() -> None:
    assert not broken(intake(15.0))
    assert "question-lamps was due" in broken(without(intake(), "question-lamps"))[JS3]
    last = without(intake(), "question-account-month")
    assert broken(last)[JS3] == "question-account-month was not said"


def test_a_question_asked_once_more_than_due_is_broken() -> None:
    record = intake()
    twice = replace(record, prompts=(*record.prompts, record.prompts[1]))
    assert broken(twice)[JS3] == "question-enterprise said once more than is due"


def test_an_answer_not_recorded_is_broken() -> None:
    record = intake()
    one, *others = record.answers
    assert (
        "to question-enterprise was not recorded"
        in (broken(replace(record, answers=(replace(one, recording=None), *others)))[JS3])
    )
    assert "no answer to question-enterprise" in broken(replace(record, answers=tuple(others)))[JS3]
    assert "no answer to question-account-month" in broken(replace(record, answers=record.answers[:-1]))[JS3]


def test_a_question_cut_by_the_line_is_broken_and_one_he_answers_at_once_is_not() -> None:
    assert broken(cut(intake(), "question-memory")).keys() == {JS3}
    assert not broken(cut(intake(), "question-memory", "barge_in"))


def test_the_service_desks_questions_and_promise() -> None:
    call = greeted("service-desk")
    call.talks()
    call.passes(40.0)
    call.hangs_up()
    record = recorded(call)
    assert {("ET-2", "question"), ("ET-3", "reply"), ("ET-4", "closing")} <= judged(record).keys()
    assert not broken(record)
    assert broken(without(record, "question-for-whom")).keys() == {("ET-2", "question")}
    assert broken(without(record, "text-promise")) == {("ET-3", "reply"): "text-promise was not said"}


def test_a_complaint_is_answered_in_its_order() -> None:
    evidence = judged(complained())[TT2].evidence
    assert evidence == "text-apology, text-recorded, text-deadline, text-apology-again in order, each to its end"
    assert not broken(complained())


@pytest.mark.parametrize("key", ["text-apology", "text-recorded", "text-deadline", "text-apology-again"])
def test_a_reply_left_out_or_cut_is_broken(key: str) -> None:
    assert broken(without(complained(), key)).keys() == {TT2}
    assert broken(cut(complained(), key)).keys() == {TT2}
    assert not broken(cut(complained(), key, "far_end_hung_up"))


def test_replies_in_another_order_are_broken() -> None:
    record = complained()
    keys = [prompt.prompt for prompt in record.prompts]
    first = keys.index("text-apology")
    one, other = record.prompts[first : first + 2]
    swapped = (*record.prompts[:first], other, one, *record.prompts[first + 2 :])
    assert broken(replace(record, prompts=swapped))[TT2] == "text-recorded said where text-apology was due"


def test_who_leaves_amid_the_replies_is_not_owed_the_rest() -> None:
    call = greeted("tietong-keyaccount")
    call.dials("2")
    call.passes(3.0)
    call.talks()
    call.passes(6.5)
    call.hangs_up()
    record = recorded(call)
    assert [prompt.prompt for prompt in record.prompts][-2:] == ["text-apology", "text-recorded"]
    assert judged(record)[TT2].evidence == "text-apology in order, each to its end"
    assert not broken(record)


def test_a_complaint_is_listened_to_to_its_end() -> None:
    record = complained()
    apology = next(prompt for prompt in record.prompts if prompt.prompt == "text-apology")
    speech = [verdict for verdict in record.verdicts if verdict.verdict == "speech"]
    interrupted = "text-apology interrupted the customer, who had spoken for 25.0 s"
    assert broken(replace(record, verdicts=tuple(speech)))[TT2] == interrupted
    crossed = VerdictNoted(apology.started_at - timedelta(seconds=0.3), Verdict.SPEECH.value, -22.0, 20.0)
    assert not broken(replace(record, verdicts=(*record.verdicts, crossed)))


def test_who_was_heard_last_before_he_put_us_on_hold_is_not_speaking_any_more() -> None:
    call = greeted("tietong-keyaccount")
    call.dials("2")
    call.passes(3.0)
    call.customer_is(Verdict.SPEECH)
    call.passes(10.0)
    call.on_hold(20.0)
    call.passes(30.0)
    call.hangs_up()
    record = recorded(call)
    assert "text-apology" in [prompt.prompt for prompt in record.prompts]
    assert not broken(record)
    assert broken(replace(record, holds=())).keys() == {TT2}


def test_who_was_speaking_when_his_audio_was_lost_is_not_interrupted() -> None:
    call = greeted("tietong-keyaccount")
    call.dials("2")
    call.passes(3.0)
    call.customer_is(Verdict.SPEECH)
    call.passes(10.0)
    call.reports(MediaLost(LEG))
    call.passes(30.0)
    call.hangs_up()
    record = recorded(call)
    assert "text-apology" in [prompt.prompt for prompt in record.prompts]
    assert not broken(record)
    assert broken(replace(record, losses=())).keys() == {TT2}


def test_who_may_have_been_lost_when_the_reply_began_was_not_interrupted() -> None:
    call = greeted("tietong-keyaccount")
    call.dials("2")
    call.passes(3.0)
    call.customer_is(Verdict.SPEECH)
    call.passes(10.0)
    call.reports(MediaLost(LEG))
    call.passes(30.0)
    call.hangs_up()
    record = recorded(call)
    (loss,) = record.losses
    assert record.ended_at is not None
    before = LossNoted(loss.lost_at - timedelta(seconds=2), loss.lost_at - timedelta(seconds=1))
    after = LossNoted(record.ended_at)
    unknown = replace(record, losses=(before, after), losses_between=LossesCounted(7, 20.0))
    assert not broken(unknown)
    assert broken(replace(unknown, losses_between=NONE_COUNTED)).keys() == {TT2}


def test_half_an_hour_of_complaint_is_as_long_as_one_is_listened_to() -> None:
    call = greeted("tietong-keyaccount")
    call.dials("2")
    call.passes(3.0)
    call.customer_is(Verdict.SPEECH)
    call.passes(1900.0)
    call.hangs_up()
    record = recorded(call)
    assert "text-apology" in [prompt.prompt for prompt in record.prompts]
    assert not broken(record)


def test_in_a_fault_the_two_replies_are_judged_by_their_own_clauses() -> None:
    call = greeted("tietong-keyaccount")
    call.dials("3")
    call.passes(3.0)
    call.talks()
    call.passes(30.0)
    call.hangs_up()
    record = recorded(call)
    assert {("TT-1", "reply"), ("TT-2", "reply")} <= judged(record).keys()
    assert not broken(record)
    assert broken(changed(record, "text-called-in", complete=False, cut="line")).keys() == {("TT-1", "reply")}
