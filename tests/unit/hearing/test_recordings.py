"""Several recordings of one leg: each whole, each on its own time, none the others' undoing."""

import contextlib
import logging
import os
import resource
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.hearing.recordings import DRIFT, Recordings
from drivers.hearing.wav import read_both, read_wav

pytestmark = pytest.mark.unit

SECOND = 8000


def counting(first: int, last: int) -> np.ndarray:
    """Samples that tell their own number."""
    return np.arange(first, last).astype(np.int16)


def test_a_shorter_recording_inside_a_longer_one(tmp_path: Path):
    recordings = Recordings()
    whole, part = tmp_path / "whole.wav", tmp_path / "call" / "part.wav"
    recordings.begin(str(whole), 5.0)
    recordings.write(counting(0, 8000))
    recordings.begin(str(part), 6.0)
    recordings.write(counting(8000, 16000))
    recordings.end(str(part), 7.0)
    assert np.array_equal(read_wav(part), counting(8000, 16000)), "complete as soon as it is ended"
    recordings.write(counting(16000, 24000))
    recordings.close(8.0)
    assert np.array_equal(read_wav(whole), counting(0, 24000))
    assert np.array_equal(read_wav(part), counting(8000, 16000))


def test_silence_is_put_in_by_each_ones_own_time(tmp_path: Path):
    recordings = Recordings()
    whole, part = tmp_path / "whole.wav", tmp_path / "part.wav"
    recordings.begin(str(whole), 0.0)
    recordings.write(counting(1, SECOND + 1))
    recordings.begin(str(part), 2.5)
    recordings.catch_up(4.0)
    recordings.write(counting(1, SECOND + 1))
    recordings.end(str(part), 6.0)
    recordings.close(7.0)
    heard = counting(1, SECOND + 1)
    silence = np.zeros(SECOND, dtype=np.int16)
    assert np.array_equal(read_wav(part), np.concatenate((silence, silence[:4000], heard, silence)))
    assert np.array_equal(read_wav(whole), np.concatenate((heard, *(silence,) * 3, heard, *(silence,) * 2)))


def test_both_sides_beside_the_far_end_alone(tmp_path: Path):
    recordings = Recordings()
    both, alone = tmp_path / "both.wav", tmp_path / "alone.wav"
    recordings.begin(str(both), 0.0, both=True)
    recordings.begin(str(alone), 0.0)
    recordings.write(counting(0, 160), counting(1000, 1160))
    recordings.write(counting(160, 320))
    recordings.write(counting(320, 480), counting(2000, 2100))
    recordings.write(counting(480, 640), counting(3000, 3500))
    recordings.catch_up(1.0)
    recordings.end(str(alone), 1.0)
    recordings.close(2.0)
    silence = np.zeros(SECOND - 640, dtype=np.int16)
    heard = np.concatenate((counting(0, 640), silence))
    left, right = read_both(both)
    assert np.array_equal(read_wav(alone), heard)
    assert np.array_equal(left, np.concatenate((heard, np.zeros(SECOND, dtype=np.int16))))
    said = (counting(1000, 1160), np.zeros(160), counting(2000, 2100), np.zeros(60), counting(3000, 3160))
    assert np.array_equal(right[:640], np.concatenate(said))
    assert not right[640:].any()
    assert len(right) == len(left)


def test_what_is_made_is_closed_to_others(tmp_path: Path):
    before = os.umask(0)
    try:
        recordings = Recordings()
        recordings.begin(str(tmp_path / "day" / "call" / "a.wav"), 0.0)
        recordings.close(0.0)
    finally:
        os.umask(before)
    made = (tmp_path / "day", tmp_path / "day" / "call", tmp_path / "day" / "call" / "a.wav")
    assert [path.stat().st_mode & 0o777 for path in made] == [0o700, 0o700, 0o600]


def test_a_small_lag_is_no_gap(tmp_path: Path):
    recordings = Recordings()
    path = tmp_path / "a.wav"
    recordings.begin(str(path), 0.0)
    recordings.catch_up(DRIFT * 0.9)
    recordings.write(counting(0, 160))
    recordings.close(DRIFT)
    assert np.array_equal(read_wav(path), counting(0, 160))


