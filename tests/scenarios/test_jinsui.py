"""The Jinsui tax-control hotline as it ships: rings, few agents, the nine questions, the promise (JS-1 … JS-4)."""

from datetime import datetime
from itertools import pairwise

import pytest

from drivers.line import Answer, FaultCode, LegFailed, Record, Release, StopRecording, Verdict
from gateway.call.facts import PromptFinished, QuestionAnswered, Released, ReleasedBy
from gateway.call.states import CallState
from tests.scenarios.hotlines import SHANGHAI, tax
from tests.scenarios.story import LEG, Story

pytestmark = pytest.mark.unit

GREETING = "您好,金穗公司,请问有什么可以帮您吗?"
QUESTIONS = {
    "enterprise": "请问您的企业全称是什么?",
    "telephone": "请问您的联系电话是多少?",
    "tax_office": "请问您属于哪个区的税务所?",
    "lamps": "请问读卡器的红灯和绿灯是什么状态?",
    "memory": "请问存储器是什么状态?",
    "printer": "请问打印机驱动安装好了吗?",
    "card_date": "请问税控卡的日期是哪一天?",
    "first_report": "请问首次报税是哪一天?",
    "account_month": "请问会计月份是几月?",
}
PROMISE = "等我们有了确切结果后会尽快和您联系"
FURTHER = "请问还有其他需要咨询的吗?"
FAREWELL = "感谢您的来电。再见!"


def asked(question: str) -> Story:
    """A customer who has told his case, has answered every question before this one, and is asked it."""
    call = tax().greeted()
    call.customer_speaks(10)
    while True:
        call.passes(3.1)
        if call.words[-1] == QUESTIONS[question]:
            return call
        call.gets_the_word()
        call.passes(1)
        call.customer_speaks(4)


def answers(call: Story) -> list[tuple[str, bool, str | None]]:
    """The questions that were answered, or let go: their names, whether he spoke, what he keyed."""
    return [(fact.question.key, fact.spoken, fact.digits) for fact in call.of(QuestionAnswered)]


# -- JS-1, JS-2 ------------------------------------------------------------------------------------------------


def test_js1_answers_after_the_second_ring_with_the_third_in_reserve() -> None:
    call = tax()
    call.rings(1)
    call.caller_id()
    call.passes(5)
    call.rings(1, first=2)
    assert call.ordered(Answer) == [5.0]
    call = tax()
    call.rings(2)
    call.passes(60)
    assert call.ordered(Answer) == [5.0], "a number comes after the first ring or not at all"


@pytest.mark.parametrize("day", ["2026-03-11", "2026-03-14", "2026-10-01", "2026-02-17"])
def test_js1_every_greeting_begins_with_the_company(day: str) -> None:
    at = datetime.fromisoformat(day).replace(hour=9, tzinfo=SHANGHAI)
    assert tax(at=at).greeted().told == [(0.0, GREETING)]
    (greeting,) = tax(at=at, overflow=True).greeted().words
    assert greeting.startswith("您好,金穗公司")


def test_js2_more_callers_than_agents_are_told_why_and_leave_case_and_number() -> None:
    call = tax(overflow=True).greeted()
    assert call.told == [(0.0, "您好,金穗公司,现在来电较多,请您谅解,请留下您的问题和电话,我们会尽快回复您。")]
    call.customer_speaks(10)
    call.passes(3.1)
    assert call.words[1] == QUESTIONS["enterprise"]


def test_js2_the_one_being_served_is_asked_to_wait_and_reassured() -> None:
    call = tax().greeted()
    call.customer_speaks(10)
    call.customer_must_wait()
    call.passes(20)
    assert call.words[1:] == ["请您稍等,正在为您查询解决办法,请您谅解。", "请稍等,正在为您查询。"]


# -- JS-3: nine questions --------------------------------------------------------------------------------------


def test_js3_nine_questions_in_this_order_then_the_promise_then_the_farewell() -> None:
    call = tax().greeted()
    call.customer_speaks(10)
    for _ in QUESTIONS:
        call.passes(3.1)
        call.gets_the_word()
        call.passes(1)
        call.customer_speaks(4)
    call.passes(60)
    assert call.words == [GREETING, *QUESTIONS.values(), PROMISE, FURTHER, FAREWELL]
    assert answers(call) == [(name, True, None) for name in QUESTIONS]
    assert {fact.prompt.clause for fact in call.of(PromptFinished)[1:10]} == {"JS-3"}


