"""What the agents of the hotlines have said to the customer by key (JH-9, JH-13, JH-14, JH-18, WD-9, WD-10)."""

from collections.abc import Callable

import pytest

from drivers.line import Release, StopPlaying, Verdict
from gateway.call.facts import PromptFinished, Released, ReleasedBy, WaitEnded
from gateway.call.plan import Part
from gateway.call.requests import RequestRefused
from gateway.call.states import CallState
from tests.scenarios.hotlines import desk, gas, key_account, tax, water
from tests.scenarios.story import Story

pytestmark = pytest.mark.unit

FURTHER = "请问还有其他需要咨询的吗?"
NUISANCE = "如果您没有其它服务需求,请挂机,谢谢!"
DIALECT = "对不起,您的方言我听不太懂,为了避免出现错误,请您尽量使用普通话,讲慢一点好吗?"


def says(call: Story, phrase: str) -> tuple[str, str]:
    """The agent has a phrase said to a customer who has just spoken: its words and its clause."""
    call.greeted()
    call.customer_speaks(5)
    call.agent_has_said(phrase)
    call.gets_the_word()
    finished = call.of(PromptFinished)[-1]
    assert finished.cut is None
    assert finished.prompt.part is Part.PHRASE
    assert call.told[-1][0] == 5.0  # at once
    return finished.prompt.text, finished.prompt.clause


def test_jh13_a_nuisance_call() -> None:
    assert says(gas(), "nuisance") == (NUISANCE, "JH-13")


def test_jh14_foul_language() -> None:
    assert says(gas(), "foul_language") == ("先生(女士),请您使用文明言语。", "JH-14")


def test_jh14_dialect() -> None:
    assert says(gas(), "dialect") == (DIALECT, "JH-14")


def test_jh14_not_heard() -> None:
    assert says(gas(), "not_heard") == ("很抱歉,请您将刚才的问题重复一遍好吗?", "JH-14")


@pytest.mark.parametrize("agent", ["801", "37"])
def test_jh18_asked_for_a_name_only_the_number_is_given(agent: str) -> None:
    text = f"对不起,工作时我们只报工号,我的工号是{agent}号。"
    call = gas(agent)
    assert says(call, "number_only") == (text, "JH-18")
    recordings = call.of(PromptFinished)[-1].prompt.recordings
    assert [name for name in recordings if name.startswith("digit-")] == [f"digit-{digit}.wav" for digit in agent]


def test_wd9_dialect() -> None:
    assert says(water(), "dialect") == ("对不起,请您使用普通话,好吗?", "WD-9")


def test_wd9_please_wait() -> None:
    assert says(water(), "please_wait") == ("对不起,请您稍等,我帮您查询", "WD-9")


def test_wd9_a_nuisance_call() -> None:
    assert says(water(), "nuisance") == ("对不起,上班时间不闲聊,谢谢合作", "WD-9")


@pytest.mark.parametrize("agent", ["801", "1206"])
def test_wd10_asked_for_the_number(agent: str) -> None:
    text = f"我是{agent}号客服,如服务不周,请您多提宝贵意见。"
    assert says(water(agent), "number_only") == (text, "WD-10")


@pytest.mark.parametrize("hotline", [gas, water, tax, desk, key_account])
def test_every_phrase_of_every_hotline_can_be_said(hotline: Callable[[], Story]) -> None:
    plan = hotline().plan
    for phrase, prompt in plan.phrases.items():
        if prompt.part is Part.LAST_WORDS:
            continue  # below
        call = hotline()
        if call.plan.menu is not None:
            call.presses("1")
        assert says(call, phrase) == (prompt.text, prompt.clause)


def test_a_phrase_asked_for_while_something_is_said_waits_for_its_end() -> None:
    call = gas().greeted()
    call.customer_speaks(5)
    call.passes(4)
    assert call.words[-1] == FURTHER
    call.agent_has_said("nuisance")
    assert not call.ordered(StopPlaying)
    call.passes(5 + 9)
    assert call.heard[1:] == ["further", "phrase-nuisance"]
    assert call.told[-1] == (0.0, NUISANCE)


def test_a_phrase_asked_for_during_the_greeting_follows_it() -> None:
    call = gas()
    call.caller_id()
    call.rings(2)
    call.passes(3)
    call.agent_has_said("dialect")
    call.passes(12)
    assert call.heard == ["greeting"]
    assert call.told[-1] == (0.0, DIALECT)


def test_several_phrases_are_said_in_the_order_asked_for() -> None:
    call = gas().greeted()
    call.customer_speaks(5)
    for phrase in ("nuisance", "dialect", "not_heard"):
        call.agent_has_said(phrase)
    call.passes(60)
    assert call.heard[1:4] == ["phrase-nuisance", "phrase-dialect", "phrase-not-heard"]


def test_after_a_phrase_the_customer_has_the_word_and_his_time_anew() -> None:
    call = gas().greeted()
    call.passes(4)
    call.agent_has_said("not_heard")
    call.gets_the_word()
    call.passes(4.9)
    assert len(call.words) == 2
    call.passes(0.2)
    assert call.words[-1] == "您的电话已接通。"


