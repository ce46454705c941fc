"""Keeps the folder of the calls' recordings: deletes what is too old, and stops new ones on a disk that fills up.

Neither ever touches a call: a recording that is not begun, or whose end is lost, is all that a full disk costs.
"""

import asyncio
import logging
import os
import threading
import time
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from gateway.database.clock import Clock
from gateway.recordings.room import MEGABYTE, Free, Room
from gateway.recordings.sweeping import Swept, newest, sweep

_log = logging.getLogger(__name__)

STOPPED: Final = "recordings_stopped"
"""The alert's code: no recording is begun, as the disk is full."""
LOOK_EVERY: Final = 10.0
"""Seconds between two looks at the disk: 100 calls in stereo write 32 MB meanwhile."""
SWEEP_EVERY: Final = 3600.0
"""Seconds between two searches for old recordings; retention is told in days."""
DAY: Final = 86400.0

Needed = Callable[[], Collection[Path] | None]
"""The recordings that may not go yet, however old; None: not known at present. May take its time."""
Alert = Callable[[str, str, bool], None]
"""A code for programs, words for people, and whether the trouble begins (True) or is cured."""


def free_space(folder: Path) -> Free:
    """What the disk of `folder` has left for this user. Raises OSError."""
    disk = os.statvfs(folder)
    return Free(disk.f_bavail * disk.f_frsize, disk.f_favail if disk.f_files else None)


class RecordingsKeeper:
    """One folder's keeper. Its looks at the disk run in threads: a disk may take its time, a call may not."""

    def __init__(
        self,
        folder: Path,
        retention_days: int | None,
        min_free_mb: int,
        *,
        alert: Alert = lambda _code, _detail, _raised: None,
        needed: Needed = tuple,
        free: Callable[[Path], Free] = free_space,
        now: Callable[[], float] = time.time,
        passed: Callable[[], float] = time.monotonic,
    ) -> None:
        """`retention_days` None: for ever; `min_free_mb` 0: the disk may fill. `alert` is called on the event
        loop, `needed` in a thread; `free` tells what the folder's disk has left (raises OSError), `now` seconds
        since 1970, `passed` seconds from any moment on, which nobody sets."""
        self._folder = folder
        self._retention = retention_days
        self._min_free_mb = min_free_mb
        self._alert = alert
        self._needed = needed
        self._free = free
        self._now = now
        self._clock = Clock(passed)
        self._set = False
        """The clock was, while this ran, and has not been believed since."""
        self._room = Room(min_free_mb)
        self._blind = False
        self._ended = threading.Event()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Make the folder, closed to others; look at the disk and for old recordings from now on. Never raises."""
        try:
            _make_private(self._folder)
        except OSError as error:
            _log.error("recordings cannot be kept in %s: %s; calls go on without", self._folder, error)
        self._tasks = [
            asyncio.create_task(self._every(LOOK_EVERY, self.look), name="recordings: room"),
            asyncio.create_task(self._every(SWEEP_EVERY, self.sweep), name="recordings: retention"),
        ]

    async def stop(self) -> None:
        """End; a search for old recordings that runs ends at the next file. Idempotent."""
        self._ended.set()
        self._wake.set()
        await asyncio.gather(*self._tasks)
        self._tasks = []

    def may_record(self) -> bool:
        """Whether there is room for another recording, as of the last look. Costs nothing."""
        return self._room.enough

    async def look(self) -> None:
        """Look at the disk now; tells it once when recordings stop, and once when they are begun again."""
        try:
            free = await asyncio.to_thread(self._free, self._folder)
        except OSError as error:
            if not self._blind:
                _log.error("free space of %s is not known: %s; its last state stands", self._folder, error)
            self._blind = True
            return
        self._blind = False
        if not self._room.judge(free):
            return
        left = f"{free.bytes // MEGABYTE} MB are free for {self._folder}"
        if self._room.enough:
            _log.warning("recordings are begun again: %s", left)
            self._alert(STOPPED, f"recordings are begun again: {left}", False)
        else:
            short = f"{left}, and [recordings] min_free_mb is {self._min_free_mb}"
            _log.error("recordings stopped: disk full: %s; calls go on without; delete something there", short)
            self._alert(STOPPED, f"recordings stopped: disk full: {short}", True)

    async def sweep(self) -> None:
        """Delete what is older than the retention and not needed, and log how much that was. While it is not known
        what is needed, or the clock is not to be believed, nothing goes: a day's recordings more cost less than a
        customer's case."""
        if self._retention is None or not await asyncio.to_thread(self._believed, now := self._now()):
            return
        before = now - self._retention * DAY
        needed = await asyncio.to_thread(self._needed)
        if needed is None:
            _log.warning("old recordings are not deleted now: which of them are needed is not known")
            return
        self._tell(await asyncio.to_thread(sweep, self._folder, before, self._ended.is_set, needed=needed))

    def _believed(self, now: float) -> bool:
        """Whether so much time has passed as the clock says; told once where that is in doubt. One that is wrong
        from the start is not noticed: recordings alone do not tell whether a line was quiet for months."""
        today = datetime.fromtimestamp(now, UTC)
        told = self._set
        self._set = self._clock.watch(today) or self._set
        if not self._set:
            return True
        try:
            written = newest(self._folder, now - DAY)
        except OSError:
            written = None  # there is nothing to delete
        last = None if written is None else datetime.fromtimestamp(written, UTC)
        self._set = not self._clock.believed(today, last)
        if self._set and not told:
            _log.error(
                "recordings: the clock says %s, but the newest one is of %s; is it right? None is deleted until "
                "it has run on for a day",
                *(f"{today:%Y-%m-%d}", f"{last:%Y-%m-%d}"),
            )
        return not self._set

    def _tell(self, swept: Swept) -> None:
        if swept.files or swept.folders:
            _log.info(
                "recordings older than %d days deleted: %d files, %.1f MB, %d folders",
                *(self._retention, swept.files, swept.bytes / MEGABYTE, swept.folders),
            )
        if swept.failed:
            _log.error("%d old recordings or folders could not be deleted: %s", swept.failed, swept.reason)

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while not self._ended.is_set():
            await work()
            try:
                await asyncio.wait_for(self._wake.wait(), seconds)
            except TimeoutError:
                continue


def _make_private(folder: Path) -> None:
    """Make the folder, or close one that is there: for its owner alone. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
