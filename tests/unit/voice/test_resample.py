"""Rate conversion: flat where the telephone is, nothing folded back from above."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.voice.resample import to_telephone_rate

pytestmark = pytest.mark.unit


def sine(frequency: float, rate: int) -> NDArray[np.int16]:
    return np.round(10000 * np.sin(2 * np.pi * frequency * np.arange(rate) / rate)).astype(np.int16)


def gain(frequency: float, rate: int) -> float:
    heard = to_telephone_rate(sine(frequency, rate), rate).astype(float)[400:-400]
    return float(20 * np.log10(np.sqrt(np.mean(heard**2)) * np.sqrt(2) / 10000 + 1e-9))


@pytest.mark.parametrize("rate", [16000, 22050, 44100, 48000])
@pytest.mark.parametrize("frequency", [300, 1000, 2500, 3300])
def test_the_telephone_band_is_flat(frequency: int, rate: int) -> None:
    assert gain(frequency, rate) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("rate", [16000, 22050, 44100, 48000])
@pytest.mark.parametrize("frequency", [4100, 5000, 7000])
def test_nothing_folds_back(frequency: int, rate: int) -> None:
    assert gain(frequency, rate) < -60


def test_a_tone_keeps_its_frequency() -> None:
    spectrum = np.abs(np.fft.rfft(to_telephone_rate(sine(1000, 22050), 22050)))
    assert int(np.argmax(spectrum)) == 1000


@given(st.integers(0, 3000), st.sampled_from([8000, 11025, 16000, 22050]))
def test_length_follows_the_rate(count: int, rate: int) -> None:
    heard = to_telephone_rate(np.ones(count, dtype=np.int16), rate)
    assert abs(len(heard) - count * 8000 / rate) <= 1


def test_a_rate_below_the_telephones_is_refused() -> None:
    with pytest.raises(ValueError, match="6000"):
        to_telephone_rate(np.zeros(10, dtype=np.int16), 6000)
