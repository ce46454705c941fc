"""A table is gone, though the database's version says that it is there: it is made anew, the rest stays."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from gateway.database import Database
from gateway.database.migrating import repair
from gateway.database.schema import HEAD

pytestmark = pytest.mark.unit

TABLES = (
    "agent_log",
    "calls",
    "calls_untold",
    "erasures",
    "events",
    "numbers",
    "ticket_attempts",
    "ticket_history",
    "tickets",
)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database("sqlite:///calls.db", tmp_path)
    made.prepare()
    changed(tmp_path, "INSERT INTO numbers VALUES ('13812345678', 1, 0, NULL, 1, 'note', NULL, NULL)")
    changed(
        tmp_path, "INSERT INTO erasures (at, by, why, what) VALUES ('2026-02-18 00:00:00.000000', 'a', 'b', '{}')"
    )
    return made


def changed(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "calls.db")) as connection, connection:
        connection.execute(statement)


def found(folder: Path) -> tuple[list[str], list[object]]:
    """The schema, and what is in the two tables that have rows."""
    with closing(sqlite3.connect(folder / "calls.db")) as connection:
        schema = [
            row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL ORDER BY 1")
        ]
        rows: list[object] = []
        for table in ("numbers", "erasures", "alembic_version"):
            rows += connection.execute(f"SELECT * FROM {table}")
        return schema, rows


def missed(database: Database, statement: str) -> OperationalError:
    with pytest.raises(OperationalError) as failed, database.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    return failed.value


@pytest.mark.parametrize("table", TABLES)
def test_a_table_that_is_gone_is_made_anew(
    database: Database, tmp_path: Path, table: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = found(tmp_path)[0]
    changed(tmp_path, f"DROP TABLE {table}")
    error = missed(database, f"SELECT * FROM {table}")
    with caplog.at_level(logging.INFO):
        assert database.heal(error)
    assert found(tmp_path)[0] == before
    (told,) = [record.message for record in caplog.records if record.levelno == logging.ERROR]
    assert told.endswith(f"lacked what its schema {HEAD} has; made anew, empty: {table}")
    assert not database.heal(error)  # nothing is missing now: who tries again waits


def test_a_column_that_is_gone_is_made_anew(database: Database, tmp_path: Path) -> None:
    changed(tmp_path, "ALTER TABLE tickets DROP COLUMN wrong")
    assert database.heal(missed(database, "UPDATE tickets SET wrong = 1"))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("SELECT wrong FROM tickets")


def test_all_migrations_can_be_run_again_and_leave_what_is_there(database: Database, tmp_path: Path) -> None:
    before = found(tmp_path)
    assert (1, "2026-02-18 00:00:00.000000", "a", "b", "{}", None) in before[1]  # an erasure that broke off
    assert not repair(database.engine, database.name)
    assert found(tmp_path) == before


def test_a_table_that_is_none_of_ours_is_not_looked_for(database: Database) -> None:
    assert not database.heal(missed(database, "SELECT * FROM another"))
