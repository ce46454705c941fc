"""What always holds, whatever is heard and however it is cut."""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from benchmarks.material import alaw, cadence, echo, pcm, silence, speech, white
from drivers.hearing.ears import Ears
from drivers.hearing.heard import VerdictHeard
from tests.examples import examples

pytestmark = pytest.mark.unit

_PROMPT = np.concatenate([silence(0.5), speech(2, -18, "cmn", 40), silence(1.5)])
STORY = alaw(
    pcm(
        np.concatenate(
            [echo(_PROMPT, 14, 0.05), speech(1.4, -22), cadence(2.4, -15, (0.35, 0.35), 450), white(1.2, -30)]
        )
    )
)
NEAR = np.concatenate([pcm(_PROMPT), np.zeros(len(STORY) - len(pcm(_PROMPT)), dtype=np.int16)])
AT_ONCE = Ears().hear(STORY, NEAR)


@settings(max_examples=5, deadline=None)
@given(cuts=st.sets(st.integers(1, len(STORY) // 160 - 1), min_size=1, max_size=60))
def test_pieces_are_heard_like_the_whole(cuts):
    ears, heard = Ears(), []
    edges = [0, *sorted(cuts), len(STORY) // 160]
    for start, end in itertools.pairwise(edges):
        piece = slice(160 * start, 160 * end)
        heard += ears.hear(STORY[piece], NEAR[piece] if NEAR[piece].any() else None)
    assert heard == AT_ONCE


def test_the_story_holds_all_kinds_of_reports():
    assert len(AT_ONCE) >= 4


SAMPLES = arrays.arrays(np.int16, st.integers(0, 12).map(lambda frames: frames * 160))


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pieces=st.lists(st.tuples(SAMPLES, st.booleans(), st.integers(1, 12)), max_size=5))
def test_no_samples_can_upset_them(pieces):
    ears, last, before = Ears(), 0.0, None
    for samples, playing, times in pieces:
        loop = np.tile(samples, times)
        for one in ears.hear(loop, loop[::-1].copy() if playing else None):
            assert one.t >= last
            last = one.t
            if isinstance(one, VerdictHeard):
                assert one.verdict is not before
                before = one.verdict
                assert -96.0 <= one.level_dbfs <= 0.5
                assert one.snr_db is None or np.isfinite(one.snr_db)


def test_extreme_samples():
    worst = np.tile(np.array([32767, -32768], dtype=np.int16), 8000)
    assert all(np.isfinite(h.level_dbfs) for h in Ears().hear(worst, worst) if isinstance(h, VerdictHeard))
    assert Ears().hear(np.full(16000, -32768, dtype=np.int16))


def test_reset_forgets():
    ears = Ears()
    first = ears.hear(STORY, NEAR)
    ears.reset()
    assert ears.hear(STORY, NEAR) == first


@pytest.mark.parametrize("count", [1, 159, 161])
def test_only_whole_frames_are_taken(count):
    with pytest.raises(ValueError, match="whole frames of 160"):
        Ears().hear(np.zeros(count, dtype=np.int16))
    with pytest.raises(ValueError, match="near_end of the same length"):
        Ears().hear(np.zeros(160, dtype=np.int16), np.zeros(320, dtype=np.int16))


def test_samples_of_another_kind_are_refused_by_name():
    with pytest.raises(ValueError, match="float32: the ears take int16"):
        Ears().hear(np.zeros(160, dtype=np.float32))
