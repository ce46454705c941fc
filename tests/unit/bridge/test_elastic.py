"""The jitter buffer in virtual time: how late frames are heard, what becomes of late and lost ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.bridge.elastic import LATE_WAIT, LEAST_WAIT, OLDEST, SPARE_WAIT, ElasticBuffer
from drivers.bridge.wire import FRAME_BYTES, FRAME_SECONDS, SEQUENCE_NUMBERS, Frame
from tests.examples import examples
from tests.unit.bridge.clocks import Heard, run, said_by, sent

pytestmark = pytest.mark.unit

LONG = 1200.0
"""Seconds; by then 300 ppm have drifted by 18 frames."""
SINE = np.round(8000 * np.sin(2 * np.pi * 1013 * np.arange(8000) / 8000)).astype(np.int16)
TELLING = said_by(np.repeat(np.arange(1, 2001), 160).astype(np.int16))
"""Two thousand frames that tell their own number."""


def number_of(frame: bytes | None) -> int | None:
    """Which of TELLING it is; None for silence, and inside corrections."""
    if frame is None or frame[:2] * 160 != frame:
        return None
    return int.from_bytes(frame[:2], "little", signed=True) or None


def plain(number: int, at: float) -> Frame:
    return Frame(number, at, TELLING(number))


@pytest.mark.parametrize("first", [0.0, 0.004, 0.012, 0.0199])
def test_even_frames_are_heard_within_25_ms(first: float):
    heard = run(ElasticBuffer(), sent(60, said_by(SINE), first=first), 60)
    assert heard.longest_wait(0, 60) <= LEAST_WAIT + FRAME_SECONDS + 1e-6
    assert heard.frames.count(None) <= 2


@pytest.mark.parametrize("first", [0.0, 0.012])
def test_three_at_a_time_wait_for_each_other_and_no_more(first: float):
    buffer = ElasticBuffer()
    heard = run(buffer, sent(60, said_by(SINE), together=3, first=first), 60)
    assert heard.longest_wait(0, 60) <= LEAST_WAIT + 3 * FRAME_SECONDS + 1e-6
    assert (buffer.gaps, buffer.corrections) == (0, 0)


@pytest.mark.parametrize(("ppm", "jitter"), [(300, 0.010), (-300, 0.010)])
def test_a_long_drift_leaves_the_lag_flat_and_is_not_heard(ppm: int, jitter: float):
    buffer = ElasticBuffer()
    said = said_by(SINE)
    heard = run(buffer, sent(LONG + 1, said, ppm=ppm, jitter=jitter), LONG)
    lags = [heard.longest_wait(start, start + 100) for start in range(0, int(LONG), 100)]
    assert max(lags) <= jitter + SPARE_WAIT + 0.005
    assert max(lags) - min(lags) <= 0.003, "flat"
    assert (buffer.gaps, buffer.dropped) == (0, 0)
    assert buffer.corrections == pytest.approx(LONG * 300e-6 / FRAME_SECONDS, abs=1)
    frames = resampled(heard)
    assert 90 * buffer.corrections < len(frames) < 97 * (buffer.corrections + 1)
    assert worst_snr(frames) > 50


def resampled(heard: Heard) -> list[bytes]:
    """The frames of corrections; all others are SINE's own."""
    said = said_by(SINE)
    originals = {said(number) for number in range(50)}
    return [frame for frame in heard.frames if frame is not None and frame not in originals]


def worst_snr(frames: list[bytes]) -> float:
    """dB by which the nearest sine, of any of the paces of a correction, is over the rest; the worst 10 ms."""
    halves = np.frombuffer(b"".join(frames), "<i2").reshape(-1, 80).astype(float)
    time = np.arange(80) / 8000
    left = np.full(len(halves), np.inf)
    for pace in (0.95, 0.99, 1.0, 1.01, 1.05, 1.1):
        phase = 2 * np.pi * 1013 * pace * time
        basis, _ = np.linalg.qr(np.stack([np.sin(phase), np.cos(phase)], axis=1))
        left = np.minimum(left, ((halves - halves @ basis @ basis.T) ** 2).sum(axis=1))
    return float(10 * np.log10(((halves**2).sum(axis=1) / left).min()))


def test_after_a_stall_of_the_sender_the_lag_is_made_good():
    times = [0.003 + number * FRAME_SECONDS for number in range(1500)]
    said = said_by(SINE)
    late = [Frame(number, max(at, 1.15) if at > 1 else at, said(number)) for number, at in enumerate(times)]
    buffer = ElasticBuffer()
    heard = run(buffer, late, 29)
    assert heard.longest_wait(1, 3) > 0.15
    assert heard.longest_wait(8, 29) < LATE_WAIT + FRAME_SECONDS
    assert heard.longest_wait(22, 29) <= SPARE_WAIT + FRAME_SECONDS
    assert buffer.gaps == 1
    assert worst_snr(resampled(heard)) > 50, "corrections follow each other without a click"


