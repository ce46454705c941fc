"""What resembles China's call-progress tones and is none of them."""

import numpy as np
import pytest

from benchmarks.material import babble, cadence, chords, dtmf, pcm, silence, speech, tones, white
from drivers.line import Tone
from tests.unit.hearing.spoilt import lossy, spoilt
from tests.unit.hearing.telling import kinds, whistle

pytestmark = pytest.mark.unit


NEVER = {
    "speech": lambda: speech(8, -18),
    "high voice": lambda: speech(8, -18, "en", pitch=95),
    "babble": lambda: babble(8, -18),
    "music": lambda: chords(10, -15),
    "white noise": lambda: white(6, -20),
    "DTMF with busy's cadence": lambda: dtmf("147*2580369#ABCD" * 2, -10, 0.35, 0.35),
    "long DTMF": lambda: dtmf("0*D", -10, 3.0, 0.3),
    "440+480 ringback": lambda: cadence(13, -15, (2.0, 4.0), 440, 480),
    "440+480 with busy's cadence": lambda: cadence(8, -15, (0.35, 0.35), 440, 480),
    "440+480 with congestion's cadence": lambda: cadence(9, -15, (0.7, 0.7), 440, 480),
    "400+450": lambda: cadence(8, -15, (0.35, 0.35), 400, 450),
    "425+475": lambda: tones(5, -15, 425, 475),
    "350+440 dial tone": lambda: tones(5, -15, 350, 440),
    "480+620 busy": lambda: cadence(8, -15, (0.5, 0.5), 480, 620),
    "fax answer 2100": lambda: tones(5, -12, 2100),
    "fax calling 1100": lambda: cadence(10, -12, (0.5, 3.0), 1100),
    "500 with busy's cadence": lambda: cadence(8, -15, (0.35, 0.35), 500),
    "too fast": lambda: cadence(8, -15, (0.25, 0.25), 450),
    "between busy and congestion": lambda: cadence(8, -15, (0.5, 0.5), 450),
    "wrong gap": lambda: cadence(8, -15, (0.35, 0.7), 450),
    "noise in the gaps": lambda: cadence(8, -20, (0.35, 0.35), 450) + 0.3 * (1 - cadence_gate(8)) * white(8, 0),
    "hummed, with vibrato": lambda: (
        0.2 * np.sin(2 * np.pi * 450 * seconds(5) + 3 * np.sin(2 * np.pi * 5.5 * seconds(5)))
    ),
    "swelling note": lambda: tones(5, -12, 450) * (0.6 + 0.4 * np.sin(2 * np.pi * 1.5 * seconds(5))),
}


def seconds(length: float) -> np.ndarray:
    return np.arange(int(length * 8000)) / 8000


def cadence_gate(length: float) -> np.ndarray:
    return (np.arange(int(length * 8000)) % 5600 < 2800).astype(float)


@pytest.mark.parametrize("name", NEVER)
def test_nothing_else_is_a_tone(name):
    assert kinds(NEVER[name]()) == []


ABROAD = [
    # Countries' busy tones by ITU-T E.180 Supplement 2, but for those within China's own tolerances
    ((400,), 0.375, 0.375),
    ((400,), 0.75, 0.75),
    ((420,), 0.4, 0.4),
    ((425,), 0.2, 0.2),
    ((425,), 0.25, 0.25),
    ((425,), 0.3, 0.3),
    ((425,), 0.4, 0.4),
    ((425,), 0.48, 0.48),
    ((425,), 0.5, 0.5),
    ((480, 620), 0.5, 0.5),
]


@pytest.mark.parametrize(("frequencies", "on", "off"), ABROAD)
@pytest.mark.parametrize("loss", [0.0, 0.05])
def test_other_countries_tones_are_theirs(frequencies, on, off, loss):
    for seed in range(4):
        rng = np.random.default_rng(seed)
        dbfs = rng.uniform(-28, -8)
        signal = np.concatenate([silence(rng.uniform(0.2, 0.6)), cadence(10, dbfs, (on, off), *frequencies)])
        assert kinds(spoilt(signal, dbfs, rng, loss=loss)) == [], f"seed {seed}"


def beeps(*lengths: float) -> np.ndarray:
    """Seconds on, off, on, … at 450 Hz."""
    return np.concatenate([tones(s, -15, 452) if i % 2 == 0 else silence(s) for i, s in enumerate(lengths)])


BEEPS = {
    "two": (0.35, 0.35, 0.35, 2.0, 0.35, 0.35, 0.35, 2.0),
    "two slow ones": (0.35, 0.4, 0.35, 2.0, 0.35, 0.4, 0.35, 2.0),
    "the third too soon": (0.35, 0.35, 0.35, 0.29, 0.35, 2.0),
    "the third too late": (0.35, 0.35, 0.35, 0.45, 0.35, 2.0),
    "uneven gaps": (0.35, 0.33, 0.35, 0.37, 0.35, 0.34, 0.35, 0.375, 0.35, 0.33, 0.35, 0.36, 0.35, 2.0),
    "uneven lengths": (0.33, 0.35, 0.37, 0.35, 0.34, 0.35, 0.375, 0.35, 0.33, 0.35, 0.36, 0.35, 0.33, 2.0),
    "a note of 0.9 s": (0.9, 0.4, 0.9, 1.5, 0.9, 3.0, 0.9, 2.0),
    "a note of 1.1 s": (1.1, 0.4, 1.1, 1.5, 1.1, 2.0),
}


