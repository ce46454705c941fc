"""How far a voice stands over the noise beneath it, on powers made by hand."""

import numpy as np
import pytest

from drivers.hearing.noise import voice_over_noise
from drivers.hearing.spectrum import BANDS

pytestmark = pytest.mark.unit

FRAMES = 120


def evenly(power: float) -> np.ndarray:
    return np.full((FRAMES, BANDS), power / BANDS)


def test_a_voice_without_a_gap_leaves_bands_free():
    frames = 80  # 1.6 s: whoever leaves no gap for two seconds and more may be noisy after all
    bands = np.zeros((frames, BANDS))
    for frame in range(frames):
        bands[frame, frame % BANDS : frame % BANDS + 4] = 1e-3
    power = bands.sum(axis=1)
    assert power.min() > 0
    assert voice_over_noise(float(power.mean()), power, bands) > 30


@pytest.mark.parametrize("ratio", [0, 5, 15, 25])
def test_noise_that_fills_every_band_is_measured(ratio):
    noise = 1e-3 * 10 ** (-ratio / 10)
    bands = evenly(noise)
    bands[::2, 3] += 1e-3
    power = bands.sum(axis=1)
    power[:20] = noise
    bands[:20] = noise / BANDS
    assert voice_over_noise(1e-3 + noise, power, bands) == pytest.approx(ratio, abs=4)


def test_lost_packets_are_no_pauses():
    bands = evenly(1e-4)
    bands[::8] = 0.0
    power = bands.sum(axis=1)
    assert voice_over_noise(1e-3, power, bands) < 15
