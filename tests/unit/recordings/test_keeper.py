"""The keeper of the recordings: a full disk is told once and stops recordings, never calls."""

import asyncio
import logging
import os
from pathlib import Path

import numpy as np
import pytest

from drivers.hearing.recordings import Recordings
from drivers.hearing.wav import read_wav
from gateway.recordings import STOPPED, RecordingsKeeper, keeper
from gateway.recordings.keeper import DAY, free_space
from gateway.recordings.room import MEGABYTE, Free

pytestmark = pytest.mark.unit

NOW = 1_800_000_000.0


class Disk:
    """A disk whose free space is set; None: it cannot be asked."""

    def __init__(self, free_mb: float | None = 1000) -> None:
        self.free_mb = free_mb

    def free(self, _folder: Path) -> Free:
        if self.free_mb is None:
            raise OSError(5, "Input/output error")
        return Free(round(self.free_mb * MEGABYTE), None)


def write(path: Path, *, days: float, size: int = 0) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(bytes(size))
    os.utime(path, (NOW - days * DAY,) * 2)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def open_to_all(path: Path) -> None:
    path.chmod(0o755)


async def test_it_is_told_once_that_recordings_stop_and_once_that_they_begin_again(tmp_path: Path, caplog):
    disk, told = Disk(), []
    kept = RecordingsKeeper(
        tmp_path, None, 500, alert=lambda code, detail, raised: told.append((code, detail, raised)), free=disk.free
    )
    recording = []
    for free in (1000, 499.9, 300, 0, 520, 560, 501):
        disk.free_mb = free
        await kept.look()
        recording.append(kept.may_record())
    assert recording == [True, False, False, False, False, True, True]
    assert [(code, raised) for code, _, raised in told] == [(STOPPED, True), (STOPPED, False)]
    stopped = f"recordings stopped: disk full: 499 MB are free for {tmp_path}, and [recordings] min_free_mb is 500"
    assert told[0][1] == stopped
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.WARNING]


async def test_a_disk_that_cannot_be_asked_leaves_all_as_it_was_and_is_told_once(tmp_path: Path, caplog):
    disk = Disk(10)
    kept = RecordingsKeeper(tmp_path, None, 500, free=disk.free)
    await kept.look()
    disk.free_mb = None
    for _ in range(3):
        await kept.look()
    assert not kept.may_record()
    assert [record.message for record in caplog.records if "is not known" in record.message] == [
        f"free space of {tmp_path} is not known: [Errno 5] Input/output error; its last state stands"
    ]


async def test_what_is_older_than_the_retention_goes(tmp_path: Path, caplog):
    caplog.set_level(logging.INFO)
    write(tmp_path / "old" / "a.wav", days=31, size=1_000_000)
    write(tmp_path / "young" / "a.wav", days=29, size=1_000_000)
    for_ever = RecordingsKeeper(tmp_path, None, 0, now=lambda: NOW)
    await for_ever.sweep()
    assert sorted(names(tmp_path)) == ["old", "young"]
    kept = RecordingsKeeper(tmp_path, 30, 0, now=lambda: NOW)
    await kept.sweep()
    await kept.sweep()
    assert names(tmp_path) == ["young"]
    assert [record.message for record in caplog.records] == [
        "recordings older than 30 days deleted: 1 files, 1.0 MB, 1 folders"
    ]


async def test_what_is_needed_stays_and_nothing_goes_while_that_is_not_known(tmp_path: Path, caplog):
    caplog.set_level(logging.INFO)
    needed: list[Path] | None = None
    for name in ("needed.wav", "old.wav"):
        write(tmp_path / name, days=31)
    kept = RecordingsKeeper(tmp_path, 30, 0, now=lambda: NOW, needed=lambda: needed)
    await kept.sweep()
    assert sorted(names(tmp_path)) == ["needed.wav", "old.wav"]
    assert [record.message for record in caplog.records] == [
        "old recordings are not deleted now: which of them are needed is not known"
    ]
    needed = [tmp_path / "needed.wav"]
    await kept.sweep()
    assert names(tmp_path) == ["needed.wav"]


