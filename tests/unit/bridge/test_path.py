"""Two ends of a join over real sockets: what is said here is heard there, and nothing that happens raises."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from drivers.bridge import FRAME_BYTES, AudioPath
from drivers.bridge.elastic import LEAST_WAIT
from drivers.bridge.wire import packed

pytestmark = pytest.mark.unit

GARBAGE = (b"", b"x", b"SB", bytes(336), bytes(337), bytes(60_000 // 4))


def frame(number: int) -> bytes:
    return np.full(160, number, "<i2").tobytes()


def heard(path: AudioPath, wanted: bytes, seconds: float = 5.0) -> bool:
    """Whether `wanted` is among what `path` takes; it is due after LEAST_WAIT, on a machine that keeps time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if path.take() == wanted:
            return True
        time.sleep(LEAST_WAIT / 5)  # as a line's clock does between two frames
    return False


@pytest.fixture
def ends(tmp_path: Path) -> Iterator[tuple[AudioPath, AudioPath]]:
    left, right = str(tmp_path / "left"), str(tmp_path / "right")
    one, other = AudioPath(left, right), AudioPath(right, left)
    yield one, other
    one.close()
    other.close()


def test_what_is_said_is_heard_both_ways(ends: tuple[AudioPath, AudioPath]):
    one, other = ends
    one.send(frame(1))
    other.send(frame(2))
    assert heard(other, frame(1))
    assert heard(one, frame(2))


def test_nothing_has_come(ends: tuple[AudioPath, AudioPath]):
    assert ends[0].take() is None
    assert ends[0].take(5) is None


def test_several_frames_at_once_end_in_silence(ends: tuple[AudioPath, AudioPath]):
    one, other = ends
    one.send(frame(1) + frame(2) + b"left over")
    time.sleep(LEAST_WAIT)  # what is to be heard would be due by now
    assert other.take(4) == frame(1) + frame(2) + bytes(2 * FRAME_BYTES)


def test_a_peer_comes_later_goes_and_comes_again(tmp_path: Path):
    left, right = str(tmp_path / "left"), str(tmp_path / "right")
    one = AudioPath(left, right)
    one.send(frame(1))
    for number in (2, 3):
        other = AudioPath(right, left)
        assert other.take() is None, "what was said before it came is gone"
        other.send(frame(number))
        assert heard(one, frame(number))
        one.send(frame(number))
        assert heard(other, frame(number))
        other.close()
        one.send(frame(9))
        assert one.take() is None
    one.close()


def test_a_socket_left_by_a_crash_is_replaced_and_closed_to_others(tmp_path: Path):
    left, right = tmp_path / "left", tmp_path / "right"
    crashed = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    crashed.bind(str(left))
    crashed.close()
    one, other = AudioPath(str(left), str(right)), AudioPath(str(right), str(left))
    other.send(frame(1))
    assert heard(one, frame(1))
    assert left.stat().st_mode & 0o777 == 0o600
    one.close()
    one.close()
    other.close()
    assert list(tmp_path.iterdir()) == []


def test_closing_leaves_the_socket_of_the_next_join_alone(tmp_path: Path):
    left, right = str(tmp_path / "left"), str(tmp_path / "right")
    before = AudioPath(left, right)
    one, other = AudioPath(left, right), AudioPath(right, left)
    before.close()
    other.send(frame(1))
    assert heard(one, frame(1))
    one.close()
    other.close()


def test_closed_it_neither_says_nor_hears(ends: tuple[AudioPath, AudioPath]):
    one, other = ends
    one.close()
    one.send(frame(1))
    other.send(frame(1))
    assert one.take() is None
    assert other.take() is None


@pytest.mark.parametrize("path", ["", "a\0b", "x" * 200, "a\ud800", "no/such/folder/s"])
def test_a_path_that_cannot_be_bound(tmp_path: Path, path: str):
    with pytest.raises(OSError, match=r"."):
        AudioPath(path and str(tmp_path / path), str(tmp_path / "peer"))


def test_a_file_in_the_way_is_not_removed(tmp_path: Path):
    theirs = tmp_path / "notes.txt"
    theirs.write_text("mine")
    with pytest.raises(OSError, match="no socket; remove it"):
        AudioPath(str(theirs), str(tmp_path / "peer"))
    assert theirs.read_text() == "mine"


def test_garbage_and_strangers_are_not_heard(ends: tuple[AudioPath, AudioPath], tmp_path: Path):
    one, other = ends
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stranger:
        stranger.bind(str(tmp_path / "stranger"))
        stranger.sendto(packed(0, time.monotonic_ns(), frame(7)), str(tmp_path / "left"))
    time.sleep(LEAST_WAIT)  # what is to be heard would be due by now
    assert one.take() is None
    other._socket.setblocking(True)  # so that every piece arrives
    for piece in GARBAGE:
        other._socket.sendto(piece, str(tmp_path / "left"))
        assert one.take() is None
    other._socket.setblocking(False)
    other.send(frame(1))
    assert heard(one, frame(1))


def test_a_flood_neither_blocks_nor_is_hoarded(ends: tuple[AudioPath, AudioPath]):
    one, other = ends
    for _ in range(50):
        one.send(frame(1) * 200)
        other.take()
    assert len(other._buffer.waiting) <= 64


def test_no_descriptor_is_left_open(tmp_path: Path):
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        AudioPath(str(tmp_path / "a"), str(tmp_path / "b")).close()
        with pytest.raises(OSError, match=r"."):
            AudioPath(str(tmp_path / "no" / "a"), str(tmp_path / "b"))
    assert len(list(Path("/proc/self/fd").iterdir())) == before
