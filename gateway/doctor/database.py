"""The call records' database: reached, sound, of a version this gateway knows, writable. Nothing is made in it."""

import shlex
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, create_engine, inspect, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from gateway.database import DatabaseNewer, connect, lacking, name_of, resolve, said, sqlite_file, version_of
from gateway.database.corrupt import set_aside_before
from gateway.database.schema import HEAD
from gateway.database.sqlite import LENIENT, corruption
from gateway.doctor.finding import Finding, fault, ok, warning
from gateway.doctor.scene import Scene
from gateway.records import RecordsError
from gateway.records.configured import records_config
from gateway.records.record import CallRecord
from gateway.records.schema import CALLS
from gateway.records.store import sound_record
from gateway.records.unreadable import Unreadable, each_read

CHECK = "call records"
TIMEOUT = 5
"""Seconds for a server to answer, or for a file to be looked through."""
LAST = 1000
"""Calls that are read: some days of a busy hotline, in less than a second."""
STEPS = 100_000
"""Steps of SQLite's machine between two looks at the clock: some milliseconds."""


def check_database(scene: Scene) -> list[Finding]:
    """Blocks, at most some TIMEOUT seconds."""
    if scene.config is None:
        return []
    config = records_config(scene.config)
    try:
        url = resolve(config.url, config.data_dir)
        file = sqlite_file(url)
        if file is not None:
            return [_sqlite(file), *_set_aside(file)]
        engine = connect(url.update_query_dict({"connect_timeout": str(TIMEOUT)}))
    except RecordsError as error:
        message = str(error)
        return [fault(CHECK, scene.config.records.url, message, message.rpartition(": ")[2])]
    return [_look(name_of(url), engine, _on_server)]


def _sqlite(file: Path) -> Finding:
    name = str(file)
    if file.is_symlink() and not file.exists():
        return fault(CHECK, name, "is a link to what is not there", "mend the link, or correct [records] url")
    if not file.exists():
        return ok(CHECK, name, "not there yet; the gateway makes it")
    if not file.is_file():
        found = "is a folder" if file.is_dir() else "is no file"
        return fault(CHECK, name, found, "correct [records] url")
    # Opened so, SQLite makes no file beside it; a gateway's own that are there already must be used.
    beside = all(file.with_name(file.name + end).exists() for end in ("-wal", "-shm"))
    mode = "mode=ro" if beside else "mode=ro&immutable=1"
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True)
    )
    return _look(name, engine, _in_file)


def _set_aside(file: Path) -> list[Finding]:
    """What was corrupt earlier."""
    look = "look at the disk (dmesg, smartctl -a), then move the file elsewhere"
    return [
        warning(CHECK, str(kept), "was corrupt and set aside", _recovered(kept), look)
        for kept in set_aside_before(file)
    ]


def _recovered(file: Path) -> str:
    """What can still be read, in a file of its own. Not by `.recover`, which not every sqlite3 has."""
    return f"sqlite3 {shlex.quote(str(file))} .dump | sed 's/^ROLLBACK;.*/COMMIT;/' | sqlite3 recovered.db"


def _look(name: str, engine: Engine, look: Callable[[str, Connection], Finding]) -> Finding:
    """What is found in an engine's database."""
    try:
        with engine.connect() as connection:
            return look(name, connection)
    except DatabaseNewer as error:
        found, _, cure = str(error).removeprefix(name).strip().partition("; ")
        return fault(CHECK, name, found, cure)
    except DBAPIError as error:
        if corruption(error) is not None:
            return _corrupt(name, said(error))
        if isinstance(error, OperationalError):
            return fault(CHECK, name, f"cannot be reached: {said(error)}", *_reach(engine))
        return fault(CHECK, name, f"holds no call records: {said(error)}", "correct [records] url")
    except SQLAlchemyError as error:
        return fault(CHECK, name, f"cannot be read: {error}", "correct [records] url")
    finally:
        engine.dispose()


