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
        clock.heard(161 if tick % 2 else 160, tick * 0.02)
        clock.position(tick * 0.02)
    assert clock.position(120.0) == pytest.approx(120 * 8000 * 160.5 / 160, rel=0.001)


def test_12_13_what_is_given_late_lies_after_a_gap() -> None:
    playback = Playback()
    playback.start(1, np.arange(1, 4 * FRAME + 1, dtype=np.int16))
    playback.next_frame(0)
    playback.next_frame(0)
    playback.next_frame(2 * FRAME + 101)
    assert playback.starved == 101
    assert playback.on_line(2 * FRAME - 60)[:60].tolist() == list(range(2 * FRAME - 59, 2 * FRAME + 1))
    assert not playback.on_line(2 * FRAME - 60)[60:].any(), "the gap"
    assert playback.on_line(2 * FRAME + 101).tolist() == list(range(2 * FRAME + 1, 3 * FRAME + 1))
    assert playback.reached(2 * FRAME) == [PlayMark(1)]
    playback.next_frame(0)
    assert playback.reached(4 * FRAME + 100) == []
    assert playback.reached(4 * FRAME + 101) == [PlayMark(1, True)]


def test_12_13_line_time_is_what_was_received_and_a_portion_at_most() -> None:
    clock = PacingClock(0.0)
    clock.heard(8000, 1.0)
    assert clock.position(1.02) == pytest.approx(8160)
    assert clock.position(9.0) == pytest.approx(8480), "a modem that is late itself is not run away from"
    assert clock.resumes_at == 8000
    clock.heard(100, 9.0)
    assert clock.position(9.0) == pytest.approx(8100)
