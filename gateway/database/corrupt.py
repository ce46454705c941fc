"""A corrupt SQLite file is set aside, so that calls go on being recorded; nothing of it is deleted."""

import logging
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from gateway.database import gate
from gateway.database.sqlite import corrupt_file, file_id

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds to wait for transactions under way; one that waits for a lock gives up after 5 (sqlite.BUSY)."""
PAUSE = 60.0
"""Seconds between two files set aside, at least: a disk that spoils every file is no reason to fill it."""
BESIDE = ("-wal", "-shm")
"""SQLite's own files beside a database, which belong to it."""
STAMP = "%Y%m%dT%H%M%SZ"
_NAMED = r"{name}\.corrupt-([0-9]{{8}}T[0-9]{{6}}Z)(?:-[0-9]+)?"


class SpoilsEveryFile(OSError):
    """A file was set aside a moment ago, and the new one is corrupt as well."""


def set_aside(path: Path, why: sqlite3.Error, told: Callable[[str], None] | None) -> None:
    """Rename `path`, if it still is the file that `why` calls corrupt, to `<name>.corrupt-<time>`; log it as an
    error and tell it. Raises OSError where it cannot be done now."""
    with gate.alone(path, PATIENCE):
        if file_id(path) != corrupt_file(why):
            return  # somebody else was first
        now = datetime.now(UTC)
        if any(abs((now - at).total_seconds()) < PAUSE for at in _earlier(path)):
            raise SpoilsEveryFile(f"{path} is corrupt again")
        kept = _free(path.with_name(f"{path.name}.corrupt-{now.strftime(STAMP)}"))
        # The database first: SQLite closes connections to a file that has been moved without touching those beside
        # it, which by then may be the new one's.
        path.rename(kept)
        for end in BESIDE:
            beside = path.with_name(path.name + end)
            if beside.exists():
                beside.rename(kept.with_name(kept.name + end))
    detail = f"{path} was corrupt ({why}); it is kept as {kept.name}, and a new database was begun"
    log.error("database: %s", detail)
    if told is not None:
        told(detail)


def _free(wanted: Path) -> Path:
    """This name, or the next one that nothing has yet: a clock may have been set back."""
    names = (wanted, *(wanted.with_name(f"{wanted.name}-{number}") for number in range(2, 1000)))
    return next((name for name in names if not name.exists()), wanted)


def set_aside_before(path: Path) -> list[Path]:
    """Databases of this name that were set aside, and are still there, oldest first."""
    if not path.parent.is_dir():
        return []
    named = re.compile(_NAMED.format(name=re.escape(path.name)))
    return sorted(one for one in path.parent.iterdir() if named.fullmatch(one.name))


def _earlier(path: Path) -> list[datetime]:
    """When that was."""
    named = re.compile(_NAMED.format(name=re.escape(path.name)))
    found = (named.fullmatch(one.name) for one in set_aside_before(path))
    return [datetime.strptime(one[1], STAMP).replace(tzinfo=UTC) for one in found if one is not None]