async def test_started_it_looks_and_sweeps_again_and_again(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(keeper, "LOOK_EVERY", 0.001)
    monkeypatch.setattr(keeper, "SWEEP_EVERY", 0.001)
    disk, alerts, sweeps = Disk(), asyncio.Queue[bool](), asyncio.Queue[None]()

    def now() -> float:
        sweeps.put_nowait(None)
        return NOW

    def alert(_code: str, _detail: str, raised: bool) -> None:
        alerts.put_nowait(raised)

    folder = tmp_path / "var" / "recordings"
    kept = RecordingsKeeper(folder, 30, 500, alert=alert, free=disk.free, now=now)
    await kept.start()
    assert mode_of(folder) == 0o700
    for free, raised in ((1, True), (1000, False)):
        write(folder / "old.wav", days=31)
        disk.free_mb = free
        sweeps = asyncio.Queue()
        async with asyncio.timeout(30):
            assert await alerts.get() is raised
            for _ in range(2):  # the second begins when the first is over
                await sweeps.get()
        assert names(folder) == []
    await kept.stop()
    await kept.stop()


async def test_a_folder_open_to_others_is_closed(tmp_path: Path):
    open_to_all(tmp_path)
    kept = RecordingsKeeper(tmp_path, None, 0)
    await kept.start()
    await kept.stop()
    assert mode_of(tmp_path) == 0o700


async def test_a_folder_that_cannot_be_made_is_told_and_stops_nothing(tmp_path: Path, caplog):
    write(tmp_path / "file", days=0)
    kept = RecordingsKeeper(tmp_path / "file" / "recordings", 30, 500)
    await kept.start()
    await kept.stop()
    assert kept.may_record()
    assert f"recordings cannot be kept in {tmp_path / 'file' / 'recordings'}" in caplog.text


def test_the_free_space_of_this_machine(tmp_path: Path):
    free = free_space(tmp_path)
    assert free.bytes > 0
    assert free.files is None or free.files >= 0
    with pytest.raises(OSError, match="none"):
        free_space(tmp_path / "none")


def test_a_full_disk_costs_a_recording_and_nothing_else(tmp_path: Path, caplog):
    """/dev/full refuses every write as a full disk does (ENOSPC)."""
    recordings = Recordings()
    (tmp_path / "full.wav").symlink_to("/dev/full")
    recordings.begin(str(tmp_path / "good.wav"), 0.0, both=False)
    recordings.begin(str(tmp_path / "full.wav"), 0.0, both=True)
    for _ in range(3):
        recordings.write(np.ones(8000, np.int16), np.ones(8000, np.int16))
    recordings.close(3.0)
    assert len(read_wav(tmp_path / "good.wav")) == 24000
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "No space left on device" in caplog.text


async def test_a_clock_that_is_years_ahead_deletes_nothing_until_it_has_run_on_for_a_day(tmp_path: Path, caplog):
    at = [NOW, 0.0]
    kept = RecordingsKeeper(tmp_path, 90, 0, now=lambda: at[0], passed=lambda: at[1])
    write(tmp_path / "day" / "call.wav", days=2)
    await kept.sweep()
    at[0] += 5 * 365 * DAY  # its battery is empty, or somebody has mistyped
    for _ in range(2):
        at[0], at[1] = at[0] + 3600, at[1] + 3600
        await kept.sweep()
    assert names(tmp_path / "day") == ["call.wav"]
    (told,) = [record.message for record in caplog.records if "the clock says" in record.message]
    assert "the newest one is of 2027-01-13" in told
    at[0], at[1] = at[0] + DAY, at[1] + DAY
    await kept.sweep()
    assert names(tmp_path) == []
