"""The Plan of the Jihua Gas dialplan: every clause with its words, waits and manners."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.call.plan import Plan
from gateway.dialplan import Recording, Segment, compile_plan, load_dialplan, phrases_of
from gateway.dialplan.phrases import segments_of

pytestmark = pytest.mark.unit

DIALPLAN = load_dialplan("jihua-gas")
RECORDINGS = {segment: Recording(f"/p/{segment.key}.wav", 1.5) for segment in segments_of(DIALPLAN)}


def plan(agent: str = "801", **options: object) -> Plan:
    return compile_plan(DIALPLAN, RECORDINGS, agent=agent, **options)  # type: ignore[arg-type]


def test_jh_1_answers_after_the_second_ring_and_never_after_the_third() -> None:
    answer = plan().answer
    assert (answer.clause, answer.on_ring, answer.ring_limit) == ("JH-1", 2, 3)
    assert answer.caller_id_wait < 4.0 < answer.ring_gap_limit
    assert plan(on_ring=1).answer.on_ring == 1


def test_jh_3_greets_with_the_number_digit_by_digit() -> None:
    (greeting,) = plan().greeting
    assert greeting.text == "您好!济华热线801号为您服务,请问有什么可以帮您吗?"
    assert (greeting.key, greeting.clause, greeting.barge_in) == ("greeting", "JH-3", False)
    names = ["greeting-part1", "digit-8", "digit-0", "digit-1", "greeting-part2"]
    assert list(greeting.recordings) == [f"/p/{name}.wav" for name in names]
    assert greeting.duration == 7.5


def test_jh_4_a_trainee_says_so_instead() -> None:
    (greeting,) = plan(trainee=True).greeting
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
    assert closing.farewell.clause == "JH-11"
    assert closing.farewell.text == (
        "感谢您的来电,您反映的问题我们会尽快转相关部门进行落实,欢迎您以后随时拨打济华热线提出您的宝贵意见,再见!"
    )
    assert not closing.farewell.barge_in
    assert closing.guard == 60.0
    assert plan().hang_up_first == "JH-2"


def test_the_rest_of_the_plan() -> None:
    made = plan(recording="/r/1.wav")
    assert (made.dialplan, made.agent, made.recording) == ("jihua-gas", "801", "/r/1.wav")
    assert (made.message.pause, made.message.limit) == (3.0, 300.0)
    keys = [prompt.key for prompt in made.prompts()]
    assert sorted(keys) == sorted(set(phrases_of(DIALPLAN)) - {"trainee-greeting"})


def test_an_agents_own_recording_of_the_greeting_goes_first() -> None:
    whole = phrases_of(DIALPLAN)["greeting"].whole("801")
    assert whole == Segment("greeting-801", *["您好!济华热线八零幺号为您服务,请问有什么可以帮您吗?"] * 2)
    recordings = {**RECORDINGS, whole: Recording("/own.wav", 9.0)}
    (greeting,) = compile_plan(DIALPLAN, recordings, agent="801").greeting
    assert (greeting.recordings, greeting.duration) == (("/own.wav",), 9.0)
    (other,) = compile_plan(DIALPLAN, recordings, agent="802").greeting
    assert "/own.wav" not in other.recordings


@given(st.text("0123456789", min_size=1, max_size=8))
def test_any_agent_can_greet(agent: str) -> None:
    (greeting,) = plan(agent).greeting
    assert agent in greeting.text
    assert [path.removeprefix("/p/digit-")[0] for path in greeting.recordings[1:-1]] == list(agent)
