"""SQLite's own: how its file is opened, and that a file which has been replaced is noticed."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DisconnectionError

from gateway.database import gate

BUSY = 5.0
"""Seconds SQLite waits for another process's lock before it says "locked"."""
MAGIC = b"SQLite format 3\0"
"""How every SQLite file begins (SQLite's manual, "Database File Format", 1.3.1)."""
CORRUPT = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
PRIMARY = 0xFF
"""The part of an extended result code that is the code itself (SQLite's manual, "Result and Error Codes")."""

FileId = tuple[int, int]
"""A file, whatever it is called by now: its device and inode."""
_OF_FILE = "of_file"
"""Attribute of an error of SQLite's: the FileId of the file it was about."""
_OPENED = "opened"
_ENTERED = "entered"


def file_id(path: Path) -> FileId | None:
    """Which file this is; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def corrupt_file(error: BaseException | None) -> FileId | None:
    """Which file SQLite has called corrupt, or no database, by this error or by one that caused it; None: it has
    not."""
    while error is not None:
        original = getattr(error, "orig", None) or error
        if isinstance(original, sqlite3.Error) and _code(original) in CORRUPT:
            return getattr(original, _OF_FILE, None)
        error = error.__cause__
    return None


def open_file(url: URL, path: Path, *, kept_in_place: bool) -> Engine:
    """An engine for a file that is there: none is made. With `kept_in_place` nobody replaces the file while one of
    its connections is in use."""
    # What is written are whole numbers: no error may carry them into a log (WD-11).
    engine = create_engine(url, connect_args={"timeout": BUSY}, hide_parameters=True)
    file = _File(path)
    event.listen(engine, "do_connect", file.connect)
    event.listen(engine, "checkout", file.check)
    event.listen(engine, "handle_error", file.mark)
    if kept_in_place:
        event.listen(engine, "checkout", file.enter, insert=True)
        event.listen(engine, "checkin", file.leave)
    return engine


class _File:
    """What is done to the connections of one engine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def connect(self, _: Any, record: Any, __: Any, parameters: dict[str, Any]) -> sqlite3.Connection:
        """Never makes a file: that is Database's, for its owner's eyes alone."""
        entered = gate.enter(self._path)
        try:
            record.info[_OPENED] = opened = file_id(self._path)
            address = f"{self._path.absolute().as_uri()}?mode=rw"
            connection: sqlite3.Connection = sqlite3.connect(address, **(parameters | {"uri": True}))
            try:
                _tune(connection)
            except sqlite3.Error as error:
                setattr(error, _OF_FILE, opened)
                connection.close()
                raise
            return connection
        finally:
            gate.leave(entered)

    def check(self, _: Any, record: Any, __: Any) -> None:
        """A file was replaced, deleted or overwritten: what is written into it nobody would find. SQLite does
        not look at one that it has open by itself."""
        if record.info.get(_OPENED) != file_id(self._path) or not _begins_well(self._path):
            self.leave(None, record)
            raise DisconnectionError(f"{self._path} is another file now")

    def enter(self, _: Any, record: Any, __: Any) -> None:
        """A connection is taken into use."""
        record.info[_ENTERED] = gate.enter(self._path)

    def leave(self, _: Any, record: Any) -> None:
        """A connection is in use no more."""
        gate.leave(record.info.pop(_ENTERED, None))

    def mark(self, context: ExceptionContext) -> None:
        """Note at an error which file it is about: by the time it is looked at, there may be another."""
        if context.connection is not None and not context.connection.invalidated:
            opened = context.connection.connection.info.get(_OPENED)
            setattr(context.original_exception, _OF_FILE, opened)


def _begins_well(path: Path) -> bool:
    """Whether it is a SQLite file by its first bytes, or an empty one, which is as good."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) in (MAGIC, b"")
    except OSError:
        return True  # nobody knows; it is open, and goes on


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & PRIMARY


def _tune(connection: sqlite3.Connection) -> None:
    # WAL: those who read the records never hold up the one who writes them.
    connection.execute("PRAGMA journal_mode=WAL").close()
    # FULL: a call is on the disk itself when its first ring is committed, not in a cache a power cut empties.
    connection.execute("PRAGMA synchronous=FULL").close()
    # What is erased is overwritten: a number that was deleted is not to be found in the file any more (WD-11).
    connection.execute("PRAGMA secure_delete=ON").close()