def test_after_a_stall_of_the_taker_what_is_old_is_not_said():
    buffer = ElasticBuffer()
    for number in range(30):
        buffer.put(plain(number, number * FRAME_SECONDS), 2.0)
    assert buffer.take(2.0) is None
    assert buffer.dropped == 30
    heard = run(buffer, (plain(40 + n, 2.003 + n * FRAME_SECONDS) for n in range(50)), 1, begin=2.0)
    assert heard.longest_wait(0, 1) <= LEAST_WAIT + FRAME_SECONDS


@pytest.mark.parametrize(("lost", "silent"), [(1, 1), (5, 5), (6, 0)])
def test_silence_stands_for_few_lost_frames(lost: int, silent: int):
    buffer = ElasticBuffer()
    frames = [plain(n, 0.003 + n * FRAME_SECONDS) for n in (0, 1, 2)]
    frames += [plain(n + lost, 0.0031 + 2 * FRAME_SECONDS) for n in (3, 4)]
    heard = run(buffer, frames, 0.4)
    told = [number_of(frame) for frame in heard.frames if frame is not None]
    assert told == [1, 2, 3, *[None] * silent, 4 + lost, 5 + lost]


def test_a_doubled_or_older_frame_is_dropped():
    buffer = ElasticBuffer()
    for number, at in ((5, 0.010), (5, 0.010), (4, 0.010), (4, 0.009), (6, 0.010)):
        buffer.put(plain(number, at), 0.011)
    assert [number_of(buffer.take(0.02 + n * 0.02)) for n in range(3)] == [6, 7, None]
    assert buffer.dropped == 3


def test_a_peer_begins_anew_and_numbers_begin_again():
    buffer = ElasticBuffer()
    numbers = [SEQUENCE_NUMBERS - 2, SEQUENCE_NUMBERS - 1, 0, 1, 0, 1]
    frames = [Frame(n, 0.003 + at * FRAME_SECONDS, TELLING(at)) for at, n in enumerate(numbers)]
    heard = run(buffer, frames, 0.2)
    assert [number_of(frame) for frame in heard.frames if frame] == [1, 2, 3, 4, 5, 6]


def test_a_frame_from_the_future_counts_as_come_now():
    buffer = ElasticBuffer()
    buffer.put(plain(0, 1e9), 1.0)
    buffer.put(plain(1, 1.02), 1.02)
    assert [number_of(buffer.take(at)) for at in (1.02, 1.04)] == [1, 2]


def test_of_a_flood_the_newest_are_kept():
    buffer = ElasticBuffer()
    for number in range(500):
        buffer.put(plain(number, number / 1e5), 0.01)
    assert len(buffer.waiting) == 64
    assert buffer.dropped == 500 - 64
    assert number_of(buffer.take(0.02)) == 500 - 64 + 1


def test_a_correction_without_frames_says_what_is_left_and_ends():
    """The sender's clock is slow; it stops in the middle of the correction that this needs."""
    buffer = ElasticBuffer()
    at = [0.006 + number * FRAME_SECONDS for number in range(3)] + [0.077 + number * 0.02 for number in range(40)]
    frames = [Frame(number, when, said_by(SINE)(number)) for number, when in enumerate(at)]
    heard = run(buffer, frames, 1.2)
    said = [frame for frame in heard.frames if frame is not None]
    assert heard.frames[-10:] == [None] * 10
    assert buffer.corrections == 0
    assert len(said) == len(at) + 1, "a frame's samples and silence in place of the frame that was begun"
    assert 0 < len(said[-1].rstrip(b"\0")) < FRAME_BYTES - 2
    run(buffer, (Frame(99 + n, 2.003 + n * 0.02, TELLING(n)) for n in range(20)), 0.6, begin=2.0)
    assert buffer.gaps == 2


steps = st.tuples(
    st.sampled_from(["sent", "late", "lost", "taken", "stood still"]), st.integers(1, 12), st.integers(0, 40)
)


@settings(max_examples=examples(12), deadline=None)
@given(st.lists(steps, max_size=40))
def test_whatever_comes_the_order_is_kept_and_the_lag_is_bounded(pattern: list[tuple[str, int, int]]):
    """Frames come, are lost and are taken in any rhythm; then both go evenly, and soon all is as ever."""
    buffer = ElasticBuffer()
    now, number, told = 0.0, 0, []
    for what, count, milliseconds in pattern:
        for _ in range(count):
            now += milliseconds / 1000
            if what == "taken":
                told.append(number_of(buffer.take(now)))
            elif what == "stood still":
                now += 0.1
            else:
                number += 1
                if what != "lost":
                    buffer.put(plain(number, now - (0.05 if what == "late" else 0.0)), now)
        assert len(buffer.waiting) <= 64
    heard = run(
        buffer, (plain(number + n, now + 0.001 + n * FRAME_SECONDS) for n in range(1, 1250)), 25, begin=now
    )
    rounding = 1e-9
    assert heard.longest_wait(0.02, 25) <= OLDEST + FRAME_SECONDS + rounding
    assert heard.longest_wait(23, 25) <= SPARE_WAIT + FRAME_SECONDS + rounding
    told += map(number_of, heard.frames)
    numbers = [one for one in told if one]
    assert numbers == sorted(set(numbers)), "each once, in order"
