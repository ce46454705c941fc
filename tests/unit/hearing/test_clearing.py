"""A tone clears the call only when it goes on; a live customer has tones in the room too."""

import numpy as np
import pytest

from benchmarks.material import cadence, pcm, silence, speech, tones
from drivers.hearing.clearing import ClearingVote
from drivers.hearing.ears import Ears
from drivers.hearing.heard import Heard, ToneEnded, ToneHeard, VerdictHeard
from drivers.line import HangUpSign, Tone, Verdict
from tests.unit.hearing.spoilt import spoilt
from tests.unit.hearing.telling import whistle

pytestmark = pytest.mark.unit


def cleared(signal) -> tuple[HangUpSign | None, float]:
    """The first sign and when it came, heard in pieces of 100 ms."""
    ears, vote = Ears(), ClearingVote()
    samples = signal if signal.dtype == np.int16 else pcm(signal)
    for start in range(0, len(samples), 800):
        sign = vote.hear(ears.hear(samples[start : start + 800]), ears.seconds)
        if sign is not None:
            return sign, ears.seconds
    return None, ears.seconds


GOES_ON = {
    "busy": (cadence(6, -20, (0.35, 0.35), 450), HangUpSign.BUSY_TONE, 3.2),
    "slow busy": (cadence(6, -20, (0.38, 0.38), 450), HangUpSign.BUSY_TONE, 3.5),
    "quick busy": (cadence(6, -20, (0.32, 0.32), 450), HangUpSign.BUSY_TONE, 3.2),
    "congestion": (cadence(8, -20, (0.7, 0.7), 450), HangUpSign.CONGESTION_TONE, 4.7),
    "dial tone": (tones(5, -20, 450), HangUpSign.DIAL_TONE, 3.0),
    "howler": (tones(5, -20, 950), HangUpSign.HOWLER, 3.0),
}


@pytest.mark.parametrize("name", GOES_ON)
def test_a_tone_that_goes_on_is_the_exchange(name):
    tone, expected, due = GOES_ON[name]
    sign, after = cleared(tone)
    assert sign is expected
    assert 2.4 < after <= due


@pytest.mark.parametrize("talk", [0.0, 2.5])
def test_the_exchange_is_believed_after_a_conversation(talk):
    said = speech(3, -22)[: int(talk * 8000)]
    sign, after = cleared(np.concatenate([said, silence(0.1), cadence(7, -20, (0.35, 0.35), 450)]))
    assert sign is HangUpSign.BUSY_TONE
    assert after <= talk + 0.1 + 3.5


PASSES = {
    "three bursts": cadence(2.1, -20, (0.35, 0.35), 450),
    "three faint bursts": cadence(2.1, -30, (0.35, 0.35), 450),
    "four bursts": cadence(2.8, -15, (0.35, 0.35), 450),
    "four slow bursts": cadence(3.08, -15, (0.385, 0.385), 450),
    "two slow bursts, taken for busy": cadence(1.52, -15, (0.38, 0.38), 450),
    "three bursts of congestion": cadence(4.2, -20, (0.7, 0.7), 450),
    "three slow bursts of congestion": cadence(4.62, -20, (0.77, 0.77), 450),
    "a note": tones(1.8, -20, 447),
    "a long note": tones(2.4, -20, 447),
    "a bleep": tones(2.3, -15, 950),
    "ringback": cadence(9, -15, (1.0, 4.0), 450),
}


@pytest.mark.parametrize("name", PASSES)
@pytest.mark.parametrize("after", [silence(4), speech(4, -22)], ids=["silence", "talk"])
def test_a_tone_that_passes_is_something_in_the_room(name, after):
    assert cleared(np.concatenate([silence(0.5), PASSES[name], silence(0.2), after]))[0] is None


@pytest.mark.parametrize("seed", range(5))
def test_a_whistle_without_vibrato_wanders_before_it_would_clear(seed):
    """For a second it may be as steady as a dial tone."""
    rng = np.random.default_rng(seed)
    assert cleared(spoilt(whistle(6, 0, rng), -19, rng, noise=28))[0] is None


def heard_by(vote: ClearingVote, *reports: Heard) -> list[HangUpSign | None]:
    return [vote.hear([report], report.t) for report in reports]


def test_audio_that_comes_all_at_once_changes_nothing():
    samples = pcm(np.concatenate([cadence(6, -20, (0.35, 0.35), 450), silence(2)]))
    ears = Ears()
    assert ClearingVote().hear(ears.hear(samples), ears.seconds) is HangUpSign.BUSY_TONE


def test_a_voice_beside_the_tone_starts_the_count_anew():
    vote = ClearingVote()
    heard_by(
        vote,
        ToneHeard(2.0, Tone.BUSY),
        VerdictHeard(2.5, Verdict.SPEECH, -20.0, 20.0),
        VerdictHeard(5.0, Verdict.SILENT, -60.0, None),
    )
    assert vote.hear([], 7.7) is None
    assert vote.hear([], 7.8) is HangUpSign.BUSY_TONE


def test_a_standing_voice_holds_the_vote_back():
    vote = ClearingVote()
    heard_by(vote, VerdictHeard(1.0, Verdict.FAINT, -42.0, 20.0), ToneHeard(2.0, Tone.DIAL))
    assert vote.hear([], 9.0) is None
    assert vote.hear([VerdictHeard(9.1, Verdict.SILENT, -60.0, None)], 9.1) is HangUpSign.DIAL_TONE


@pytest.mark.parametrize("change", [ToneEnded(2.5, Tone.BUSY), None])
def test_the_end_of_the_tone_or_new_ears_end_the_count(change):
    vote = ClearingVote()
    heard_by(vote, ToneHeard(2.0, Tone.BUSY))
    if change is None:
        vote.reset()
    else:
        heard_by(vote, change)
    assert vote.hear([], 60.0) is None


def test_a_tone_sounds_from_its_recognition_to_its_end_unless_somebody_talks():
    voice, silent = (VerdictHeard(0.0, verdict, -20.0, 20.0) for verdict in (Verdict.SPEECH, Verdict.SILENT))
    vote = ClearingVote()
    told = []
    for one in (ToneHeard(3.0, Tone.CONGESTION), voice, silent, ToneEnded(4.0, Tone.CONGESTION)):
        vote.hear([one], 4.0)
        told.append(vote.sounding)
    assert told == [True, False, True, False]
    vote.hear([ToneHeard(4.0, Tone.RINGBACK)], 4.0)
    assert not vote.sounding, "that clears nothing"
