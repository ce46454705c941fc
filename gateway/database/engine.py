"""Opens the database. The one place that knows that SQLite is not PostgreSQL."""

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, MetaData, Table, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from gateway.database.errors import RecordsError

BUSY = 5.0
"""Seconds SQLite waits for another process's lock before it says "locked"."""
CONNECT = 5
"""Seconds a PostgreSQL server has to take a connection; whole ones, 2 at least (libpq's connect_timeout)."""
STATEMENT = 30
"""Seconds a PostgreSQL server may work at one statement (its statement_timeout), locks that it waits for included:
for one that has stalled. Ours take milliseconds each, but for reports over many months."""
SILENCE = 30
"""Seconds after which a server that acknowledges nothing is taken for gone. Linux itself would send its query anew
for 15 minutes, and first ask an idle connection after 2 hours (tcp(7): tcp_retries2, tcp_keepalive_time)."""
KEPT_ALIVE = {
    "connect_timeout": CONNECT,
    "keepalives_idle": SILENCE // 3,
    "keepalives_interval": SILENCE // 3,
    "keepalives_count": 2,
    "tcp_user_timeout": SILENCE * 1000,
}
"""Parameters of a connection, for those who speak to the server by libpq (its manual, "Parameter Key Words")."""
BY_LIBPQ = ("psycopg", "psycopg2")
MEMORY = (None, "", ":memory:")


def resolve(url: str, data_dir: Path) -> URL:
    """The database's address with a relative SQLite file put into `data_dir`. RecordsError where it is none."""
    try:
        resolved = make_url(url)
    except ArgumentError:
        raise RecordsError('[records] url is not a database; write "sqlite:///calls.db"') from None
    backend = resolved.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise RecordsError(f"[records] url: {backend} is not supported; allowed: sqlite:///…, postgresql://…")
    if backend == "sqlite" and resolved.database in MEMORY:
        raise RecordsError('[records] url names no file; write "sqlite:///calls.db"')
    if backend == "sqlite":
        return resolved.set(database=str(data_dir / str(resolved.database)))
    return resolved


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite database; None for a server."""
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def connect(url: URL) -> Engine:
    """An engine for a resolved address; nothing is opened yet. RecordsError where its driver is missing."""
    try:
        if sqlite_file(url) is None:
            return _server(url)
        # What is written are whole numbers: no error may carry them into a log (WD-11).
        engine = create_engine(url, connect_args={"timeout": BUSY}, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise RecordsError(
            f"[records] url needs the Python package {error.name}: pip install {error.name}"
        ) from None
    event.listen(engine, "connect", _tune_sqlite)
    return engine


def _server(url: URL) -> Engine:
    """An engine that waits for no server for ever; what the address itself says of that goes first."""
    ours = {key: value for key, value in KEPT_ALIVE.items() if key not in url.query}
    kept = ours if url.get_driver_name() in BY_LIBPQ else {}
    engine = create_engine(url, connect_args=kept, pool_pre_ping=True, hide_parameters=True)
    if "statement_timeout" not in str(url.query.get("options", "")):
        event.listen(engine, "connect", _limit_statements)
    return engine


def prepare_file(url: URL) -> None:
    """Make a SQLite database's folder and file, for its owner's eyes alone: it holds whole numbers (WD-11)."""
    path = sqlite_file(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)


def make_tables(engine: Engine, metadata: MetaData) -> None:
    """Make the tables that are not there yet. Raises DBAPIError."""
    for table in metadata.sorted_tables:
        try:
            _make(engine, table)
        except DBAPIError:
            # Another gateway made it at the same moment, and it is there; or this tells what is wrong.
            _make(engine, table)


def _make(engine: Engine, table: Table) -> None:
    with engine.begin() as connection:
        table.create(connection, checkfirst=True)


def _tune_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    # WAL: those who read the records never hold up the one who writes them.
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL: a call is on the disk itself when its first ring is committed, not in a cache a power cut empties.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _limit_statements(connection: Any, _: Any) -> None:
    # Not by the parameter `options`: a PgBouncer between refuses connections that bring it.
    cursor = connection.cursor()
    cursor.execute(f"SET statement_timeout = '{STATEMENT}s'")
    cursor.close()
    connection.commit()  # or the first rollback would take it back
