"""SQLite's own: how its file is opened, and that a file which has been replaced is noticed."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DisconnectionError

from gateway.database import gate

BUSY = 5.0
"""Seconds SQLite waits for another process's lock before it says "locked"."""
CORRUPT = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
PRIMARY = 0xFF
"""The part of an extended result code that is the code itself (SQLite's manual, "Result and Error Codes")."""

FileId = tuple[int, int]
"""A file, whatever it is called by now: its device and inode."""
_OF_FILE = "of_file"
"""Attribute of an error of SQLite's: the FileId of the file it was about."""
LENIENT = partial(str, encoding="utf-8", errors="replace")
"""How text is read: one byte that is none of UTF-8's would fail every row that is fetched with it."""
_OPENED = "opened"
_ENTERED = "entered"


def file_id(path: Path) -> FileId | None:
    """Which file this is; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def corruption(error: BaseException) -> sqlite3.Error | None:
    """What SQLite itself said, where this error or one that caused it calls a file corrupt, or no database."""
    said = _said(error)
    return said if said is not None and _code(said) in CORRUPT else None


def lacking(error: BaseException) -> bool:
    """Whether SQLite missed a table or a column: it has no code of its own for that."""
    said = _said(error)
    if said is None or _code(said) != sqlite3.SQLITE_ERROR:
        return False
    return any(missed in str(said) for missed in ("no such table", "no such column", "has no column named"))


def corrupt_file(error: sqlite3.Error) -> FileId | None:
    """Which file it was that SQLite said so of; None where nobody knows."""
    return getattr(error, _OF_FILE, None)


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
        event.listen(engine, "checkout", file.look)
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
            connection = self._connection(parameters)
            connection.text_factory = LENIENT
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
        """A file was replaced or deleted: what is written into the old one nobody would find."""
        if record.info.get(_OPENED) != file_id(self._path):
            self.leave(None, record)
            raise DisconnectionError(f"{self._path} is another file now")

    def look(self, _: Any, record: Any, __: Any) -> None:
        """A file was overwritten: a connection that has it open goes on by what it remembers, a new one finds out.

        Not by reading the file ourselves: to close it would end all locks that SQLite holds in this process on it
        (fcntl(2)), and another process would take away the log that is being written.
        """
        try:
            with closing(self._connection({})) as connection:
                connection.execute("PRAGMA schema_version").close()
        except sqlite3.OperationalError:
            return  # locked, or out of files: whoever uses it is told
        except sqlite3.DatabaseError:
            self.leave(None, record)
            raise DisconnectionError(f"{self._path} was overwritten") from None

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

    def _connection(self, parameters: dict[str, Any]) -> sqlite3.Connection:
        address = f"{self._path.absolute().as_uri()}?mode=rw"
        connection: sqlite3.Connection = sqlite3.connect(address, **(parameters | {"uri": True}))
        return connection


def _said(error: BaseException | None) -> sqlite3.Error | None:
    while error is not None:
        original = getattr(error, "orig", None) or error
        if isinstance(original, sqlite3.Error):
            return original
        error = error.__cause__
    return None


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & PRIMARY


def _tune(connection: sqlite3.Connection) -> None:
    # WAL: those who read the records never hold up the one who writes them.
    connection.execute("PRAGMA journal_mode=WAL").close()
    # FULL: a call is on the disk itself when its first ring is committed, not in a cache a power cut empties.
    connection.execute("PRAGMA synchronous=FULL").close()
    # What is erased is overwritten: a number that was deleted is not to be found in the file any more (WD-11).
    connection.execute("PRAGMA secure_delete=ON").close()
