"""[call_back], [notice] and [warning]: what they compile to, and what would let them fail a customer."""

import re
from typing import Any

import pytest

from gateway.call.plan import Part, Plan
from gateway.config.document import parse_document
from gateway.config.places import shipped_dialplans
from gateway.dialplan import Call, Recording, compile_plan, load_dialplan, phrases_of
from gateway.dialplan.load import dialplan_of
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import segments_of
from tests.unit.dialplan.findings import FILE, over

pytestmark = pytest.mark.unit

JIHUA = 'base = "jihua-gas"\n'
NOTICE = '[notice]\nclause = "XY-1"\ntext = "您的通话将被录音。"\n'


def read(text: str) -> Dialplan:
    return dialplan_of(parse_document(FILE, text))


def plan(dialplan: Dialplan, **options: Any) -> Plan:
    recordings = {segment: Recording(f"/p/{segment.key}.wav", 1.5) for segment in segments_of(dialplan)}
    return compile_plan(dialplan, recordings, Call("801", **options))


@pytest.mark.parametrize(
    ("name", "clause", "noted"),
    [
        ("jihua-gas", "JH-19", "您的号码已经记录,我们会尽快给您回电。"),
        ("jinsui-tax", "JS-2", "您的号码已经记录,我们会尽快给您回电。"),
        ("runfa-water", "WD-12", "您的号码已经记录,我们会尽快给您回电。"),
        ("service-desk", "ET-3", "您的号码已经记录下来了,24小时内给您回复"),
        ("tietong-keyaccount", "TT-1", "您的号码已经记录,我们会在24小时内给您回电。"),
    ],
)
def test_every_shipped_dialplan_calls_back_under_its_own_clause(name: str, clause: str, noted: str) -> None:
    back = plan(load_dialplan(name)).call_back
    assert back is not None
    assert (back.clause, back.noted.text) == (clause, noted)
    said = [back.offer, back.ask, back.read_back, back.confirm, back.noted, back.speak]
    assert {(prompt.clause, prompt.part) for prompt in said if prompt} == {(clause, Part.CALL_BACK)}
    assert (back.key, back.message_key, back.right, back.wrong) == ("1", "2", "1", "2")
    assert (back.offer_after, back.wait, back.tries) == (30.0, 8.0, 3)


def test_what_asks_for_a_key_ends_with_the_key_and_the_rest_is_heard() -> None:
    back = plan(load_dialplan("jihua-gas")).call_back
    assert back is not None
    assert (back.ask.barge_in, back.confirm.barge_in) == (True, True)
    assert not any(prompt.barge_in for prompt in (back.offer, back.read_back, back.noted))


def test_a_number_is_read_back_in_ten_recordings_even_where_no_text_has_the_agents() -> None:
    dialplan = read(
        JIHUA
        + 'without = ["phrases.number_only"]\n[greeting]\ntext = "您好,请讲"\n[call_back]\noffer_after = 45.0\n'
    )
    assert not any("{agent}" in phrase.text for phrase in phrases_of(dialplan).values())
    back = plan(dialplan).call_back
    assert back is not None
    assert back.digits == {digit: (f"/p/digit-{digit}.wav", 1.5) for digit in "0123456789"}
    assert back.offer_after == 45.0


def test_a_dialplan_does_without() -> None:
    dialplan = read(JIHUA + 'without = ["call_back", "phrases.number_only"]\n[greeting]\ntext = "您好,请讲"\n')
    assert plan(dialplan).call_back is None
    assert not any(segment.key.startswith(("digit-", "call-back")) for segment in segments_of(dialplan))
    silent = read(JIHUA + 'without = ["call_back.speak"]\n')
    back = plan(silent).call_back
    assert back is not None
    assert back.speak is None


def test_every_prompt_of_it_is_one_of_the_plans() -> None:
    found = plan(read(JIHUA + NOTICE), warned=True)
    keys = {prompt.key for prompt in found.prompts()}
    assert {"notice", "warning"} <= keys
    assert {f"call-back-{name}" for name in ("offer", "ask", "read-back", "confirm", "noted", "speak")} <= keys


def test_both_sides_are_recorded_where_the_site_wants_them() -> None:
    dialplan = load_dialplan("jihua-gas")
    assert plan(dialplan, both_sides=True).both_sides
    assert not plan(dialplan).both_sides


@pytest.mark.parametrize("name", shipped_dialplans())
def test_no_shipped_dialplan_has_a_notice(name: str) -> None:
    assert plan(load_dialplan(name)).notices == ()


