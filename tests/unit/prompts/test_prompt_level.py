"""What a finished recording is: one level, no peak too high, a little silence around, no DC; and it stays so."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.voice.espeak import speak
from gateway.prompts.level import PEAK, clipped_share, finished, levelled, measured, peak_level
from gateway.prompts.speech_level import RATE, active_level, as_signal
from tests.examples import examples

pytestmark = pytest.mark.unit

TEXTS = ("您好,请讲", "八", "您的电话已接通,请讲话。", "很抱歉,听不到您的声音,请挂机后重拨,再见!")


def recorded(
    text: str, gain: float, before: float, after: float, dc: float, noise: float = -70.0
) -> NDArray[np.float64]:
    """Somebody in a room, at any distance, who was slow with the buttons; levels in dBFS."""
    spoken = as_signal(speak(text)) * 10 ** (gain / 20)
    signal = np.concatenate((np.zeros(round(before * RATE)), spoken, np.zeros(round(after * RATE))))
    room = np.random.default_rng(3).standard_normal(len(signal)) * 10 ** (noise / 20) * 10 ** (gain / 20)
    return np.asarray(signal + room + dc)


anybody = st.builds(
    recorded,
    st.sampled_from(TEXTS),
    gain=st.floats(-30, 10),
    before=st.floats(0, 2),
    after=st.floats(0, 2),
    dc=st.floats(-0.2, 0.2),
    noise=st.floats(-90, -60),
)


@given(anybody)
@settings(max_examples=examples(20), deadline=None)
def test_whatever_comes_in_goes_out_at_one_level(signal: NDArray[np.float64]) -> None:
    measure = measured(finished(signal, 0.1))
    assert measure.level == pytest.approx(-20.0, abs=2.0)
    assert measure.level <= -19.8
    assert measure.peak <= PEAK + 0.1
    assert abs(measure.dc) < 0.001
    assert 0.05 <= measure.before <= 0.2
    assert 0.05 <= measure.after <= 0.2
    assert measure.clipped == 0


@given(anybody, st.sampled_from([0.05, 0.1]))
@settings(max_examples=examples(20), deadline=None)
def test_finishing_what_is_finished_changes_nothing(signal: NDArray[np.float64], margin: float) -> None:
    once = finished(signal, margin)
    assert np.array_equal(finished(as_signal(once), margin), once)


@given(st.lists(st.floats(-1, 1), max_size=300), st.integers(1, 50))
@example([0.0, 0.0, 1.0], 40)
@settings(deadline=None)
def test_no_signal_is_too_odd(values: list[float], times: int) -> None:
    samples = finished(np.repeat(np.array(values), times), 0.1)
    assert samples.dtype == np.int16
    assert peak_level(samples) <= PEAK + 0.1 or not len(samples)


def test_silence_gives_nothing() -> None:
    assert len(finished(np.zeros(RATE), 0.1)) == 0
    assert len(finished(np.zeros(0), 0.1)) == 0
    assert len(finished(np.full(RATE, 0.1), 0.1)) == 0


def test_silence_before_and_after_is_measured() -> None:
    samples = np.concatenate((np.zeros(4000), 3000 * np.sin(np.arange(8000)), np.zeros(12000))).astype(np.int16)
    measure = measured(samples)
    assert (measure.before, measure.after) == pytest.approx((0.5, 1.5), abs=0.011)
    assert measure.seconds == 3.0
    assert measured(np.zeros(800, dtype=np.int16)).before == 0.1


def test_level_of_nothing_and_of_full_scale() -> None:
    assert active_level(np.zeros(160, dtype=np.int16)) == float("-inf")
    assert peak_level(np.zeros(0, dtype=np.int16)) == float("-inf")
    assert clipped_share(np.array([32767, -32768, 0, 5], dtype=np.int16)) == 0.5
    square = np.tile(np.array([32767] * 8 + [-32767] * 8, dtype=np.int16), 500)
    assert active_level(square) == pytest.approx(0, abs=0.15)
    assert active_level(levelled(square)) == pytest.approx(-20, abs=0.05)
