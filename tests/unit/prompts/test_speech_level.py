"""The active speech level: ITU-T P.56's method B, on signals whose answer is known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.voice.espeak import speak
from gateway.prompts.speech_level import HANGOVER, RATE, active_level, as_signal, envelope
from tests.examples import examples

pytestmark = pytest.mark.unit


def noise(seconds: float, level: float, seed: int = 1) -> NDArray[np.float64]:
    samples = np.random.default_rng(seed).standard_normal(round(seconds * RATE))
    return np.asarray(samples / np.sqrt(np.mean(samples**2)) * 10 ** (level / 20))


def silence(seconds: float) -> NDArray[np.float64]:
    return np.zeros(round(seconds * RATE))


@pytest.mark.parametrize("level", [-50.0, -35.0, -26.0, -20.0, -14.0])
def test_what_never_pauses_has_its_own_level(level: float) -> None:
    assert active_level(noise(4.0, level)) == pytest.approx(level, abs=0.1)


def test_a_full_scale_sine_is_3_db_under_full_scale() -> None:
    assert active_level(np.sin(np.arange(4 * RATE) * 0.7)) == pytest.approx(-3.01, abs=0.05)


@pytest.mark.parametrize("pause", [1.0, 4.0, 20.0])
def test_pauses_do_not_count_but_for_the_hangover(pause: float) -> None:
    speech = np.concatenate([part for _ in range(5) for part in (noise(2.0, -20.0), silence(pause))])
    expected = -20.0 + 10 * np.log10(2.0 / (2.0 + HANGOVER))
    # The envelope falls through the threshold some 0.1 s after the sound has ended.
    assert active_level(speech) == pytest.approx(expected, abs=0.25)
    assert 10 * np.log10(np.mean(speech**2)) < expected - 1


def test_gaps_between_syllables_do_count() -> None:
    syllables = np.concatenate([part for _ in range(20) for part in (noise(0.15, -20.0), silence(0.1))])
    assert active_level(syllables) == pytest.approx(10 * np.log10(np.mean(syllables**2)), abs=0.2)


def test_noise_far_under_the_speech_does_not_count() -> None:
    speech = np.concatenate((noise(5.0, -20.0), silence(5.0)))
    assert active_level(speech + noise(10.0, -60.0, 2)) == pytest.approx(active_level(speech), abs=0.1)


def test_an_offset_is_not_speech() -> None:
    assert active_level(noise(2.0, -20.0) + 0.25) == pytest.approx(-20.0, abs=0.1)
    assert active_level(np.full(RATE, 0.5)) == float("-inf")


@given(gain=st.floats(-20, 5))
@settings(max_examples=examples(12), deadline=None)
def test_louder_by_so_much_is_so_much_louder(gain: float) -> None:
    spoken = as_signal(speak("您好,请问有什么可以帮您吗?"))
    by = active_level(spoken * 10 ** (gain / 20)) - active_level(spoken)
    assert by == pytest.approx(gain, abs=0.3)


@given(st.lists(st.floats(0, 1), max_size=350))
@settings(deadline=None)
def test_the_envelope_is_the_standards_recursion(values: list[float]) -> None:
    kept = math.exp(-1 / (RATE * 0.03))
    expected, p, q = [], 0.0, 0.0
    for value in values:
        p = kept * p + (1 - kept) * value
        q = kept * q + (1 - kept) * p
        expected.append(q)
    assert envelope(np.array(values, dtype=np.float64)) == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.integers(-32768, 32767), max_size=400), st.integers(1, 30))
@settings(deadline=None)
def test_any_samples_have_a_level_between_silence_and_full_scale(values: list[int], times: int) -> None:
    samples = np.repeat(np.array(values, dtype=np.int16), times)
    level = active_level(samples)
    assert level <= 6.1  # an offset taken away may double a peak
    assert (level == float("-inf")) == (len(set(values)) <= 1)
