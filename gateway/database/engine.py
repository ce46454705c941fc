"""Opens the database. The one place that knows that SQLite is not PostgreSQL."""

from typing import Any

from sqlalchemy import URL, Engine, create_engine, event

from gateway.database.address import sqlite_file
from gateway.database.errors import RecordsError
from gateway.database.sqlite import open_file

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


def connect(url: URL, *, writing: bool = False) -> Engine:
    """An engine for a resolved address; nothing is opened yet, and a SQLite file that is not there is not made.
    Those who write are those who keep a SQLite file in its place meanwhile. RecordsError where its driver is
    missing."""
    path = sqlite_file(url)
    if path is not None:
        return open_file(url, path, kept_in_place=writing)
    try:
        return _server(url)
    except ModuleNotFoundError as error:
        raise RecordsError(
            f"[records] url needs the Python package {error.name}: pip install {error.name}"
        ) from None


def _server(url: URL) -> Engine:
    """An engine that waits for no server for ever; what the address itself says of that goes first."""
    ours = {key: value for key, value in KEPT_ALIVE.items() if key not in url.query}
    kept = ours if url.get_driver_name() in BY_LIBPQ else {}
    engine = create_engine(url, connect_args=kept, pool_pre_ping=True, hide_parameters=True)
    if "statement_timeout" not in str(url.query.get("options", "")):
        event.listen(engine, "connect", _limit_statements)
    return engine


def _limit_statements(connection: Any, _: Any) -> None:
    # Not by the parameter `options`: a PgBouncer between refuses connections that bring it.
    cursor = connection.cursor()
    cursor.execute(f"SET statement_timeout = '{STATEMENT}s'")
    cursor.close()
    connection.commit()  # or the first rollback would take it back
