"""Who uses a SQLite file, and who puts another in its place, keep out of one another's way.

SQLite itself knows no such lock: a file that is renamed while a transaction is under way takes what is committed
with it. The lock is on the file's folder, so that nothing is left beside the file; it holds between processes, and
between threads of one as well, each of which opens the folder for itself (flock(2)).
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

POLL = 0.02
"""Seconds between two attempts to be alone; transactions take some milliseconds."""


class Busy(OSError):
    """Others still use the file."""


def enter(path: Path) -> int | None:
    """Use the file until `leave`. Waits while another is put in its place, which takes milliseconds. None where
    the folder cannot be locked: what the database itself says of it tells more."""
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_SH)
        except OSError:
            os.close(folder)
            raise
        return folder
    return None


def leave(entered: int | None) -> None:
    """The end of what `enter` began."""
    if entered is not None:
        os.close(entered)


@contextmanager
def alone(path: Path, seconds: float) -> Iterator[None]:
    """While nobody else uses the file. Raises Busy where others do for so many seconds, OSError where there is no
    folder."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        end = time.monotonic() + seconds
        while not _locked(folder):
            if time.monotonic() > end:
                raise Busy(f"{path} is in use")
            time.sleep(POLL)  # flock(2) waits for ever or not at all
        yield
    finally:
        os.close(folder)


def _locked(folder: int) -> bool:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without such locks, where nobody else has one either
    return True
