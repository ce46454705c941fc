"""Our own prompt's echo is nobody's voice; a customer who talks over it is heard."""

import numpy as np
import pytest

from benchmarks.material import alaw, echo, pcm, silence, speech, white
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
