"""Call-progress tones of China, each as it ought to be, on a line and under our own prompt."""

import numpy as np
import pytest

from benchmarks.material import (
    alaw,
    cadence,
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
from drivers.hearing.tone_meter import ToneMeter
from drivers.hearing.tones import ToneDetector
from drivers.line import Tone, Verdict
from tests.unit.hearing.telling import hear, heard_tones, kinds

pytestmark = pytest.mark.unit


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


def test_dial_tone_as_soon_as_ringback_could_not_last_so_long():
    (tone,) = heard_tones(tones(4, -10, 450))
    assert tone.tone is Tone.DIAL
    assert 1.14 < tone.t <= 1.2


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


def test_unknown_table_names_the_allowed_ones():
    with pytest.raises(ValueError, match="allowed: cn"):
        Ears("atlantis")


def changes(line, cleaned, played) -> list:
    """All that is told, with the frame; each of the three in frames, DC taken away, None for none."""
    detector = ToneDetector("cn")
    none = [None] * len(line)
    return [
        (count, change)
        for count, frames in enumerate(zip(line, cleaned or none, played or none, strict=True))
        for change in hear(detector, *frames)
    ]


def test_a_clean_line_beside_a_prompt_is_heard_as_without_one():
    mixed = np.concatenate([speech(2, -20), cadence(4.3, -15, (0.35, 0.35), 461), tones(2, -15, 440), silence(1)])
    frames = list(mixed.reshape(-1, 160))
    prompt = list(speech(len(frames) / 50, -21, "en").reshape(-1, 160))
    half = [frame if 60 < count < 200 else None for count, frame in enumerate(frames)]
    alone = changes(frames, None, None)
    assert [change.tone for _, change in alone] == [Tone.BUSY, Tone.BUSY, Tone.DIAL, Tone.DIAL]
    assert changes(frames, frames, prompt) == alone
    assert changes(frames, half, None) == alone


def test_a_tone_that_only_the_canceller_uncovers_outlives_the_prompt():
    busy = list(cadence(6.4, -15, (0.35, 0.35), 450).reshape(-1, 160))
    echo_over = list((cadence(6.4, -15, (0.35, 0.35), 450) + speech(6.4, -15, "en")).reshape(-1, 160))
    line = [
        over if count < 100 else frame for count, (over, frame) in enumerate(zip(echo_over, busy, strict=True))
    ]
    cleaned = [frame if count < 100 else None for count, frame in enumerate(busy)]
    told = changes(line, cleaned, None)
    assert [(change.tone, change.sounding) for _, change in told] == [(Tone.BUSY, True)]
    assert told[0][0] < 75


def test_frames_measured_at_once_are_measured_as_one_by_one() -> None:
    meter, random = ToneMeter((450.0, 950.0)), np.random.default_rng(1)
    tone = 0.1 * np.sin(2 * np.pi * 450 * np.arange(160) / 8000)
    frames = (tone, random.normal(0, 0.05, 160), np.zeros(160))
    for pair, frame in zip(meter.measure_all(np.stack(frames)), frames, strict=True):
        for together, alone in zip(pair, meter.measure(frame), strict=True):
            assert together.parts == pytest.approx(alone.parts, abs=1e-9)
            assert together.energy == pytest.approx(alone.energy)
            assert together.hot == alone.hot