@pytest.mark.parametrize("name", BEEPS)
@pytest.mark.parametrize("begin", [0.3, 0.3071, 0.314])
def test_beeps_are_no_exchange(name, begin):
    assert kinds(np.concatenate([silence(begin), beeps(*BEEPS[name])])) == []


@pytest.mark.parametrize("repeats", [False, True], ids=["zeros", "repeats"])
def test_a_long_burst_of_ringback_is_no_dial_tone(repeats):
    for seed in range(10):
        rng = np.random.default_rng(seed)
        signal = np.concatenate([silence(0.4 + seed / 997), cadence(7, -15, (1.1, 4.0), 450)])
        assert set(kinds(lossy(pcm(signal), 0.1, rng, repeats=repeats))) <= {Tone.RINGBACK}, f"seed {seed}"


@pytest.mark.parametrize("vibrato", [4.0, 8.0])
def test_a_whistle_in_busys_cadence_wavers(vibrato):
    t = seconds(8)
    note = 0.2 * np.sin(2 * np.pi * 450 * t + vibrato / 5 * np.sin(2 * np.pi * 5 * t))
    assert kinds(note * cadence_gate(8)) == []
    assert kinds(note) == []


@pytest.mark.parametrize("harmonics", [0.0, 0.1, 0.2, 0.3])
def test_a_held_note_of_a_flute_is_no_dial_tone(harmonics):
    """The level trembles by 3 %; a strong second harmonic tells by itself."""
    t = seconds(4)
    for seed in range(6):
        rng = np.random.default_rng(seed)
        turns, dbfs = 2 * np.pi * rng.uniform(436, 446) * t, rng.uniform(-28, -8)
        note = np.sin(turns) + harmonics * np.sin(2 * turns) + harmonics / 2 * np.sin(3 * turns)
        trembling = note * (1 + 0.03 * np.sin(2 * np.pi * 5 * t + rng.uniform(0, 6)))
        assert kinds(trembling * 2**0.5 * 10 ** (dbfs / 20)) == [], f"seed {seed}"


@pytest.mark.parametrize("second", [-16, -12])
@pytest.mark.parametrize("loss", [0.0, 0.05])
def test_an_organs_steady_note_is_told_by_its_harmonics(second, loss):
    for seed in range(4):
        rng = np.random.default_rng(seed)
        turns = 2 * np.pi * rng.uniform(430, 470) * seconds(4)
        note = 0.2 * (np.sin(turns) + 10 ** (second / 20) * np.sin(2 * turns + rng.uniform(0, 6)))
        assert kinds(spoilt(note, -17, rng, loss=loss, noise=40)) == [], f"seed {seed}"


@pytest.mark.parametrize("vibrato", [1.4, 2.7, 4.5])
def test_a_long_whistle_trembles(vibrato):
    for seed in range(6):
        rng = np.random.default_rng(seed)
        assert kinds(spoilt(whistle(6, vibrato, rng), -19, rng, noise=28)) == [], f"seed {seed}"


@pytest.mark.parametrize("loss", [0.0, 0.04])
def test_a_note_sung_in_busys_rhythm_has_harmonics(loss):
    """So loud that the line clips it."""
    for seed in range(6):
        rng = np.random.default_rng(seed)
        t = seconds(8)
        turns = 2 * np.pi * np.cumsum(rng.uniform(430, 470) + 0.5 * np.sin(2 * np.pi * 0.7 * t)) / 8000
        sung = np.sin(turns) + 0.5 * np.sin(2 * turns) + 0.3 * np.sin(3 * turns) + 0.1 * np.sin(4 * turns)
        clipped = np.clip(4 * sung, -0.9, 0.9) * cadence_gate(8)
        assert kinds(spoilt(clipped, -3, rng, loss=loss, noise=40)) == [], f"seed {seed}"


@pytest.mark.parametrize("length", [0.35, 0.7])
@pytest.mark.parametrize("vibrato", [1.8, 2.5])
def test_a_vowel_in_a_tones_rhythm_trembles(length, vibrato):
    """A vibrato is not taken for the jumps of repeated packets."""
    t = seconds(9)
    for seed in range(6):
        rng = np.random.default_rng(seed)
        pitch = 450 + vibrato * np.sin(2 * np.pi * rng.uniform(4, 6) * t + rng.uniform(0, 6))
        gate = np.convolve(t % (2 * length) < length, np.ones(160) / 160, "same")
        vowel = 0.14 * gate * np.sin(2 * np.pi * np.cumsum(pitch) / 8000)
        assert kinds(spoilt(vowel, -20, rng, noise=60)) == [], f"seed {seed}"


@pytest.mark.parametrize("change", ["pitch", "level"])
def test_bursts_that_differ_a_little_are_no_exchange(change):
    """Each is steady in itself; an exchange's are all alike."""
    t, number = seconds(8), np.floor(seconds(8) / 0.7)
    pitch = 450 + (1.2 * (-1) ** number if change == "pitch" else 0)
    level = 0.15 * (1 + (0.06 * (-1) ** number if change == "level" else 0))
    assert kinds(level * np.sin(2 * np.pi * np.cumsum(pitch + 0 * t) / 8000) * cadence_gate(8)) == []


def test_special_information_tones_are_no_howler():
    tone = np.concatenate([tones(0.33, -15, hertz) for hertz in (950, 1400, 1800)])
    assert kinds(np.tile(np.concatenate([tone, silence(1)]), 5)) == []
