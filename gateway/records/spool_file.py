"""The spool's file: facts are appended to it before anything else is done with them, and stay until the database
has them. What it holds outlives the process, however that ends.

Its blocks are reserved in advance: on the disk that has just filled up, as a rule the database's too, there is
still room for a thousand calls. What is not used of it is zeros.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

SUFFIX: Final = ".spool"
DAMAGED: Final = ".damaged"
"""What the name of a file ends in that holds lines which could not be read."""
MEGABYTE: Final = 1_000_000
RESERVE: Final = 16 * MEGABYTE
"""Bytes reserved from the start: 45 000 facts of 350 bytes, a full disk's ten minutes at 110 calls a minute."""
STEP: Final = 4 * MEGABYTE
"""Bytes by which it grows beyond them."""
ROOM: Final = bytes(4096)
"""A block of room that was not used. Left out at once: most of a file is such."""
CHUNK: Final = 1 << 20
"""Bytes read, or blanked, at once."""


class SpoolFull(OSError):
    """The file has reached its limit."""


class SpoolFile:
    """One run's file. Used under its owner's lock; any method may raise OSError."""

    def __init__(self, path: Path, limit: int) -> None:
        """Makes the file, for its owner alone, and reserves room for it as far as the disk has it. `limit`: bytes
        that it may hold."""
        self.path = path
        self._limit = limit
        self.end = 0
        """Bytes that are written."""
        self._reserved = 0
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)  # it is in use, for as long as this process lives
        with suppress(OSError):  # then it grows as it can
            self._reserve(min(RESERVE, limit))

    def append(self, lines: bytes) -> int:
        """Write lines behind those that are there; gives where they begin. All of them, or none that is seen:
        raises SpoolFull at the limit, OSError on a full disk."""
        begin, end = self.end, self.end + len(lines)
        if end > self._limit:
            raise SpoolFull(f"{self.path} holds its {self._limit // MEGABYTE} MB; [records] spool_mb allows more")
        if end > self._reserved:
            self._reserve(min(max(end, self._reserved + STEP), self._limit))
        written = 0
        while written < len(lines):
            written += os.pwrite(self._descriptor, lines[written:], begin + written)
        self.end = end
        return begin

    def flush(self) -> None:
        """Have what is written on the disk itself."""
        os.fdatasync(self._descriptor)

    def read(self, begin: int) -> Iterator[bytes]:
        """The lines from `begin`, where one begins, to the end as it is now."""
        return _lines(self._descriptor, begin, self.end)

    def blank(self) -> None:
        """Everything is in the database: hold nothing any more, not even deleted (WD-11), but keep the room."""
        end, self.end = self.end, 0
        if end > RESERVE:
            os.ftruncate(self._descriptor, min(RESERVE, self._limit))
            self._reserved = min(RESERVE, self._limit)
            end = self._reserved
        for begin in range(0, end, CHUNK):
            os.pwrite(self._descriptor, bytes(min(CHUNK, end - begin)), begin)

    def close(self) -> None:
        """Close it; an empty one goes."""
        if self._descriptor < 0:
            return
        os.close(self._descriptor)
        self._descriptor = -1
        if not self.end:
            self.path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Close it for good: everything is in the database. Where its disk does not let it go it stays for the
        next run, which finds all of it written. Never raises."""
        self.end = 0
        with suppress(OSError):
            self.close()

    def _reserve(self, size: int) -> None:
        os.posix_fallocate(self._descriptor, 0, size)
        self._reserved = size


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines of a file that an earlier run left; the last may be cut. Zeros are room that was not used, or what
    a power cut left of a block: what is behind them is read all the same. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        for line in _lines(descriptor, 0, os.fstat(descriptor).st_size):
            if whole := line.strip(b"\0"):
                yield whole
    finally:
        os.close(descriptor)


def files_in(folder: Path) -> list[Path]:
    """The files of all runs, oldest first."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def left_behind(folder: Path) -> list[Path]:
    """The files that runs which have ended left, oldest first. One that cannot be opened stays, and is told."""
    return [path for path in files_in(folder) if _is_left(path)]


def _is_left(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        log.error("records: %s, left by an earlier run, cannot be read: %s", path, error.strerror)
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False  # another process writes it
    finally:
        os.close(descriptor)
    return True


def next_path(folder: Path, run: str) -> Path:
    """The path of a new run's file: it sorts behind all that are there, whatever the clock says."""
    numbers = [int(path.name[:8]) for path in files_in(folder) if path.name[:8].isdigit()]
    return folder / f"{max(numbers, default=0) + 1:08}-{run}{SUFFIX}"


def run_of(path: Path) -> str:
    """The run whose file this is."""
    return path.stem.partition("-")[2]


def _lines(descriptor: int, begin: int, end: int) -> Iterator[bytes]:
    rest = b""
    while begin < end:
        chunk = os.pread(descriptor, min(CHUNK, end - begin), begin)
        begin += len(chunk)
        *lines, rest = (rest + chunk.replace(ROOM, b"")).split(b"\n")
        yield from lines
        if not chunk:
            break
    if rest:
        yield rest
