"""Our own prompt's echo is nobody's voice; a customer who talks over it is heard."""

import random

import numpy as np
import pytest

from benchmarks.material import active_level, alaw, echo, pcm, silence, speech, white, word
from drivers.hearing.ears import Ears
from drivers.hearing.heard import VerdictHeard
from drivers.line import Verdict

pytestmark = pytest.mark.unit

PROMPT = np.concatenate([speech(6.5, -18, "cmn", 40), silence(2.5)])
LINE = white(len(PROMPT) / 8000, -65)


def verdicts(far, near=PROMPT, ears: Ears | None = None) -> list[VerdictHeard]:
    count = min(len(far), len(near)) // 160 * 160
    heard = (ears or Ears()).hear(alaw(pcm(far[:count])), pcm(near[:count]))
    return [h for h in heard if isinstance(h, VerdictHeard)]


def customer(at: float, level: float, seconds: float = 2.5) -> np.ndarray:
    said = np.concatenate([silence(at), speech(seconds, level, "en", 65), silence(20)])
    return said[: len(PROMPT)]


@pytest.mark.parametrize("loss", [10, 14, 30])
@pytest.mark.parametrize("delay", [0.0, 0.11, 0.28])
def test_echo_alone_is_never_anything_but_silence(loss, delay):
    assert {h.verdict for h in verdicts(echo(PROMPT, loss, delay) + LINE)} == {Verdict.SILENT}


def test_the_tail_after_the_prompt_is_not_voice():
    ears = Ears()
    for _ in range(3):
        short = np.concatenate([speech(1.5, -15, "cmn"), silence(2.5)])
        found = verdicts(echo(short, 10, 0.29), short, ears)
        assert {h.verdict for h in found} <= {Verdict.SILENT}


@pytest.mark.parametrize(("loss", "level"), [(14, -20), (14, -30), (20, -25), (30, -20), (30, -30)])
def test_a_customer_who_talks_over_the_prompt_is_heard(loss, level):
    found = verdicts(echo(PROMPT, loss, 0.06) + customer(4.0, level) + LINE)
    said = [h for h in found if h.verdict is Verdict.SPEECH]
    assert len(said) == 1
    assert 4.0 < said[0].t <= 5.5
    assert {h.verdict for h in found} == {Verdict.SILENT, Verdict.SPEECH}


def test_a_loud_customer_is_heard_from_the_first_prompt_on():
    found = verdicts(echo(PROMPT, 14, 0.06) + customer(2.0, -20) + LINE)
    assert [h.t <= 3.5 for h in found if h.verdict is Verdict.SPEECH] == [True]


def test_noise_is_heard_as_soon_as_the_prompt_is_over():
    found = verdicts(echo(PROMPT, 14, 0.06) + white(len(PROMPT) / 8000, -30))
    assert [h.verdict for h in found] == [Verdict.NOISY]
    assert found[0].t <= 6.5 + 0.3 + 1.5 + 1.5


@pytest.mark.parametrize("level", [-40, -43])
@pytest.mark.parametrize("loss", [14, 20])
def test_what_the_prompt_hides_is_not_over(level, loss):
    faint = np.concatenate([silence(1), speech(11.5, level, "en", 65)])
    near = np.concatenate([silence(4), speech(5, -18, "cmn", 40), silence(3.5)])
    found = verdicts(echo(near, loss, 0.06) + faint + white(len(near) / 8000, -65), near)
    assert [h.verdict for h in found] == [Verdict.SILENT, Verdict.FAINT]


def test_what_ended_under_the_prompt_is_over_after_it():
    faint = np.concatenate([silence(1), speech(4, -43, "en", 65), silence(7.5)])
    near = np.concatenate([silence(4), speech(5, -18, "cmn", 40), silence(3.5)])
    found = verdicts(echo(near, 14, 0.06) + faint + white(len(near) / 8000, -65), near)
    assert [h.verdict for h in found] == [Verdict.SILENT, Verdict.FAINT, Verdict.SILENT]
    assert 5.5 < found[-1].t <= 9.0 + 0.3 + 1.5


