"""The service desk as it ships: greeting, two questions, the promise with its time, the end (ET-1 … ET-4)."""

import pytest

from drivers.line import Release
from gateway.call.facts import PromptFinished, QuestionAnswered
from gateway.config.faults import ConfigErrors
from gateway.dialplan import load_dialplan
from tests.scenarios.hotlines import desk
from tests.scenarios.story import Story

pytestmark = pytest.mark.unit

FURTHER = "请问还有其他需要咨询的吗?"


def served(**parameters: str) -> Story:
    """A customer who tells his case and answers both questions; nothing more is heard of him."""
    call = desk(**parameters).greeted()
    call.customer_speaks(10)
    for _ in range(2):
        call.passes(3.1)
        call.gets_the_word()
        call.customer_speaks(3)
    call.passes(60)
    return call


def test_et1_the_greeting_names_the_organisation() -> None:
    call = desk(organisation="泉城软件公司").greeted()
    assert call.told == [(0.0, "您好,泉城软件公司,有什么可以帮到您?")]
    assert desk().greeted().words == ["您好,客户服务公司,有什么可以帮到您?"]


def test_et1_or_the_department() -> None:
    call = desk(organisation="", department="技术支持部").greeted()
    assert call.told == [(0.0, "您好,技术支持部,有什么可以帮到您?")]


def test_et1_what_it_names_is_said_in_full() -> None:
    """A longer name is a longer greeting: it is spoken, not written."""
    shorter, longer = (desk(organisation=name).greeted() for name in ("泉城软件公司", "泉城软件技术公司"))
    assert longer.now - shorter.now == pytest.approx(1.0)


def test_et1_a_parameter_that_would_break_the_greeting_is_refused() -> None:
    with pytest.raises(ConfigErrors):
        load_dialplan("service-desk", parameters={"organisation": "{nobody}"})


def test_et2_he_is_asked_where_he_calls_from_and_for_whom() -> None:
    call = served()
    assert [pair[1] for pair in call.told[1:3]] == ["您是哪里?", "请问您需要找哪位?"]
    assert [(f.question.key, f.spoken) for f in call.of(QuestionAnswered)] == [
        ("from_where", True),
        ("for_whom", True),
    ]
    assert [path for path, _, _ in call.recordings[1:]] == ["calls/call-from-where.wav", "calls/call-for-whom.wav"]


def test_et2_before_a_transfer_he_is_told_of_it() -> None:
    call = desk().greeted()
    call.customer_speaks(5)
    call.agent_has_said("transfer")
    call.passes(7)
    assert call.told[1] == (5.0, "请您稍等,我帮您转接电话")
    assert call.of(PromptFinished)[1].prompt.clause == "ET-2"


@pytest.mark.parametrize(
    ("parameters", "promise"),
    [
        ({}, "您的问题我已经记录下来了,24小时内给您回复"),
        ({"promised_time": "2小时"}, "您的问题我已经记录下来了,2小时内给您回复"),
        ({"promised_time": "三个工作日"}, "您的问题我已经记录下来了,三个工作日内给您回复"),
    ],
)
def test_et3_the_promise_names_its_time(parameters: dict[str, str], promise: str) -> None:
    call = served(**parameters)
    assert promise in call.words
    said = next(fact for fact in call.of(PromptFinished) if fact.prompt.text == promise)
    assert (said.prompt.clause, said.cut) == ("ET-3", None)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("engineer", "您的问题我已经记录下来了,我们将尽快安排工程师与您联系"),
        ("manager", "您的问题我已经记录下来了,我会马上向部门经理汇报"),
    ],
)
def test_et3_the_agent_may_promise_otherwise(phrase: str, text: str) -> None:
    call = desk().greeted()
    call.customer_speaks(5)
    call.agent_has_said(phrase)
    call.passes(20)
    assert call.told[1] == (5.0, text)
    assert call.of(PromptFinished)[1].prompt.clause == "ET-3"


def test_et4_thanks_and_goodbye_and_the_customer_hangs_up_first() -> None:
    call = served()
    assert call.words[-2:] == [FURTHER, "谢谢您的来电,再见"]
    assert call.heard[-1] == "farewell"
    assert not call.ordered(Release)


def test_et4_where_we_were_at_fault_the_agent_has_it_said() -> None:
    call = desk().greeted()
    call.customer_speaks(5)
    call.agent_has_said("our_fault")
    call.passes(20)
    assert call.told[1] == (5.0, "不好意思,由于我们的工作失误给您的工作带来了不便,请您谅解")
    assert call.of(PromptFinished)[1].prompt.clause == "ET-4"


def test_et_the_whole_call() -> None:
    assert [text for _, text in served().told] == [
        "您好,客户服务公司,有什么可以帮到您?",
        "您是哪里?",
        "请问您需要找哪位?",
        "您的问题我已经记录下来了,24小时内给您回复",
        FURTHER,
        "谢谢您的来电,再见",
    ]