def test_a_running_one_goes_on_and_an_ended_one_begins_anew(tmp_path: Path):
    recordings = Recordings()
    path = tmp_path / "a.wav"
    recordings.begin(str(path), 0.0)
    recordings.write(counting(0, 8000))
    recordings.begin(str(path), 1.0)
    recordings.write(counting(8000, 16000))
    recordings.end(str(path), 2.0)
    assert np.array_equal(read_wav(path), counting(0, 16000))
    recordings.begin(str(path), 9.0)
    recordings.write(counting(100, 900))
    recordings.end(str(path), 9.1)
    assert np.array_equal(read_wav(path), counting(100, 900))


def test_an_unknown_or_ended_path_is_nothing_to_end(tmp_path: Path):
    recordings = Recordings()
    recordings.end(str(tmp_path / "never.wav"), 1.0)
    recordings.begin(str(tmp_path / "a.wav"), 1.0)
    recordings.close(1.0)
    recordings.close(2.0)
    recordings.end(str(tmp_path / "a.wav"), 3.0)
    recordings.begin(str(tmp_path / "late.wav"), 3.0)
    assert [file.name for file in tmp_path.iterdir()] == ["a.wav"]
    assert len(read_wav(tmp_path / "a.wav")) == 0


@pytest.mark.parametrize("name", ["", "file/a.wav", "nul\0.wav", "x" * 300])
def test_a_path_that_cannot_be_costs_itself_alone(tmp_path: Path, caplog, name: str):
    (tmp_path / "file").write_bytes(b"")
    recordings = Recordings()
    recordings.begin(str(tmp_path / "good.wav"), 0.0)
    bad = str(tmp_path / name)
    recordings.begin(bad, 0.0)
    for _ in range(3):
        recordings.write(counting(0, 8000))
    recordings.end(bad, 3.0)
    recordings.close(3.0)
    assert len(read_wav(tmp_path / "good.wav")) == 3 * SECOND
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert bad in caplog.text


def test_a_full_disk_costs_one_file_its_end_and_is_told_once(tmp_path: Path, caplog):
    """A file may grow to 40 kB here: the older recording meets the limit, the younger one does not."""
    recordings = Recordings()
    old, young = tmp_path / "old.wav", tmp_path / "young.wav"
    with files_no_larger_than(40_000):
        recordings.begin(str(old), 0.0)
        for second in range(4):
            if second == 2:
                recordings.begin(str(young), 2.0)
            recordings.write(counting(0, 8000))
        recordings.catch_up(4.0)
        recordings.end(str(old), 4.0)
        recordings.close(4.0)
    assert len(read_wav(young)) == 2 * SECOND
    assert np.array_equal(read_wav(old)[: 2 * SECOND], np.concatenate((counting(0, 8000),) * 2))
    assert len(caplog.records) == 1
    assert str(old) in caplog.text


def test_a_full_disk_leaves_both_sides_of_what_was_written(tmp_path: Path, caplog):
    recordings = Recordings()
    path = tmp_path / "both.wav"
    with files_no_larger_than(40_000):
        recordings.begin(str(path), 0.0, both=True)
        for _ in range(3):
            recordings.write(counting(0, 8000), counting(8000, 16000))
        recordings.close(3.0)
    left, right = read_both(path)
    assert np.array_equal(left[:SECOND], counting(0, 8000))
    assert np.array_equal(right[:SECOND], counting(8000, 16000))
    assert len(caplog.records) == 1


@contextlib.contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@given(st.lists(st.tuples(st.sampled_from(["begin", "end", "hear", "deaf"]), st.integers(0, 2)), max_size=25))
def test_every_file_is_as_long_as_it_ran(tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]):
    folder = tmp_path_factory.mktemp("steps")
    recordings = Recordings()
    now = 0.0
    began: dict[int, float] = {}
    ran: dict[int, float] = {}
    for step, number in steps:
        path = str(folder / f"{number}.wav")
        if step == "begin":
            recordings.begin(path, now)
            began.setdefault(number, now)
        elif step == "end":
            recordings.end(path, now)
            if number in began:
                ran[number] = now - began.pop(number)
        else:
            now += 0.5
            if step == "hear":
                recordings.catch_up(now - 0.5)
                recordings.write(counting(1, 4001))
    recordings.close(now)
    ran |= {number: now - start for number, start in began.items()}
    assert {number: len(read_wav(folder / f"{number}.wav")) / SECOND for number in ran} == ran
