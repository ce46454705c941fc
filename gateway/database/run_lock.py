"""Which runs of a site's gateway live: told by locks that end with their process.

What a run finds open that is not its own was left by a dead one, or belongs to another gateway that was given the
same site by mistake. To close the calls of that one would put an end on record that they have not had.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from glob import escape
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Final, Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from gateway.database.address import sqlite_file

LOOK: Final = 3.0
"""Seconds between two looks: one who looks holds his own lock again, where the server had let it go."""
GRACE: Final = 10.0
"""Seconds without its lock after which a run is dead. One that lives has it again sooner when the server was
restarted: it tries to write every 5 s at least (records.insistence.LAST_RETRY), and then looks."""

SUFFIX: Final = ".lock"
"""What the name of a run's file beside a SQLite database ends in."""

# A transaction that is open as long as the gateway lives: behind a PgBouncer, too, its lock ends with it. It has
# no snapshot between two statements, and keeps nothing from being vacuumed. A machine that is gone says no
# goodbye: the server is to ask after it (its own defaults would take two hours).
_ENTER: Final = (
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    "SET LOCAL tcp_keepalives_idle = 10",
    "SET LOCAL tcp_keepalives_interval = 5",
    "SET LOCAL tcp_keepalives_count = 3",
)
_LOCK: Final = text("SELECT pg_try_advisory_xact_lock(:site, :run)")
_UP: Final = text("SELECT extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())")
# objsubid 2: a lock with two keys of four bytes each (PostgreSQL's manual, "pg_locks"); there they have no sign.
_LIVING: Final = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
    " AND classid = CAST(:site AS bigint)"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class RunLock(Protocol):
    """By which a run of a site's gateway tells that it lives, and knows of the others. Used by one thread; any may
    ask for `company` and `lives`, which know what the last look saw."""

    shared: bool
    """Whether another run of this site lives beside this one."""
    company: bool
    """Whether one does, or did a moment ago: whoever begins a call now may be another."""

    def look(self) -> None:
        """Tell that this run lives, and see who else does. Raises SQLAlchemyError where that cannot be asked."""

    def lives(self, run: str | None) -> bool:
        """Whether what this run began may still go on; None: a run that nobody knows."""

    def close(self) -> None:
        """This run lives no more. Never raises."""


def run_lock_of(engine: Engine, site: str, run: str) -> RunLock:
    """The run `run` of a site's gateway in this database. Asks nothing yet."""
    if engine.dialect.name == "postgresql":
        return ServerRunLock(engine, site, run)
    return FileRunLock(sqlite_file(engine.url), site, run)


class ServerRunLock:
    """In PostgreSQL: an advisory lock for each run, which everybody may see."""

    def __init__(self, engine: Engine, site: str, run: str, now: Callable[[], float] = monotonic) -> None:
        self._engine = engine
        self._site = _key(f"sansheng site {site}")
        self._run = _key(run)
        self._now = now
        self._connection: Connection | None = None
        self._entered = False
        self._seen: dict[int, float] = {}
        """When each other run was last seen to live."""
        self._unsure_until = 0.0
        self.shared = self.company = False

    def look(self) -> None:
        """See RunLock."""
        try:
            living = self._living()
        except (SQLAlchemyError, OSError):
            self.close()
            living = self._living()  # on a new connection: the server may just have been restarted
        others = living - {self._run}
        self.shared = not others.isdisjoint(self._seen)  # twice: one that has just been killed is none
        now = self._now()
        kept = {run: at for run, at in self._seen.items() if now - at < GRACE}
        self._seen = kept | dict.fromkeys(others, now)
        self.company = bool(self._seen)

    def lives(self, run: str | None) -> bool:
        """See RunLock."""
        if run is None:
            return self.company
        key = _key(run)
        return key == self._run or key in self._seen or self._now() < self._unsure_until

    def close(self) -> None:
        """See RunLock."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()  # not given back: it is to end, whatever state it is in
            connection.close()

    def _living(self) -> set[int]:
        if self._connection is None:
            self._connection = self._enter(self._engine.connect())
        return {int(run) for run in self._connection.scalars(_LIVING, {"site": self._site})}

    def _enter(self, connection: Connection) -> Connection:
        """Hold the lock. A server that was away, or has just begun, does not know yet who lives."""
        try:
            for statement in _ENTER:
                connection.execute(text(statement))
            connection.execute(_LOCK, {"site": _signed(self._site), "run": _signed(self._run)})
            up = float(connection.scalar(_UP) or 0.0)
        except BaseException:
            connection.close()
            raise
        known_for = 0.0 if self._entered else up
        self._entered = True
        self._unsure_until = self._now() + max(GRACE - known_for, 0.0)
        return connection


class FileRunLock:
    """Of a SQLite file: for each run a file beside it, locked as long as the run lives. One that is not locked was
    left by a dead run, and goes when it is found."""

    def __init__(self, database: Path | None, site: str, run: str) -> None:
        """`database`: None for one in memory, which nobody shares."""
        self._folder = None if database is None else database.parent
        self._name = "" if database is None else f".{database.name}.{site}."
        self._run = run
        self._held: int | None = None
        self._others: frozenset[str] = frozenset()
        self.shared = self.company = False

    def look(self) -> None:
        """See RunLock."""
        if self._folder is None:
            return
        if self._held is None or not os.fstat(self._held).st_nlink:  # or somebody has deleted it
            self.close()
            self._held = _locked(self._folder / f"{self._name}{self._run}{SUFFIX}")
        self._others = frozenset(self._living(self._folder))
        self.shared = self.company = bool(self._others)

    def lives(self, run: str | None) -> bool:
        """See RunLock."""
        return self.company if run is None else run == self._run or run in self._others

    def close(self) -> None:
        """See RunLock."""
        held, self._held = self._held, None
        if held is not None and self._folder is not None:
            with suppress(OSError):
                (self._folder / f"{self._name}{self._run}{SUFFIX}").unlink()
            os.close(held)

    def _living(self, folder: Path) -> Iterator[str]:
        for path in folder.glob(f"{escape(self._name)}*{SUFFIX}"):
            run = path.name.removeprefix(self._name).removesuffix(SUFFIX)
            if run != self._run and "." not in run and _is_locked(path):
                yield run


def _locked(path: Path) -> int | None:
    """A lock on the file at this path; None where there can be none. One who looks has it for a moment at most."""
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:
            os.close(descriptor)
            return None
        if os.fstat(descriptor).st_nlink:
            return descriptor
        os.close(descriptor)  # it was taken for a dead run's, and is gone: another one


def _is_locked(path: Path) -> bool:
    """Whether somebody holds the file at this path; one that nobody does is deleted."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    except OSError:
        return True  # another user's: nothing is known of it, and nothing of its run is touched
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
    except BlockingIOError:
        return True
    except OSError:
        return False  # where there can be no locks nobody has one
    finally:
        os.close(descriptor)
    return False


def _key(name: str) -> int:
    """Four bytes for a name. Two of a site's runs with the same ones: once in four thousand million."""
    return int.from_bytes(sha256(name.encode()).digest()[:4], "big")


def _signed(key: int) -> int:
    return key - (1 << 32) if key >= 1 << 31 else key
