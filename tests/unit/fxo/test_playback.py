"""What is sent, when it counts as heard, and the clock behind it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.fxo.pacing import PacingClock
from drivers.fxo.playback import FRAME, Playback, PlayMark

pytestmark = pytest.mark.unit


@given(st.integers(0, 2000))
def test_12_13_a_play_is_finished_when_its_last_sample_is_on_the_line(length: int) -> None:
    playback = Playback()
    playback.next_frame()
    playback.start(7, np.ones(length, dtype=np.int16))
    sent = np.concatenate([playback.next_frame() for _ in range(20)])
    assert int(sent.sum()) == length
    assert playback.reached(FRAME) == ([PlayMark(7), PlayMark(7, True)] if length == 0 else [PlayMark(7)])
    assert playback.reached(FRAME + length - 1) == []
    assert playback.reached(FRAME + length) == ([] if length == 0 else [PlayMark(7, True)])
    assert not playback.busy


def test_12_13_a_new_play_cuts_the_old_one() -> None:
    playback = Playback()
    playback.start(1, np.ones(1000, dtype=np.int16))
    playback.next_frame()
    playback.start(2, np.ones(10, dtype=np.int16))
    playback.next_frame()
    assert playback.reached(10_000) == [PlayMark(1), PlayMark(1, False), PlayMark(2), PlayMark(2, True)]


def test_12_15_what_was_not_heard_when_the_stream_ends_was_cut() -> None:
    playback = Playback()
    playback.start(1, np.ones(100, dtype=np.int16))
    playback.next_frame()
    assert playback.reached(50) == [PlayMark(1)]
    assert playback.cut_all() == [PlayMark(1, False)]
    assert playback.cut_all() == []


def test_the_ears_are_told_what_was_on_the_line() -> None:
    playback = Playback()
    playback.next_frame()
    playback.start(1, np.full(FRAME, 5, dtype=np.int16))
    playback.next_frame()
    playback.next_frame()
    assert playback.on_line(0) is None
    heard = playback.on_line(FRAME)
    assert heard is not None
    assert int(heard[0]) == 5
    assert playback.on_line(2 * FRAME) is None
    assert playback.on_line(-1) is None


def test_12_14_the_clock_follows_the_modem_s_own_rate() -> None:
    clock = PacingClock(0.0)
    for tick in range(1, 6001):
        clock.heard(161 if tick % 2 else 160)
        clock.position(tick * 0.02)
    assert clock.position(120.0) == pytest.approx(120 * 8000 * 160.5 / 160, rel=0.001)


def test_12_13_a_starved_modem_does_not_hurry_afterwards() -> None:
    clock = PacingClock(0.0)
    clock.position(1.0)
    assert clock.starved(5000) == 3000
    assert clock.position(1.5) == pytest.approx(9000)
