"""The spool's file: what is appended is read again, after any end of the process; zeros end it."""

import errno
import os
from pathlib import Path

import pytest

from gateway.records import spool_file
from gateway.records.spool_file import RESERVE, SpoolFile, SpoolFull, left_behind, lines_of, next_path

pytestmark = pytest.mark.unit

LIMIT = 20_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool" / "00000001-run.spool"


def test_what_is_appended_is_there_at_once_for_whoever_comes_next(path: Path) -> None:
    file = SpoolFile(path, LIMIT)
    assert file.append(b"one\ntwo\n") == 0
    assert file.append(b"three\n") == 8
    assert list(lines_of(path)) == [b"one", b"two", b"three"]
    assert list(file.read(8)) == [b"three"]


def test_it_is_for_its_owner_alone(path: Path) -> None:
    SpoolFile(path, LIMIT)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_room_is_reserved_before_the_disk_is_full(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = SpoolFile(path, LIMIT)
    assert path.stat().st_blocks * 512 >= RESERVE

    def full(descriptor: int, begin: int, size: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    line = b"x" * 999 + b"\n"
    for _ in range(RESERVE // len(line)):
        file.append(line)
    with pytest.raises(OSError, match="No space left"):
        file.append(line)
    assert sum(1 for _ in lines_of(path)) == RESERVE // len(line), "what was refused is not seen"


def test_it_grows_to_its_limit_and_no_further(path: Path) -> None:
    file = SpoolFile(path, LIMIT)
    line = b"x" * 99_999 + b"\n"
    for _ in range(200):
        file.append(line)
    with pytest.raises(SpoolFull, match=r"spool_mb"):
        file.append(line)
    assert path.stat().st_size == LIMIT


@pytest.mark.parametrize("much", [b"13812345678\n" * 10, b"13812345678\n" * (RESERVE // 12 + 1000)])
def test_blanked_it_holds_nothing_but_the_room(path: Path, much: bytes) -> None:
    file = SpoolFile(path, LIMIT)
    file.append(much)
    file.blank()
    assert b"138" not in path.read_bytes()
    assert path.stat().st_size == RESERVE
    assert list(lines_of(path)) == []
    file.append(b"new\n")
    assert list(lines_of(path)) == [b"new"]


def test_a_cut_line_is_the_last_one(path: Path) -> None:
    file = SpoolFile(path, LIMIT)
    file.append(b"whole\ncut")
    assert list(lines_of(path)) == [b"whole", b"cut"]


def test_an_empty_one_goes_and_another_stays(path: Path) -> None:
    empty = SpoolFile(path, LIMIT)
    empty.close()
    assert not path.exists()
    full = SpoolFile(path, LIMIT)
    full.append(b"x\n")
    assert left_behind(path.parent) == [], "it is in use"
    full.close()
    assert left_behind(path.parent) == [path]


def test_runs_follow_one_another_whatever_their_names(tmp_path: Path) -> None:
    paths = []
    for run in ("ff", "aa", "0c"):
        paths.append(next_path(tmp_path, run))
        file = SpoolFile(paths[-1], LIMIT)
        file.append(b"x\n")
        file.close()
    (tmp_path / "notes.spool").touch()
    assert left_behind(tmp_path)[:3] == paths
    assert next_path(tmp_path, "00").name == "00000004-00.spool"


def test_without_room_to_reserve_it_is_written_all_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_file, "RESERVE", 10**15)
    file = SpoolFile(path, 10**15)
    file.append(b"x\n")
    assert list(lines_of(path)) == [b"x"]


@pytest.mark.parametrize("hole", [1, 512, 4096, 5000, 3_000_000])
def test_zeros_that_a_power_cut_left_cost_what_they_hit_alone(path: Path, hole: int) -> None:
    path.parent.mkdir()
    path.write_bytes(
        bytes(hole) + b"one\ntwo\n" + bytes(hole) + b"three\nfo" + bytes(hole) + b"ur\nfive\n" + bytes(99)
    )
    whole = [line for line in lines_of(path) if b"\0" not in line]
    assert whole[:3] == [b"one", b"two", b"three"]
    assert whole[-1] == b"five"
    assert len(list(lines_of(path))) == 5


def test_one_that_cannot_be_opened_is_told_and_the_others_are_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good = tmp_path / "00000002-a.spool"
    good.write_bytes(b"x\n")
    (tmp_path / "00000001-b.spool").symlink_to(tmp_path / "gone")
    assert left_behind(tmp_path) == [good]
    assert "00000001-b.spool" in caplog.text
