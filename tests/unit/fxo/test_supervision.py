"""The hang-up vote: what carries it and what never may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.fxo.profiles.events import STANDARD
from drivers.fxo.supervision import HangUpVote
from drivers.hearing.heard import ToneEnded, ToneHeard
from drivers.line import HangUpSign, Tone, Verdict

pytestmark = pytest.mark.unit


def vote(needed: int = 2) -> HangUpVote:
    ballot = HangUpVote(needed, STANDARD)
    ballot.stream_began(0.0)
    return ballot


@pytest.mark.parametrize(
    ("tone", "sign"),
    [
        (Tone.BUSY, HangUpSign.BUSY_TONE),
        (Tone.CONGESTION, HangUpSign.CONGESTION_TONE),
        (Tone.DIAL, HangUpSign.DIAL_TONE),
        (Tone.HOWLER, HangUpSign.HOWLER),
        (Tone.RINGBACK, None),
    ],
)
def test_12_11_a_tone_our_ears_hear_going_on_is_enough(tone: Tone, sign: HangUpSign | None) -> None:
    ballot = vote()
    ballot.hear([ToneHeard(2.0, tone)], 2.0)
    assert ballot.poll(10.0) is None, "the room of a live customer has tones too"
    ballot.hear([], 4.0)
    assert ballot.poll(10.0) is sign
    assert ballot.poll(11.0) is None, "told once"


def test_12_11_a_tone_that_stops_is_none() -> None:
    ballot = vote()
    ballot.hear([ToneHeard(2.0, Tone.BUSY)], 2.0)
    ballot.hear([ToneEnded(3.0, Tone.BUSY)], 3.0)
    ballot.hear([], 60.0)
    assert ballot.poll(70.0) is None


def test_12_11_busy_codes_need_repetition() -> None:
    ballot = vote()
    ballot.code("b", 10.0, playing=False)
    assert ballot.poll(10.1) is None
    ballot.code("b", 14.0, playing=False)
    assert ballot.poll(14.1) is HangUpSign.BUSY_TONE


def test_12_11_codes_far_apart_are_two_single_ones() -> None:
    ballot = vote()
    ballot.code("b", 10.0, playing=False)
    ballot.code("b", 20.0, playing=False)
    assert ballot.poll(20.1) is None


@pytest.mark.parametrize("code", ["b", "d", "K"])
def test_12_11_codes_while_playing_or_just_after_connect_are_false(code: str) -> None:
    ballot = vote()
    for at in (0.1, 0.5, 0.9):
        ballot.code(code, at, playing=False)
    for at in (5.0, 6.0, 7.0):
        ballot.code(code, at, playing=True)
    assert ballot.poll(8.0) is None


@pytest.mark.parametrize("verdict", [Verdict.SPEECH, Verdict.FAINT, Verdict.LOUD, Verdict.NOISY])
def test_12_11_codes_against_what_our_ears_hear_are_false(verdict: Verdict) -> None:
    ballot = vote()
    ballot.verdict(verdict)
    for at in (5.0, 6.0, 7.0):
        ballot.code("b", at, playing=False)
    assert ballot.poll(8.0) is None


def test_12_11_firmware_known_for_false_codes_is_never_believed() -> None:
    ballot = vote(needed=0)
    for at in range(5, 60):
        ballot.code("b", float(at), playing=False)
    assert ballot.poll(61.0) is None


def test_12_11_loop_drop_counts_when_no_voice_refutes_it() -> None:
    ballot = vote()
    ballot.code("l", 10.0, playing=True)
    assert ballot.poll(10.5) is None
    assert ballot.poll(11.1) is HangUpSign.LOOP_DROP


def test_12_11_the_loop_is_not_believed_as_we_answer_and_is_whenever_a_stream_begins_anew() -> None:
    ballot = vote()
    ballot.code("l", 0.6, playing=False)
    assert ballot.poll(9.0) is None
    ballot.stream_began(20.0)
    ballot.code("l", 20.3, playing=False)
    assert ballot.poll(21.4) is HangUpSign.LOOP_DROP


def test_12_11_a_voice_refutes_a_loop_drop() -> None:
    ballot = vote()
    ballot.verdict(Verdict.SPEECH)
    ballot.code("l", 10.0, playing=False)
    assert [ballot.poll(at) for at in (11.1, 13.0, 15.5)] == [None] * 3
    ballot.verdict(Verdict.SILENT)
    assert ballot.poll(20.0) is None


@given(st.lists(st.one_of(st.sampled_from(list(Verdict)), st.sampled_from("hHpPsqiru0@")), max_size=60))
def test_12_11_silence_noise_and_local_codes_never_carry_it(facts: list[Verdict | str]) -> None:
    ballot, now = vote(), 5.0
    for fact in facts:
        now += 0.5
        if isinstance(fact, Verdict):
            ballot.verdict(fact)
        else:
            ballot.code(fact, now, playing=False)
        assert ballot.poll(now) is None
