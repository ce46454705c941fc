"""The Plans of the shipped dialplans: every clause with its words, waits and manners."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.call.plan import Plan
from gateway.dialplan import Call, Recording, Segment, compile_plan, load_dialplan, phrases_of
from gateway.dialplan.phrases import segments_of

pytestmark = pytest.mark.unit

SHIPPED = {
    name: load_dialplan(name)
    for name in ("jihua-gas", "runfa-water", "jinsui-tax", "service-desk", "tietong-keyaccount")
}
DIALPLAN = SHIPPED["jihua-gas"]
RECORDINGS = {
    name: {segment: Recording(f"/p/{segment.key}.wav", 1.5) for segment in segments_of(dialplan)}
    for name, dialplan in SHIPPED.items()
}
SHANGHAI = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2026, 3, 11, 10, 30, tzinfo=SHANGHAI)


def plan(agent: str = "801", name: str = "jihua-gas", **options: object) -> Plan:
    return compile_plan(SHIPPED[name], RECORDINGS[name], Call(agent, **options))  # type: ignore[arg-type]


def on(day: str, name: str = "jihua-gas") -> Plan:
    return plan(name=name, at=datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=SHANGHAI))


def test_jh_1_answers_after_the_second_ring_and_never_after_the_third() -> None:
    answer = plan().answer
    assert (answer.clause, answer.on_ring, answer.ring_limit) == ("JH-1", 2, 3)
    assert answer.caller_id_wait < 4.0 < answer.ring_gap_limit
    at_once = plan(on_ring=1).answer
    assert (at_once.on_ring, at_once.caller_id_wait) == (1, 0.0)


def test_jh_3_greets_with_the_number_digit_by_digit() -> None:
    (greeting,) = plan().today.greeting
    assert greeting.text == "您好!济华热线801号为您服务,请问有什么可以帮您吗?"
    assert (greeting.key, greeting.clause, greeting.barge_in) == ("greeting", "JH-3", False)
    names = ["greeting-part1", "digit-8", "digit-0", "digit-1", "greeting-part2"]
    assert list(greeting.recordings) == [f"/p/{name}.wav" for name in names]
    assert greeting.duration == 7.5


def test_jh_4_a_trainee_says_so_instead() -> None:
    (greeting,) = plan(trainee=True).today.greeting
    assert (greeting.key, greeting.clause) == ("trainee-greeting", "JH-4")
    assert greeting.text == "您好,实习话务员为您服务。"


def test_jh_6_silent_ladder() -> None:
    ladder = plan().silent
    assert [step.text for step in ladder.steps] == ["您的电话已接通。", "您的电话已接通,请讲话。"]
    assert ladder.final.text == "很抱歉,听不到您的声音,请挂机后重拨,再见!"
    assert (ladder.clause, ladder.wait, ladder.release_wait) == ("JH-6", 5.0, 0.0)
    assert all(prompt.barge_in and prompt.clause == "JH-6" for prompt in (*ladder.steps, ladder.final))


def test_jh_7_noisy_ladder_waits_three_seconds_before_its_release() -> None:
    ladder = plan().noisy
    assert [step.text for step in ladder.steps] == ["您好,请讲", "您好,请讲"]
    assert ladder.final.text == "很抱歉,听不清您讲话,请您挂机后重拨,再见"
    assert (ladder.clause, ladder.release_wait) == ("JH-7", 3.0)
    assert all(prompt.barge_in for prompt in (*ladder.steps, ladder.final))


def test_jh_10_jh_11_closing_and_jh_2_the_customer_hangs_up_first() -> None:
    closing = plan().closing
    assert (closing.further.text, closing.further.clause) == ("请问还有其他需要咨询的吗?", "JH-10")
    assert closing.further.barge_in
    farewell = plan().today.farewell
    assert farewell.clause == "JH-11"
    assert farewell.text == (
        "感谢您的来电,您反映的问题我们会尽快转相关部门进行落实,欢迎您以后随时拨打济华热线提出您的宝贵意见,再见!"
    )
    assert not farewell.barge_in
    assert (closing.clause, closing.guard, closing.release_wait) == ("JH-2", 60.0, None)


def test_the_rest_of_the_plan() -> None:
    made = plan(recording="/r/1.wav")
    assert (made.dialplan, made.agent, made.recording) == ("jihua-gas", "801", "/r/1.wav")
    assert (made.flow.message.pause, made.flow.message.limit) == (3.0, 300.0)
    assert (made.menu, made.faint, made.loud) == (None, None, None)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_phrase_comes_into_play(name: str) -> None:
    """In some call of some day each is said."""
    days = (on(day, name) for day in ("2026-03-11", "2026-03-14", "2026-01-01", "2026-02-17", "2026-09-25"))
    more = (on(day, name) for day in ("2026-05-01", "2026-06-19", "2026-10-01"))
    plans = [*days, *more, plan(name=name, trainee=True), plan(name=name, overflow=True)]
    said = {prompt.key for made in plans for prompt in made.prompts()}
    unsaid = set(phrases_of(SHIPPED[name])) - said
    assert unsaid == set()


def test_an_agents_own_recording_of_the_greeting_goes_first() -> None:
    whole = phrases_of(DIALPLAN)["greeting"].whole("801")
    assert whole == Segment("greeting-801", *["您好!济华热线八零幺号为您服务,请问有什么可以帮您吗?"] * 2)
    recordings = {**RECORDINGS["jihua-gas"], whole: Recording("/own.wav", 9.0)}
    (greeting,) = compile_plan(DIALPLAN, recordings, Call("801")).today.greeting
    assert (greeting.recordings, greeting.duration) == (("/own.wav",), 9.0)
    (other,) = compile_plan(DIALPLAN, recordings, Call("802")).today.greeting
    assert "/own.wav" not in other.recordings


@given(st.text("0123456789", min_size=1, max_size=8))
def test_any_agent_can_greet(agent: str) -> None:
    (greeting,) = plan(agent).today.greeting
    assert agent in greeting.text
    assert [path.removeprefix("/p/digit-")[0] for path in greeting.recordings[1:-1]] == list(agent)


class TestDays:
    def test_jh_12_a_holiday_is_greeted_before_the_number(self) -> None:
        assert [prompt.key for prompt in on("2026-05-01").today.greeting] == ["holiday-greeting", "greeting"]
        first, second = on("2026-02-17").today.greeting
        assert (first.text, first.clause) == ("春节好,很高兴为您服务", "JH-12")
        assert second.key == "greeting"
        assert [prompt.key for prompt in on("2026-02-20").today.greeting] == ["greeting"]

    def test_jh_12_two_holidays_on_one_day_are_greeted_once(self) -> None:
        texts = [prompt.text for prompt in on("2020-10-01").today.greeting]
        assert texts == ["节日好,很高兴为您服务", "您好!济华热线801号为您服务,请问有什么可以帮您吗?"]

    def test_jh_4_and_jh_5_on_a_holiday(self) -> None:
        at = datetime(2026, 10, 1, 9, tzinfo=SHANGHAI)
        trainee, overflow = plan(trainee=True, at=at), plan(trainee=True, overflow=True, at=at)
        assert [prompt.key for prompt in trainee.today.greeting] == ["holiday-greeting", "trainee-greeting"]
        assert [prompt.key for prompt in overflow.today.greeting] == ["overflow-greeting"]

    def test_wd_5_the_farewell_of_the_day_a_holiday_before_a_weekend(self) -> None:
        days = ("2026-03-11", "2026-03-14", "2026-10-01", "2026-10-03")
        farewells = [on(day, "runfa-water").today.farewell.key for day in days]
        assert farewells == ["farewell", "farewell-weekend", "farewell-holiday", "farewell-holiday"]

    def test_a_call_knows_when_tomorrow_comes_and_what_it_is(self) -> None:
        made = plan(at=datetime(2026, 9, 30, 23, 59, 50, tzinfo=SHANGHAI))
        assert made.midnight == 10.0
        assert [prompt.key for prompt in made.today.greeting] == ["greeting"]
        assert made.tomorrow is not None
        assert [prompt.key for prompt in made.tomorrow.greeting] == ["holiday-greeting", "greeting"]

    @pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
    def test_a_day_may_have_23_or_25_hours(self, day: str, hours: int) -> None:
        berlin = ZoneInfo("Europe/Berlin")
        made = plan(at=datetime.fromisoformat(day).replace(tzinfo=berlin))
        assert made.midnight == timedelta(hours=hours).total_seconds()

    def test_without_a_date_it_is_an_ordinary_day_without_end(self) -> None:
        assert (plan().midnight, plan().tomorrow) == (float("inf"), None)


class TestOtherStandards:
    def test_wd_8_wd_6_wd_7_ladder_and_corrections(self) -> None:
        made = plan(name="runfa-water")
        assert (made.silent.clause, made.silent.release_wait) == ("WD-8", 0.0)
        assert made.silent.final.text == "无需服务请挂机,再见。"
        assert made.faint is not None
        assert made.loud is not None
        assert (made.faint.clause, len(made.faint.steps), made.loud.clause) == ("WD-6", 2, "WD-7")

    def test_wd_2_releases_after_the_farewell(self) -> None:
        closing = plan(name="runfa-water").closing
        assert (closing.clause, closing.release_wait) == ("WD-2", 3.0)

    def test_jh_8_jh_9_waiting(self) -> None:
        waiting = plan().waiting
        assert waiting is not None
        assert (waiting.clause, waiting.every, waiting.limit, waiting.long) == ("JH-8", 15.0, 180.0, 30.0)
        assert (waiting.thanks.clause, waiting.sorry.text) == ("JH-9", "很抱歉,让您久等了")

    def test_js_3_questions_in_order_each_answer_in_a_file_of_its_own(self) -> None:
        flow = plan(name="jinsui-tax", recording="/r/7.wav").flow
        assert [question.key for question in flow.questions][:4] == [
            "enterprise",
            "telephone",
            "tax_office",
            "lamps",
        ]
        assert flow.questions[2].recording == "/r/7-tax-office.wav"
        assert flow.questions[1].wait == 8.0
        assert [reply.clause for reply in flow.replies] == ["JS-4"]
        assert all(question.recording is None for question in plan(name="jinsui-tax").flow.questions)

    def test_et_3_the_promise_names_its_time(self) -> None:
        (promise,) = plan(name="service-desk").flow.replies
        assert promise.text == "您的问题我已经记录下来了,24小时内给您回复"

    def test_et_1_parameters_name_the_department(self) -> None:
        site = load_dialplan("service-desk", parameters={"organisation": "", "department": "信息部"})
        recordings = {segment: Recording("/x.wav", 1.0) for segment in segments_of(site)}
        (greeting,) = compile_plan(site, recordings, Call("801")).today.greeting
        assert greeting.text == "您好,信息部,有什么可以帮到您?"

    def test_tt_1_the_menu_and_its_alerts(self) -> None:
        menu = plan(name="tietong-keyaccount").menu
        assert menu is not None
        assert [(digit, choice.kind, choice.alert) for digit, choice in menu.choices.items()] == [
            ("1", "enquiry", False),
            ("2", "complaint", False),
            ("3", "equipment_fault", True),
            ("4", "serious_complaint", True),
        ]
        assert menu.otherwise.kind == "enquiry"

    def test_tt_2_a_complaint_is_answered_in_order_and_never_asked_for_more(self) -> None:
        menu = plan(name="tietong-keyaccount").menu
        assert menu is not None
        flow = menu.choices["2"].flow
        assert flow.opening is not None
        assert flow.opening.text == "请您讲,我们认真听取您的意见。"
        assert [reply.key for reply in flow.replies] == [
            "text-apology",
            "text-recorded",
            "text-deadline",
            "text-apology-again",
        ]
        assert (flow.further, flow.message.pause, flow.message.limit) == (False, 5.0, 1800.0)

    def test_phrases_are_ready_under_their_names(self) -> None:
        phrases = plan().phrases
        assert phrases["number_only"].text == "对不起,工作时我们只报工号,我的工号是801号。"
        assert phrases["nuisance"].clause == "JH-13"