def test_a_notice_is_said_to_everybody_and_not_cut_short() -> None:
    (notice,) = plan(read(JIHUA + NOTICE)).notices
    assert (notice.key, notice.clause, notice.text) == ("notice", "XY-1", "您的通话将被录音。")
    assert (notice.part, notice.barge_in, notice.recordings) == (Part.NOTICE, False, ("/p/notice.wav",))


@pytest.mark.parametrize(
    ("name", "clause", "text"),
    [
        ("jihua-gas", "JH-13", "如果您没有其它服务需求,请挂机,谢谢!"),
        ("runfa-water", "WD-9", "对不起,上班时间不闲聊,谢谢合作"),
    ],
)
def test_a_listed_number_hears_the_standards_words_for_nuisance_callers(name: str, clause: str, text: str) -> None:
    (warning,) = plan(load_dialplan(name), warned=True).notices
    assert (warning.clause, warning.text) == (clause, text)
    assert warning.recordings == ("/p/phrase-nuisance.wav",)
    # Not the agent's own phrase in the record: he did not ask for it.
    assert (warning.key, warning.part) == ("warning", Part.NOTICE)


def test_the_warning_comes_after_the_notice_and_falls_silent_without_its_phrase() -> None:
    assert [said.key for said in plan(read(JIHUA + NOTICE), warned=True).notices] == ["notice", "warning"]
    assert plan(read(JIHUA + 'without = ["phrases.nuisance"]\n'), warned=True).notices == ()
    assert plan(read(JIHUA + 'without = ["warning"]\n'), warned=True).notices == ()


def test_a_warning_of_ones_own_names_a_phrase_that_is_there() -> None:
    (fault,) = over("jihua-gas", '[warning]\nphrase = "nuisence"')
    assert re.fullmatch(
        r"3: warning.phrase: 'nuisence' is not defined in \[phrases\]; allowed: .*nuisance.*", fault
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[call_back]\nkey = "2"', r"3: call_back.key: key and message_key are both 2; allowed: two keys"),
        ('[call_back]\nwrong = "1"', r"3: call_back.wrong: right and wrong are both 1; allowed: two keys"),
        ('[call_back]\nkey = "5"', r"3: call_back.key: offer does not tell that key is 5; allowed: .*「请按5」"),
        ('[call_back]\noffer = "回电请按1。"', r"3: call_back.offer: .* that message_key is 2; .*"),
        ('[call_back]\nwrong = "*"', r"3: call_back.wrong: confirm does not tell that wrong is \*; .*"),
        ('[call_back]\nconfirm = "正确请按1。"', r"3: call_back.confirm: .* that wrong is 2; .*"),
        (
            '[call_back]\noffer = "如您不便等待,请按1,我们会尽快给您回电;如需留言,请按2。"',
            r"3: call_back.offer: offer follows waiting.again: .* 17 s, .* after 15 s \(JH-8\); .* 30 .*",
        ),
        ("[call_back]\noffer_after = 5.0", r"3: call_back.offer_after: offer follows waiting.first: .* 18 s, .*"),
        ('[call_back]\nask = "您的电话号码是多少?"', r"3: call_back.ask: asks without 请; .* \(JH-17\)"),
        ('[call_back]\nask = "您的电话号码"', r"3: call_back.ask: asks without 请; .* \(JH-17\)"),
        ('[call_back]\nnoted = "我不知道"', r"3: call_back.noted: 「我不知道」 is forbidden by JH-16; .*"),
        ('[notice]\nclause = "XY-1"\ntext = "你的通话"', r"4: notice.text: says 你; .* \(JH-17\)"),
        ('[call_back]\nclause = "JH-24"', r"3: call_back.clause: JH-24 is no clause of its standard; .*"),
    ],
)  # fmt: skip
def test_what_would_let_a_customer_down_is_found(text: str, expected: str) -> None:
    faults = over("jihua-gas", text)
    assert len(faults) == 1, faults
    assert re.fullmatch(expected, faults[0]), faults


@pytest.mark.parametrize(
    "text",
    [
        '[call_back]\nkey = "*"\noffer = "回电请按星号键,留言请按2。"',
        '[call_back]\nkey = "#"\noffer = "回电请按井号键,留言请按二。"',
        '[call_back]\nconfirm = "One if it is right, two if it is not."',
        '[call_back]\nkey = "2"\nmessage_key = "1"',
        "speaking_rate = 90",
    ],
)
def test_keys_may_be_told_in_other_words(text: str) -> None:
    assert over("jihua-gas", text) == []