def test_a_phrase_is_said_to_its_end_even_to_who_speaks_into_it() -> None:
    call = gas().greeted()
    call.customer_speaks(5)
    call.agent_has_said("foul_language")
    call.passes(1)
    call.customer_is(Verdict.SPEECH)
    call.passes(30)
    assert call.heard[-1] == "phrase-foul-language"
    call.customer_is(Verdict.SILENT)
    call.passes(3.1)
    assert call.words[-1] == FURTHER


def test_a_phrase_in_a_wait_is_said_to_its_end_though_the_wait_is_over() -> None:
    call = gas().greeted()
    call.customer_speaks(5)
    call.customer_must_wait()
    call.passes(13)
    call.agent_has_said("dialect")
    call.passes(2)
    call.somebody_has_time()
    call.passes(20)
    assert call.heard[1:3] == ["waiting-first", "phrase-dialect"]
    assert call.engine.state is not CallState.WAITING


def test_a_phrase_before_the_answer_is_refused() -> None:
    call = gas()
    call.rings(1)
    with pytest.raises(RequestRefused, match="not answered yet"):
        call.agent_has_said("nuisance")
    call.rings(1, first=2)
    call.passes(60)
    assert NUISANCE not in call.words


@pytest.mark.parametrize("seconds", [4, 30, 59])
def test_a_phrase_after_the_farewell_began_is_refused(seconds: float) -> None:
    call = gas().greeted()
    call.customer_speaks(5)
    call.passes(3 + 6 + 5 + seconds)
    assert call.engine.state is CallState.CLOSING
    with pytest.raises(RequestRefused, match="last words"):
        call.agent_has_said("nuisance")
    call.passes(10)
    assert NUISANCE not in call.words


def test_a_phrase_in_a_ladders_last_words_is_refused() -> None:
    call = water().greeted()
    call.passes(5 + 6 + 5 + 10 + 5 + 1)
    assert call.words[-1] == "无需服务请挂机,再见。"
    with pytest.raises(RequestRefused, match="last words"):
        call.agent_has_said("please_wait")


def test_a_phrase_after_the_call_is_refused() -> None:
    call = gas().greeted()
    call.hangs_up()
    with pytest.raises(RequestRefused, match="the call is over"):
        call.agent_has_said("nuisance")


def test_a_phrase_that_the_standard_does_not_have_is_refused_by_name() -> None:
    call = gas().greeted()
    with pytest.raises(RequestRefused, match=r"no phrase 'please_wait'; allowed: .*nuisance.*number_only"):
        call.agent_has_said("please_wait")
    call.passes(1)
    assert len(call.words) == 1


def test_a_stuck_key_does_not_keep_the_customer_waiting() -> None:
    call = gas().greeted()
    call.customer_speaks(5)
    call.customer_must_wait()
    for _ in range(5):
        call.agent_has_said("nuisance")
    call.somebody_has_time()
    call.passes(0.1)
    assert call.engine.state is not CallState.WAITING


def test_a_stuck_key_is_refused_after_five_phrases() -> None:
    call = gas().greeted()
    for _ in range(6):
        call.agent_has_said("nuisance")
    with pytest.raises(RequestRefused, match="5 requests wait already"):
        call.agent_has_said("nuisance")
    call.passes(70)
    assert call.words.count(NUISANCE) == 6


# -- JH-10: the agent's own farewell ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "words"), [("farewell_enquiry", "欢迎您再次来电,再见!"), ("farewell_thanks", "感谢您的来电。再见!")]
)
def test_jh10_an_agents_farewell_is_the_last_word_and_the_line_waits_for_the_customer(
    key: str, words: str
) -> None:
    call = gas().greeted()
    call.customer_speaks(10)
    call.agent_has_said(key)
    call.passes(50)
    assert call.words[-1] == words
    assert call.engine.state is CallState.CLOSING
    assert not call.ordered(Release)
    with pytest.raises(RequestRefused):
        call.agent_has_said("nuisance")
    call.hangs_up()
    assert call.released == Released(ReleasedBy.CUSTOMER, "bye")


def test_jh10_an_agents_farewell_ends_a_wait() -> None:
    call = gas().greeted()
    call.customer_speaks(10)
    call.customer_must_wait()
    call.passes(40)
    call.agent_has_said("farewell_thanks")
    call.passes(10)
    assert [(round(fact.waited), fact.overdue) for fact in call.of(WaitEnded)] == [(40, False)]
    assert call.words[-1] == "感谢您的来电。再见!"
    assert call.engine.state is CallState.CLOSING


def test_jh10_who_has_more_to_say_after_the_agents_farewell_is_listened_to_again() -> None:
    call = gas().greeted()
    call.customer_speaks(10)
    call.agent_has_said("farewell_thanks")
    call.passes(10)
    call.customer_speaks(5)
    call.passes(3.1)
    assert call.words[-1] == "请问还有其他需要咨询的吗?"


def test_jh10_nothing_can_be_asked_for_after_a_farewell_that_waits_its_turn() -> None:
    call = gas()
    call.rings(2)
    call.passes(4)
    call.agent_has_said("farewell_thanks")
    with pytest.raises(RequestRefused):
        call.agent_has_said("nuisance")
    call.passes(60)
    assert call.words[-1] == "感谢您的来电。再见!"
