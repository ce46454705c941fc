"""Call-progress tones of China: what they are, and all that only resembles them."""

import numpy as np
import pytest

from benchmarks.material import (
    alaw,
    babble,
    cadence,
    chords,
    dtmf,
    echo,
    lost_packets,
    pcm,
    silence,
    speech,
    tones,
    white,
)
from drivers.hearing.ears import Ears
from drivers.hearing.heard import ToneEnded, ToneHeard, VerdictHeard
from drivers.hearing.tones import ToneDetector
from drivers.line import Tone, Verdict

pytestmark = pytest.mark.unit


def heard_tones(samples) -> list[ToneHeard]:
    """Tones in a signal or in int16 samples, by the detector alone: the voice model is asked elsewhere."""
    samples = samples if samples.dtype == np.int16 else pcm(samples)
    detector, heard = ToneDetector("cn"), []
    for count, frame in enumerate(samples.reshape(-1, 160) / 32768, start=1):
        heard += [ToneHeard(count / 50, c.tone) for c in detector.hear(frame - frame.mean()) if c.sounding]
    return heard


def kinds(samples) -> list[Tone]:
    return [h.tone for h in heard_tones(samples)]


@pytest.mark.parametrize("frequency", [426, 440, 450, 460, 474])
@pytest.mark.parametrize("level", [-30, -15, -5])
def test_busy_within_its_tolerance(frequency, level):
    (tone,) = heard_tones(np.concatenate([silence(0.5), cadence(4, level, (0.35, 0.35), frequency)]))
    assert tone.tone is Tone.BUSY
    assert tone.t <= 0.5 + 1.5


@pytest.mark.parametrize("stretch", [0.9, 1.0, 1.1])
def test_cadences_may_be_ten_per_cent_off(stretch):
    assert kinds(cadence(4, -15, (0.35 * stretch, 0.35 * stretch), 450)) == [Tone.BUSY]
    assert kinds(cadence(6, -15, (0.7 * stretch, 0.7 * stretch), 450)) == [Tone.CONGESTION]


def test_busy_as_measured_in_the_field():
    assert kinds(cadence(4, -18, (0.36, 0.36), 460)) == [Tone.BUSY]


def test_congestion_is_recognised_in_three_seconds():
    (tone,) = heard_tones(cadence(6, -15, (0.7, 0.7), 450))
    assert (tone.tone, tone.t <= 3.0) == (Tone.CONGESTION, True)


def test_dial_tone_only_after_ringback_could_not_last_so_long():
    (tone,) = heard_tones(tones(4, -10, 450))
    assert tone.tone is Tone.DIAL
    assert 1.1 < tone.t <= 1.6


def test_howler_may_rise_in_steps():
    steps = np.concatenate([tones(0.8, level, 950) for level in (-25, -20, -15, -10, -5)])
    assert kinds(steps) == [Tone.HOWLER]


def test_ringback_is_ringback_and_no_hang_up():
    assert set(kinds(cadence(11, -15, (1.0, 4.0), 450))) == {Tone.RINGBACK}


@pytest.mark.parametrize("line", ["noise", "alaw", "offset", "lost packets"])
def test_busy_on_a_poor_line(line):
    busy = cadence(8, -25, (0.35, 0.35), 450)
    spoilt = {
        "noise": pcm(busy + white(8, -43)),
        "alaw": alaw(pcm(busy)),
        "offset": pcm(busy + 0.1),
        "lost packets": lost_packets(pcm(busy), 0.03),
    }[line]
    assert kinds(spoilt) == [Tone.BUSY]


def test_a_tone_is_told_once_and_again_after_it_ended():
    busy = cadence(4.2, -15, (0.35, 0.35), 450)
    assert kinds(np.concatenate([busy, silence(2), busy])) == [Tone.BUSY, Tone.BUSY]
    assert kinds(np.concatenate([busy, tones(3, -15, 450)])) == [Tone.BUSY, Tone.DIAL]


def test_the_end_of_a_tone_is_told_once():
    heard = Ears().hear(
        pcm(np.concatenate([cadence(4.2, -15, (0.35, 0.35), 450), silence(2), tones(2, -15, 450)]))
    )
    told = [(type(h), h.tone) for h in heard if not isinstance(h, VerdictHeard)]
    assert told == [(ToneHeard, Tone.BUSY), (ToneEnded, Tone.BUSY), (ToneHeard, Tone.DIAL)]
    (end,) = (h.t for h in heard if isinstance(h, ToneEnded))
    assert 3.85 + 0.35 < end <= 3.85 + 0.7


PROMPT = speech(8, -21, "en", 40)
LATE = 3.2
"""When the far end hangs up in mid-prompt."""
UNDER = {
    "dial tone from the first": (0.0, tones(8, -16, 450), Tone.DIAL, 3.0),
    "dial tone": (LATE, tones(8, -16, 450), Tone.DIAL, 3.0),
    "busy": (LATE, cadence(8, -16, (0.35, 0.35), 450), Tone.BUSY, 4.0),
    "congestion": (LATE, cadence(8, -16, (0.7, 0.7), 450), Tone.CONGESTION, 4.0),
}


@pytest.mark.parametrize("name", UNDER)
def test_a_tone_is_heard_under_our_own_prompt(name):
    begins, tone, kind, due = UNDER[name]
    far = echo(PROMPT, 14, 0.06) + np.concatenate([silence(begins), tone])[: len(PROMPT)] + white(8, -60)
    heard = Ears().hear(alaw(pcm(far)), pcm(PROMPT))
    told = [h for h in heard if not isinstance(h, VerdictHeard)]
    assert [(type(h), h.tone) for h in told] == [(ToneHeard, kind)]
    assert told[0].t - begins <= due
    assert {h.verdict for h in heard if isinstance(h, VerdictHeard)} == {Verdict.SILENT}


def test_a_ripple_does_not_make_a_tone_unsteady_for_ever():
    ripple = np.concatenate([silence(0.5), tones(0.15, -24, 450), silence(8)])[: 5 * 8000]
    assert kinds(tones(5, -16, 450) + ripple) == [Tone.DIAL]


@pytest.mark.parametrize("pattern", [(0.35, 0.35), (0.7, 0.7), (9.0,)])
@pytest.mark.parametrize("loss", [3, 14])
def test_a_tone_in_our_own_prompt_is_not_the_exchange(pattern, loss):
    near = cadence(6, -12, pattern, 450)
    heard = Ears().hear(pcm(echo(near, loss, 0.2) + white(6, -65)), pcm(near))
    assert [h for h in heard if isinstance(h, ToneHeard)] == []


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


def test_unknown_table_names_the_allowed_ones():
    with pytest.raises(ValueError, match="allowed: cn"):
        Ears("atlantis")
