"""Old recordings go, and nothing else does."""

import os
from pathlib import Path

import pytest

from gateway.recordings.sweeping import sweep

pytestmark = pytest.mark.unit

NOW = 1_800_000_000.0
OLD = 1_700_000_000.0
BEFORE = 1_790_000_000.0


def put(path: Path, at: float, size: int = 100) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))
    os.utime(path, (at, at))
    return path


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_old_recordings_go_with_the_folders_they_leave_empty(tmp_path: Path):
    put(tmp_path / "2023-11-14" / "a.wav", OLD, 1000)
    put(tmp_path / "2023-11-14" / "a" / "answer-1.wav", OLD, 500)
    put(tmp_path / "2023-11-15" / "long.wav", OLD)
    put(tmp_path / "2023-11-15" / "longer.wav", NOW)
    put(tmp_path / "2027-01-15" / "b.wav", BEFORE)
    swept = sweep(tmp_path, BEFORE)
    assert names(tmp_path) == {"2023-11-15", "2023-11-15/longer.wav", "2027-01-15", "2027-01-15/b.wav"}
    assert (swept.files, swept.bytes, swept.folders, swept.failed) == (3, 1600, 2, 0)


def test_what_is_needed_stays_however_old(tmp_path: Path):
    needed = put(tmp_path / "disk" / "2023-11-14" / "a.wav", OLD)
    put(tmp_path / "disk" / "2023-11-14" / "b.wav", OLD)
    put(tmp_path / "disk" / "2023-11-15" / "a.wav", OLD)
    (tmp_path / "recordings").symlink_to(tmp_path / "disk")
    named = tmp_path / "recordings" / "2023-11-14" / "a.wav"
    swept = sweep(tmp_path / "recordings", BEFORE, needed=[named, tmp_path / "recordings" / "gone.wav"])
    assert names(tmp_path / "disk") == {"2023-11-14", "2023-11-14/a.wav"}
    assert (swept.files, swept.failed) == (2, 0)
    assert needed.exists()


def test_an_empty_folder_goes_when_it_is_old(tmp_path: Path):
    for name, at in (("old", OLD), ("today", NOW)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (at, at))
    sweep(tmp_path, BEFORE)
    assert names(tmp_path) == {"today"}


def test_what_is_no_recording_stays(tmp_path: Path):
    recordings = tmp_path / "recordings"
    put(recordings / "notes.txt", OLD)
    put(recordings / "day" / "gone.wav", OLD)
    os.mkfifo(recordings / "pipe.wav")
    (recordings / "folder.wav").mkdir()
    os.utime(recordings / "pipe.wav", (OLD, OLD))
    sweep(recordings, BEFORE)
    assert names(recordings) == {"notes.txt", "pipe.wav", "folder.wav"}


def test_links_are_neither_followed_nor_deleted(tmp_path: Path):
    outside = put(tmp_path / "outside" / "theirs.wav", OLD)
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    (recordings / "link.wav").symlink_to(outside)
    (recordings / "day").symlink_to(outside.parent)
    (recordings / "loop").symlink_to(recordings)
    (recordings / "broken.wav").symlink_to("nowhere")
    for link in recordings.iterdir():
        os.utime(link, (OLD, OLD), follow_symlinks=False)
    swept = sweep(recordings, BEFORE)
    assert outside.exists()
    assert {path.name for path in recordings.iterdir()} == {"link.wav", "day", "loop", "broken.wav"}
    assert (swept.files, swept.folders, swept.failed) == (0, 0, 0)


def test_the_folder_itself_may_be_a_link_to_another_disk(tmp_path: Path):
    put(tmp_path / "disk" / "a.wav", OLD)
    (tmp_path / "recordings").symlink_to(tmp_path / "disk")
    assert sweep(tmp_path / "recordings", BEFORE).files == 1
    assert (tmp_path / "disk").is_dir()


def test_no_folder_is_nothing_to_delete(tmp_path: Path):
    swept = sweep(tmp_path / "none", BEFORE)
    assert (swept.files, swept.failed) == (0, 0)


def test_what_cannot_be_deleted_is_counted_and_the_rest_goes(tmp_path: Path):
    """A folder that may not be written into is like one of another user's; as root it is deleted all the same."""
    put(tmp_path / "closed" / "a.wav", OLD)
    put(tmp_path / "open" / "b.wav", OLD)
    (tmp_path / "closed").chmod(0o500)
    swept = sweep(tmp_path, BEFORE)
    (tmp_path / "closed").exists() and (tmp_path / "closed").chmod(0o700)
    assert not (tmp_path / "open").exists()
    if os.geteuid():
        assert swept.failed == 1
        assert "a.wav" in swept.reason
    else:
        assert swept.failed == 0


def test_it_ends_at_once_when_told(tmp_path: Path):
    for number in range(5):
        put(tmp_path / f"{number}.wav", OLD)
    asked = iter([False, False, True, True, True])
    assert sweep(tmp_path, BEFORE, lambda: next(asked)).files == 2
