"""China's tones at random within their tolerances on random lines: all are recognised, and as what they are."""

import numpy as np
import pytest

from benchmarks.material import RATE, silence, speech, tones, white
from drivers.line import Tone
from tests.unit.hearing.spoilt import spoilt
from tests.unit.hearing.telling import heard_tones

pytestmark = pytest.mark.unit

# Nominal Hz, cadence, seconds that a scene of it lasts, and by when it is due on a line that loses nothing
KINDS = {
    Tone.BUSY: (450.0, (0.35, 0.35), 8.0, 1.52),
    Tone.CONGESTION: (450.0, (0.7, 0.7), 12.0, 3.0),
    Tone.RINGBACK: (450.0, (1.0, 4.0), 17.0, 5.6),
    Tone.DIAL: (450.0, None, 5.0, 1.2),
    Tone.HOWLER: (950.0, None, 5.0, 2.1),
}


def keyed(tone: Tone, dbfs: float, rng: np.random.Generator) -> np.ndarray:
    """The tone as an exchange may give it."""
    nominal, pattern, seconds, _ = KINDS[tone]
    t = np.arange(int(seconds * RATE)) / RATE
    hertz, phase = nominal + rng.uniform(-25, 25), rng.uniform(0, 6.28)
    signal = 10 ** (dbfs / 20) * 2**0.5 * np.sin(2 * np.pi * hertz * t + phase)
    if pattern is None:
        return signal
    on, off = np.array(pattern) * rng.uniform(0.9, 1.1, 2)
    return signal * (t % (on + off) < on)


def touching(rng: np.random.Generator, kind: str) -> np.ndarray:
    """What is heard directly before it, for a time that is no whole number of frames."""
    samples = int(rng.uniform(0.3, 1.2) * RATE)
    said = np.roll(speech(6, rng.uniform(-28, -14)), rng.integers(6 * RATE))[:samples]
    hiss = white(1.3, rng.uniform(-40, -15), seed=int(rng.integers(1000)))[:samples]
    return {"quiet": np.zeros(samples), "speech": said, "noise": hiss}[kind]


def tell(tone: Tone, seed: int, before: str, **line) -> tuple[list[Tone], float]:
    """Tones told of it, and how long after its beginning the first was."""
    rng = np.random.default_rng(seed)
    dbfs = rng.uniform(-30, -5)
    head = touching(rng, before)
    heard = heard_tones(spoilt(np.concatenate([head, keyed(tone, dbfs, rng)]), dbfs, rng, **line))
    return [one.tone for one in heard], heard[0].t - len(head) / RATE if heard else 99.0


@pytest.mark.parametrize("tone", KINDS)
@pytest.mark.parametrize("before", ["quiet", "speech", "noise"])
@pytest.mark.parametrize("noise", [None, 10.0], ids=["15 dB and more", "10 dB"])
def test_every_tone_is_told_in_time(tone, before, noise):
    for seed in range(5):
        told, after = tell(tone, seed, before, noise=noise)
        assert told == [tone], f"seed {seed}"
        assert after <= KINDS[tone][3], f"seed {seed}"


@pytest.mark.parametrize("tone", KINDS)
@pytest.mark.parametrize("loss", [0.03, 0.1])
def test_every_tone_is_told_though_packets_are_lost(tone, loss):
    for seed in range(8):
        told, _ = tell(tone, seed, "quiet", loss=loss)
        assert set(told) == {tone}, f"seed {seed}"


def test_busy_within_a_second_and_a_half_whatever_its_cadence():
    times = []
    for stretch in np.linspace(0.9, 1.1, 61):
        t = np.arange(6 * RATE) / RATE
        busy = 0.1 * np.sin(2 * np.pi * 450 * t) * (t % (0.7 * stretch) < 0.35 * stretch)
        (one,) = heard_tones(np.concatenate([silence(0.3 + stretch / 100), busy]))
        times.append(one.t - int((0.3 + stretch / 100) * RATE) / RATE)
    assert np.percentile(times, 95) <= 1.5
    assert max(times) <= 1.52


def test_a_burst_that_repeated_packets_tear_keeps_its_beginning():
    """A repeated packet's phase jumps, which right after a beginning was once taken for another burst."""
    hertz, rng = 436.3, np.random.default_rng(1)
    t = np.arange(6 * RATE) / RATE
    signal = 0.3 * np.sin(2 * np.pi * hertz * t) * (t % 1.28 < 0.64)
    frames = spoilt(np.concatenate([silence(0.5), signal]), -13, rng).reshape(-1, 160).copy()
    for first in (25, 89, 153):
        frames[first + 1] = frames[first]
    (one,) = heard_tones(frames.reshape(-1))
    assert (one.tone, one.t <= 0.5 + 2.7) == (Tone.CONGESTION, True)


def test_a_steady_tone_is_not_torn_by_a_click():
    signal = tones(1.4, -20, 440)
    signal[4000:4040] += 0.5
    assert [one.tone for one in heard_tones(signal)] == [Tone.DIAL]