def _in_file(name: str, connection: Connection) -> Finding:
    version = version_of(connection, name)
    end = time.monotonic() + TIMEOUT
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.text_factory = LENIENT
    driver.set_progress_handler(lambda: time.monotonic() > end, STEPS)
    try:
        damage = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    except OperationalError:
        damage = "ok"  # too large to be looked through in the time; what has been seen is sound
    if damage != "ok":
        return _corrupt(name, str(damage).partition("\n")[0].strip("* "))
    return _reached(name, connection, version)


def _on_server(name: str, connection: Connection) -> Finding:
    statement = _not_granted(connection)
    if statement is not None:
        cure = f'sudo -u postgres psql -c "{statement}" DATABASE'
        return fault(CHECK, name, "its user may not write the call records", cure)
    return _reached(name, connection, version_of(connection, name))


def _reached(name: str, connection: Connection, version: str | None) -> Finding:
    spoiled = _spoiled(connection) if version is not None or _there(connection) else None
    if spoiled is not None:
        look = "keep a copy of the database, and look at its disk (dmesg, smartctl -a)"
        return fault(CHECK, name, spoiled, look, "what is spoiled is left out of lists and reports")
    if version == HEAD or (version is None and not _there(connection)):
        return ok(CHECK, name, "reached")
    return ok(
        CHECK, name, f"of an earlier version ({version or 'without a number'}); the gateway brings it to {HEAD}"
    )


def _spoiled(connection: Connection) -> str | None:
    """What cannot be read among the last calls: SQLite has no checksums, and calls a file sound whose rows hold
    anything."""
    if not _there(connection):
        return f"has no table {CALLS.name}; the gateway makes it anew when it writes"
    absent = lacking(connection, CALLS)  # in a database of an earlier version
    if CALLS.c.call.name in absent:
        return f"has a table {CALLS.name} that is none of ours; correct [records] url"
    unreadable = Unreadable()
    last = (
        select(*(column for column in CALLS.c if column.name not in absent))
        .order_by(CALLS.c.offered_at.desc())
        .limit(LAST)
    )
    list(each_read(connection, last, CALLS.c.call, _record, lambda call: unreadable.add(f"call {call}")))
    return unreadable.told() if unreadable else None


def _record(row: Row[Any]) -> CallRecord:
    return sound_record(row, UTC)


def _corrupt(name: str, why: str) -> Finding:
    found = f"is corrupt: {why}; a gateway that comes upon it sets it aside and begins a new one"
    return fault(CHECK, name, found, f"stop the gateway; {_recovered(Path(name))}", "or correct [records] url")


def _there(connection: Connection) -> bool:
    return inspect(connection).has_table(CALLS.name)


def _not_granted(connection: Connection) -> str | None:
    """PostgreSQL's missing permission, as the statement that gives it."""
    user = str(connection.scalar(text("SELECT current_user")))
    if not _there(connection):
        granted = connection.scalar(text("SELECT has_schema_privilege(current_schema(), 'CREATE')"))
        return None if granted else f"GRANT CREATE ON SCHEMA public TO {_quoted(user)}"
    # Who brings the tables to a new version must be their owner, or one of his.
    asked = "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'calls'::regclass"
    owner = str(connection.scalar(text(asked)))
    granted = connection.scalar(text("SELECT pg_has_role(:owner, 'USAGE')"), {"owner": owner})
    return None if granted else f"GRANT {_quoted(owner)} TO {_quoted(user)}"


def _quoted(role: str) -> str:
    """As it stands in a statement within double quotes of a shell."""
    return f'\\"{role}\\"'


def _reach(engine: Engine) -> tuple[str, ...]:
    url = engine.url
    if url.get_backend_name() == "sqlite":
        return ("look at the file's permissions, and whether it is a database: file PATH",)
    where = f"-h {shlex.quote(url.host or '')} -p {url.port or 5432} -U {shlex.quote(url.username or '')}"
    return (f"psql {where} {shlex.quote(url.database or '')}", "then correct [records] url and password_file")