def test_js3_each_answer_is_recorded_apart_from_its_question_on() -> None:
    call = tax().greeted()
    call.customer_speaks(10)
    for _ in QUESTIONS:
        call.passes(3.1)
        call.gets_the_word()
        call.passes(1)
        call.customer_speaks(4)
    call.passes(60)
    (whole, _, end), *single = call.recordings
    assert (whole, end) == ("calls/call.wav", None)
    assert [path for path, _, _ in single] == [f"calls/call-{name.replace('_', '-')}.wav" for name in QUESTIONS]
    for text, (_, began, ended) in zip(QUESTIONS.values(), single, strict=True):
        (spoken,) = call.began(text)
        assert began == pytest.approx(spoken - 0.02)
        assert ended is not None
        assert ended - began == pytest.approx(0.02 + _duration(call, text) + 1 + 4 + 3, abs=0.1)
    for (_, _, ended), (_, began, _) in pairwise(single):
        assert ended == began  # one answer at a time
    assert len(call.ordered(Record)) == 10
    assert len(call.ordered(StopRecording)) == 9


def _duration(call: Story, text: str) -> float:
    return next(prompt.duration for prompt in call.plan.prompts() if prompt.text == text)


def test_js3_an_answer_given_into_the_question_stops_it() -> None:
    call = asked("enterprise")
    call.passes(1)
    call.customer_speaks(4)
    call.passes(3.1)
    assert call.heard == ["greeting"]
    assert call.words[-1] == QUESTIONS["telephone"]
    assert answers(call) == [("enterprise", True, None)]


def test_js3_he_may_stop_for_breath_in_his_answer() -> None:
    call = asked("enterprise").gets_the_word()
    for _ in range(4):
        call.customer_speaks(2)
        call.passes(2.5)
    assert call.words[-1] == QUESTIONS["enterprise"]
    call.passes(0.6)
    assert call.words[-1] == QUESTIONS["telephone"]
    assert answers(call) == [("enterprise", True, None)]


def test_js3_a_question_that_is_not_answered_is_let_go() -> None:
    call = tax().greeted()
    call.customer_speaks(10)
    call.passes(3.1)
    waits = {"enterprise": 6.0, "tax_office": 6.0, "memory": 10.0, "card_date": 10.0, "account_month": 10.0}
    for question in QUESTIONS:
        call.gets_the_word()
        if question in waits:
            call.passes(waits[question] + 0.1)
        else:
            call.customer_speaks(4)
            call.passes(3.1)
    call.passes(60)
    assert [text for _, text in call.told[1:]] == [*QUESTIONS.values(), PROMISE, FURTHER, FAREWELL]
    quiet = [pause for pause, _ in call.told[2:11]]
    assert quiet == pytest.approx([waits.get(question, 7.0) for question in QUESTIONS], abs=0.11)
    assert answers(call) == [(question, question not in waits, None) for question in QUESTIONS]


def test_js3_noise_is_no_answer_and_climbs_no_ladder_in_the_middle_of_the_questions() -> None:
    call = asked("memory").gets_the_word()
    call.customer_is(Verdict.NOISY)
    call.passes(10.1)
    assert call.words[-1] == QUESTIONS["printer"]
    assert answers(call)[-1] == ("memory", False, None)


def test_js3_a_telephone_number_is_keyed_with_a_hash_at_its_end() -> None:
    call = asked("telephone")
    call.passes(1)
    call.presses("13812345678#")
    call.passes(0.1)
    assert answers(call)[-1] == ("telephone", False, "13812345678")
    assert call.words[-1] == QUESTIONS["tax_office"]
    assert "question-telephone" not in call.heard  # its first key stopped the question


def test_js3_a_telephone_number_without_a_hash_ends_four_seconds_after_its_last_key() -> None:
    call = asked("telephone").gets_the_word()
    call.passes(7)
    call.presses("0531", every=3.5)
    call.passes(3.9)
    assert call.words[-1] == QUESTIONS["telephone"]
    call.passes(0.2)
    assert call.words[-1] == QUESTIONS["tax_office"]
    assert answers(call)[-1] == ("telephone", False, "0531")


def test_js3_who_keys_his_number_and_says_something_too_is_heard_out() -> None:
    call = asked("telephone").gets_the_word()
    call.presses("0531")
    call.customer_speaks(10)
    assert answers(call)[-1][0] == "enterprise"
    call.passes(4.1)
    assert answers(call)[-1] == ("telephone", True, "0531")


