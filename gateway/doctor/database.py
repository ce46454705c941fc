"""The call records' database: reached, of a version this gateway knows, writable. Nothing is made in it."""

import shlex
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from gateway.database import connect, lacking, resolve, sqlite_file
from gateway.doctor.finding import Finding, fault, ok, warning
from gateway.doctor.scene import Scene
from gateway.records import RecordsError
from gateway.records.configured import records_config
from gateway.records.schema import CALLS

CHECK = "call records"
TIMEOUT = 5
"""Seconds for a server to answer."""


def check_database(scene: Scene) -> list[Finding]:
    """Blocks, at most some TIMEOUT seconds."""
    if scene.config is None:
        return []
    config = records_config(scene.config)
    try:
        url = resolve(config.url, config.data_dir)
        file = sqlite_file(url)
        name = str(file or url.render_as_string(hide_password=True))
        if file is not None:
            return [_sqlite(name, file)]
        engine = connect(url.update_query_dict({"connect_timeout": str(TIMEOUT)}))
    except RecordsError as error:
        message = str(error)
        return [fault(CHECK, scene.config.records.url, message, message.rpartition(": ")[2])]
    return [_look(name, engine, _may_write)]


def _sqlite(name: str, file: Path) -> Finding:
    if not file.exists():
        return ok(CHECK, name, "not there yet; the gateway makes it")
    if file.is_dir():
        return fault(CHECK, name, "is a folder", "correct [records] url")
    # Opened so, SQLite makes no file beside it; a gateway's own that are there already must be used.
    beside = all(file.with_name(file.name + end).exists() for end in ("-wal", "-shm"))
    mode = "mode=ro" if beside else "mode=ro&immutable=1"
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True)
    )
    return _look(name, engine, lambda _: None)


def _look(name: str, engine: Engine, refused: Callable[[Connection], str | None]) -> Finding:
    """Judge an engine's database; `refused` gives what its user may not do there, if anything."""
    try:
        with engine.connect() as connection:
            return _version(name, connection) or _permission(name, refused(connection))
    except OperationalError as error:
        return fault(CHECK, name, f"cannot be reached: {_first_line(error)}", *_reach(engine))
    except DBAPIError as error:
        return fault(CHECK, name, f"holds no call records: {_first_line(error)}", "correct [records] url")
    except SQLAlchemyError as error:
        return fault(CHECK, name, f"cannot be read: {error}", "correct [records] url")
    finally:
        engine.dispose()


def _version(name: str, connection: Connection) -> Finding | None:
    """What is to be told of the tables; None: nothing."""
    if CALLS.name not in inspect(connection).get_table_names():
        return None
    unknown = [
        column["name"] for column in inspect(connection).get_columns(CALLS.name) if column["name"] not in CALLS.c
    ]
    if unknown:
        found = f"was written by a newer version: it has {', '.join(unknown)}"
        return warning(CHECK, name, found, "update this gateway as well: pip install --upgrade sansheng")
    missing = lacking(connection, CALLS)
    if missing:
        return ok(CHECK, name, f"of an earlier version; the gateway adds {', '.join(sorted(missing))}")
    return None


def _permission(name: str, refused: str | None) -> Finding:
    return ok(CHECK, name, "reached") if refused is None else fault(CHECK, name, *_refusal(refused))


def _refusal(sql: str) -> tuple[str, str]:
    return "its user may not write the call records", f'sudo -u postgres psql -c "{sql}" DATABASE'


def _may_write(connection: Connection) -> str | None:
    """PostgreSQL's missing permission, as the statement that gives it."""
    user = connection.scalar(text("SELECT current_user"))
    if CALLS.name in inspect(connection).get_table_names():
        asked = "SELECT has_table_privilege('calls', 'INSERT') AND has_table_privilege('calls', 'UPDATE')"
        granted, cure = connection.scalar(text(asked)), f'GRANT ALL ON calls, events TO \\"{user}\\"'
    else:
        granted = connection.scalar(text("SELECT has_schema_privilege(current_schema(), 'CREATE')"))
        cure = f'GRANT CREATE ON SCHEMA public TO \\"{user}\\"'
    return None if granted else cure


def _reach(engine: Engine) -> tuple[str, ...]:
    url = engine.url
    if url.get_backend_name() == "sqlite":
        return ("look at the file's permissions, and whether it is a database: file PATH",)
    where = f"-h {shlex.quote(url.host or '')} -p {url.port or 5432} -U {shlex.quote(url.username or '')}"
    return (f"psql {where} {shlex.quote(url.database or '')}", "then correct [records] url and password_file")


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().partition("\n")[0]