def jumping(loss: float, before: float, after: float, at: float = 3.5) -> np.ndarray:
    """The prompt's echo, whose delay changes at once."""
    cut = int(at * 8000)
    return np.concatenate([echo(PROMPT, loss, before)[:cut], echo(PROMPT, loss, after)[cut:]])


@pytest.mark.parametrize("loss", [10, 20])
@pytest.mark.parametrize(("before", "after"), [(0.06, 0.56), (0.06, 0.2), (0.25, 0.06)])
def test_an_echo_that_jumps_is_still_an_echo(loss, before, after):
    assert {h.verdict for h in verdicts(jumping(loss, before, after) + LINE)} == {Verdict.SILENT}


def test_a_customer_is_heard_over_an_echo_that_has_jumped():
    found = verdicts(jumping(14, 0.06, 0.2, at=2.0) + customer(5.0, -22) + LINE)
    assert [5.0 < h.t <= 6.5 for h in found if h.verdict is Verdict.SPEECH] == [True]


def test_a_customer_is_heard_after_a_prompt_whose_echo_has_jumped():
    found = verdicts(jumping(14, 0.06, 0.56) + customer(7.0, -25, 1.5) + LINE)
    assert [7.0 < h.t <= 8.7 for h in found if h.verdict is Verdict.SPEECH] == [True]


@pytest.mark.parametrize("level", [-25, -30])
@pytest.mark.parametrize("loss", [10, 20])
def test_a_customer_is_heard_over_a_prompt_once_the_echo_is_gone(loss: int, level: int) -> None:
    """As when a canceller in the network has learnt the line, or the call was passed on: nothing comes back."""
    near = np.concatenate([PROMPT, PROMPT])
    far = np.where(np.arange(len(near)) < 3.5 * 8000, echo(near, loss, 0.06), 0.0)
    said = np.concatenate([silence(11.0), speech(2.5, level, "en", 65), silence(20)])[: len(near)]
    found = verdicts(far + said + white(len(near) / 8000, -65), near)
    assert [11.0 < h.t <= 12.0 for h in found if h.verdict is Verdict.SPEECH] == [True]
    assert {h.verdict for h in found} == {Verdict.SILENT, Verdict.SPEECH}


WORDS = [
    "您好,您的电话已接通,请讲话?",
    "您好,我无法听见您讲话,请您重新再打一遍,好吗?",
    "对不起,请您声音稍微小一些,好吗",
    "请问您还有其它需要提供帮助的吗?",
    "感谢您来电,祝您工作顺利,再见",
    "我是八零幺号客服,如服务不周,请您多提宝贵意见。",
    "请您稍等,正在把您说的问题记录并向相关部门咨询",
]
CASE = (
    "我家的水送晚了,昨天打过电话,说是上午送到,到现在还没有人来,请你们查一下,是不是地址写错了,我住在历下区解放路",
    "另外上次送来的桶是漏的,我想换一个",
)


@pytest.mark.parametrize("story", [8, 14, 20, 25])
def test_who_talked_over_a_prompt_on_a_line_without_echo_is_not_heard_in_later_prompts(story: int) -> None:
    """His words lead the filter astray: what it then takes away was never there (SIP lines have no echo)."""
    choice = random.Random(story)
    first, over, *later = choice.sample([active_level(word(text), -20) for text in WORDS], 3)
    case = active_level(np.concatenate([word(text) for text in CASE]), -18)
    pauses = [silence(seconds) for seconds in (1, 1, 5, 2)]
    prompts = [first, over, *later, first]
    near = np.concatenate([part for pair in zip(pauses, prompts, strict=True) for part in pair])
    begins = 2 * 8000 + len(first) + choice.randrange(-4000, 8000)
    ends = 2 * 8000 + len(first) + len(over)
    from_word = choice.randrange(0, max(1, len(case) - len(over) - 8001))
    far = np.zeros(len(near))
    far[begins:ends] = case[from_word : from_word + ends - begins]
    after = [h for h in verdicts(far, near) if h.t > ends / 8000 + 2]
    assert {h.verdict for h in after} <= {Verdict.SILENT}
