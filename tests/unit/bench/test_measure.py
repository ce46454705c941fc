"""The bench's instruments, on sounds made for the purpose."""

import numpy as np
import pytest

from hw_tests.bench.far_end import Samples
from hw_tests.bench.measure import KEYS, find_tone, keys, level
from hw_tests.bench.tones import dtmf, tone

pytestmark = pytest.mark.unit

QUIET = np.random.default_rng(1).normal(0, 16, 8000).astype(np.int16)
"""A second of a line's noise, -66 dBFS."""


def heard(*parts: Samples) -> Samples:
    return np.concatenate((QUIET, *parts, QUIET))


def test_level_frequency_and_length_of_a_tone() -> None:
    found = find_tone(heard(tone(1003.0, -27.0, 2.0)), 1000)
    assert found is not None
    assert found.level == pytest.approx(-27.0, abs=0.05)
    assert found.frequency == pytest.approx(1003.0, abs=0.05)
    assert found.length == pytest.approx(2.0, abs=0.011)
    assert (found.gaps, found.slips) == ((), 0)


def test_drop_outs_are_counted_and_measured() -> None:
    sound = tone(1000, -16, 3.0)
    sound[8000:8240] = 0
    sound[16000:16080] = 0
    found = find_tone(heard(sound), 1000)
    assert found is not None
    assert found.gaps == (0.03, 0.01)
    assert found.level == pytest.approx(-16.0, abs=0.05)


@pytest.mark.parametrize("cut", [3, 20, 163])
def test_samples_lost_without_a_gap_are_slips(cut: int) -> None:
    sound = tone(1000, -16, 3.0)
    found = find_tone(heard(np.concatenate((sound[:9000], sound[9000 + cut :]))), 1000)
    assert found is not None
    assert (found.gaps, found.slips) == ((), 1)


def test_a_clock_that_differs_is_no_slip() -> None:
    found = find_tone(heard(tone(1000.5, -16, 5.0)), 1000)
    assert found is not None
    assert found.slips == 0


@pytest.mark.parametrize("sound", [QUIET, QUIET[:0], np.zeros(4000, dtype=np.int16)])
def test_no_tone_is_none(sound: Samples) -> None:
    assert find_tone(sound, 1000) is None


def test_levels() -> None:
    assert level(tone(440, -20.0, 1.0)) == pytest.approx(-20.0, abs=0.01)
    assert level(np.zeros(80, dtype=np.int16)) == level(np.zeros(0, dtype=np.int16)) == -120


def test_every_key_once_however_often_in_a_row() -> None:
    pause = QUIET[:800]
    sound = np.concatenate([part for key in KEYS + "55" for part in (dtmf(key), pause)])
    assert keys(heard(sound)) == KEYS + "55"
    assert keys(heard(tone(697, -14, 1.0))) == ""