def test_js3_a_belated_hash_answers_nothing() -> None:
    call = asked("telephone").gets_the_word()
    call.presses("0531")
    call.passes(4.1)
    call.presses("#")
    call.passes(1)
    assert call.words[-1] == QUESTIONS["tax_office"]
    assert call.of(PromptFinished)[-1].prompt.text != QUESTIONS["tax_office"]  # nor does it stop the question
    call.gets_the_word()
    call.passes(5.9)
    assert answers(call)[-1] == ("telephone", False, "0531")


def test_js3_keys_belong_to_the_question_that_is_asked() -> None:
    call = tax().greeted()
    call.presses("99")
    call.customer_speaks(10)
    call.passes(3.1)
    call.gets_the_word()
    call.presses("12#")
    call.passes(0.1)
    call.gets_the_word()
    call.presses("34#")
    call.passes(0.1)
    assert answers(call) == [("enterprise", False, "12"), ("telephone", False, "34")]


@pytest.mark.parametrize("speaking", [True, False])
def test_js3_a_hang_up_in_the_middle_closes_the_answer_that_was_being_given(speaking: bool) -> None:
    call = asked("telephone").gets_the_word()
    call.presses("138")
    if speaking:
        call.customer_is(Verdict.SPEECH)
    call.passes(2)
    call.hangs_up()
    assert answers(call) == [("enterprise", True, None), ("telephone", speaking, "138")]
    path, _, until = call.recordings[-1]
    assert (path, until) == ("calls/call-telephone.wav", call.now)
    assert call.released == Released(ReleasedBy.CUSTOMER, "bye")
    assert [fact for _, fact in call.facts][-1] == call.released


def test_js3_a_lost_line_closes_it_too() -> None:
    call = asked("telephone").gets_the_word()
    call.reports(LegFailed(LEG, FaultCode.PORT_LOST, "unplugged"))
    assert answers(call)[-1] == ("telephone", False, None)
    assert len(call.ordered(StopRecording)) == 2
    assert call.released == Released(ReleasedBy.FAULT, "port_lost")


def test_js3_a_wait_in_the_middle_does_not_answer_the_question() -> None:
    call = asked("lamps").gets_the_word()
    call.customer_must_wait()
    call.passes(40)
    call.somebody_has_time()
    call.gets_the_word()
    assert answers(call)[-1][0] == "tax_office"
    call.passes(9.9)
    assert answers(call)[-1][0] == "tax_office"
    call.passes(0.2)
    assert answers(call)[-1] == ("lamps", False, None)


def test_js3_a_hold_in_the_middle_gives_him_his_time_anew() -> None:
    call = asked("lamps").gets_the_word()
    call.passes(9)
    call.holds(300)
    call.passes(9.9)
    assert call.words[-1] == QUESTIONS["lamps"]
    call.passes(0.2)
    assert call.words[-1] == QUESTIONS["memory"]


def test_js3_who_has_more_to_say_afterwards_is_not_questioned_again() -> None:
    call = asked("account_month").gets_the_word()
    call.customer_speaks(3)
    call.passes(60)
    assert call.words[-1] == FAREWELL
    call.customer_speaks(10)
    call.passes(60)
    assert call.words[-2:] == [FURTHER, FAREWELL]
    assert len(answers(call)) == 9


# -- JS-4, and who hangs up ------------------------------------------------------------------------------------


def test_js4_he_is_promised_an_answer_once_he_was_asked_everything() -> None:
    call = asked("account_month").gets_the_word()
    call.customer_speaks(3)
    call.passes(60)
    assert call.told[-3:] == [(6.0, PROMISE), (0.0, FURTHER), (5.0, FAREWELL)]
    promised = next(fact for fact in call.of(PromptFinished) if fact.prompt.text == PROMISE)
    assert (promised.prompt.clause, promised.cut) == ("JS-4", None)


def test_js4_the_promise_is_said_to_its_end_even_to_who_speaks_into_it() -> None:
    call = asked("account_month").gets_the_word()
    call.customer_speaks(3)
    call.passes(4)
    assert call.words[-1] == PROMISE
    call.customer_speaks(2)
    call.passes(60)
    assert "text-promise" in call.heard
    assert call.engine.state is CallState.CLOSING
    assert not call.ordered(Release)
