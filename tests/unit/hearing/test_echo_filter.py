"""The adaptive filter alone: it finds an echo wherever it is, and knows when there is none."""

import numpy as np
import pytest

from benchmarks.material import echo, pcm, silence, speech, white
from drivers.hearing.echo import EchoCanceller
from drivers.hearing.echo_filter import EchoFilter

pytestmark = pytest.mark.unit

SECOND = 50


def frames(signal: np.ndarray) -> np.ndarray:
    """20 ms frames as the ears give them: what 16 bits hold, DC taken away."""
    cut = pcm(signal).reshape(-1, 160) / 32768
    return np.asarray(cut - cut.mean(axis=1, keepdims=True))


def power(block: np.ndarray) -> float:
    return float(np.mean(block**2))


def hear(echo_filter: EchoFilter, near: np.ndarray, far: np.ndarray) -> np.ndarray:
    """What the filter leaves of each frame of `far`."""
    left = []
    for played, frame in zip(frames(near), frames(far), strict=True):
        echo_filter.play(played)
        rest = frame - echo_filter.guess(power(frame))
        echo_filter.learn(frame, power(frame), power(rest))
        left.append(rest)
    return np.array(left)


@pytest.mark.parametrize("delay", [0.0, 0.0333, 0.15, 0.31])
@pytest.mark.parametrize("loss", [10, 20])
def test_an_echo_is_found_wherever_it_is_within_320_ms(delay: float, loss: int) -> None:
    near = white(4, -20, seed=1)
    far = echo(near, loss, delay)
    left = hear(EchoFilter(), near, far)
    removed = 10 * np.log10(power(frames(far)[-SECOND:]) / power(left[-SECOND:]))
    assert removed > 20


def test_who_talks_over_the_prompt_does_not_spoil_it() -> None:
    near = white(8, -20, seed=1)
    returned = echo(near, 14, 0.06)
    said = np.concatenate([silence(4), speech(3, -15, "en", 65), silence(1)])
    left = hear(EchoFilter(), near, returned + said)
    assert power(left[-SECOND:]) < 0.01 * power(frames(returned)[-SECOND:])


def test_what_was_played_while_nothing_was_heard_is_not_forgotten() -> None:
    near, late = white(2, -20, seed=1), int(0.3 * 8000)
    asked = EchoFilter()
    asked.play(frames(near)[0])
    known = hear(asked, near, echo(near, 10, 0.3))
    behind = EchoFilter()
    behind.play(frames(near)[0])
    for played in frames(near)[: late // 160]:  # nothing has come back yet, so nobody asked
        behind.play(played)
    rest = hear(behind, near[late:], echo(near, 10, 0.3)[late:])
    assert power(rest[-SECOND:]) == pytest.approx(power(known[-SECOND:]), rel=0.5)


def test_a_filter_that_forgets_guesses_nothing() -> None:
    near = white(2, -20, seed=1)
    echo_filter = EchoFilter()
    hear(echo_filter, near, echo(near, 10, 0.1))
    assert (echo_filter.helps, echo_filter.empty) == (True, False)
    echo_filter.forget()
    assert (echo_filter.helps, echo_filter.empty) == (False, True)
    echo_filter.play(frames(near)[0])
    assert not echo_filter.guess(1e-3).any()


def test_what_is_heard_is_never_made_louder() -> None:
    near = np.concatenate([speech(4, -18), speech(4, -18)])
    far = np.concatenate([echo(near[: 4 * 8000], 10, 0.1), speech(4, -25, "en", 65)])
    canceller = EchoCanceller()
    for played, frame in zip(frames(near), frames(far), strict=True):
        assert power(canceller.clean(frame, played).frame) <= power(frame)


def test_an_echo_that_has_gone_is_forgotten_and_one_that_comes_again_found() -> None:
    near = white(12, -20, seed=1)
    there = np.repeat([1.0, 0.0, 1.0], 4 * 8000)
    far = echo(near, 14, 0.06) * there + white(12, -70, seed=2)
    canceller = EchoCanceller()
    cleaned = [canceller.clean(f, n) for n, f in zip(frames(near), frames(far), strict=True)]
    limits = np.array([c.limit for c in cleaned])
    assert limits[8 * SECOND - 1] <= 10**-5.0  # with nothing returned all over -50 dBFS is the far end's
    assert not any(c.far_end for c in cleaned[: 4 * SECOND] + cleaned[9 * SECOND :])
    left = np.array([c.frame for c in cleaned[-SECOND:]])
    assert power(left) < 0.01 * power(frames(far)[-SECOND:])
