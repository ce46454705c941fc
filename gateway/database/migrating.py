"""Brings a database to the newest schema: one gateway at a time, all of it or nothing."""

import logging
import threading

from sqlalchemy import Connection, Engine, inspect, text

from gateway.database import sqlite
from gateway.database.schema import HEAD, MIGRATIONS, version_of

log = logging.getLogger(__name__)

ONE_AT_A_TIME = 0x73616E7368656E67
"""The advisory lock of ours in PostgreSQL: the letters "sansheng"."""
WAIT = 30
"""Seconds to wait in PostgreSQL for a lock that others hold: while we wait for the calls' table, everybody waits
behind us. Then it is tried anew later."""

UNDEFINED = ("42P01", "42703")
"""PostgreSQL's codes of a table and of a column that is not there (its manual, "Error Codes")."""

_alembic = threading.Lock()
"""Alembic keeps what it works at in its modules: two databases of one process go one after the other."""


def migrate(engine: Engine, name: str) -> None:
    """Bring the database to the newest schema, making what is not there. Nothing where another has just done so.

    Raises DatabaseNewer, and SQLAlchemyError where the database does not let it; it is then as it was.
    """
    with engine.connect() as connection, connection.begin():
        alone(connection)
        before = version_of(connection, name)
        if before == HEAD:
            return
        _run(connection)
    log.info("database: %s has the schema %s now; before: %s", name, HEAD, before or "none with a number")


def lacks_something(error: BaseException) -> bool:
    """Whether a statement failed with `error` because a table or a column is not there."""
    return sqlite.lacking(error) or getattr(getattr(error, "orig", None), "sqlstate", None) in UNDEFINED


def repair(engine: Engine, name: str) -> bool:
    """Make the tables and columns that are not there, though the database's version says they are: every migration
    is run again, and each leaves alone what it finds. True where something was made.

    Raises as `migrate` does.
    """
    with engine.connect() as connection, connection.begin():
        alone(connection)
        before = _there(connection)
        if version_of(connection, name) is not None:
            connection.execute(text("DELETE FROM alembic_version"))
        _run(connection)
        made = sorted(one for one in _there(connection) - before if one.partition(".")[0] in {one, *before})
        if not made:
            return False  # what is missing is none of ours
    log.error("database: %s lacked what its schema %s has; made anew, empty: %s", name, HEAD, ", ".join(made))
    return True


def _there(connection: Connection) -> set[str]:
    """The tables, and their columns."""
    found = inspect(connection)
    tables = found.get_table_names()
    return {*tables, *(f"{table}.{one['name']}" for table in tables for one in found.get_columns(table))}


def alone(connection: Connection) -> None:
    """Until the transaction ends nobody else migrates."""
    if connection.dialect.name == "sqlite":
        # The driver itself begins none before statements that define tables.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT}s'"))
    # An index over years of facts takes its time; a server that is gone is noticed all the same (engine.SILENCE).
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})


def _run(connection: Connection) -> None:
    # It tells each step as INFO, its import already; ours is one line.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Only here: it takes a fifth of a second to import, and mostly there is nothing to migrate.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _alembic:
        command.upgrade(config, "head")
