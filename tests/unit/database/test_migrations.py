"""The schema, version by version: what a gateway makes and takes over is what its code reads and writes."""

import logging
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from gateway.database import Database
from gateway.database.schema import HEAD, KNOWN, MIGRATIONS
from gateway.people.schema import PeopleBase
from gateway.privacy.schema import PrivacyBase
from gateway.records.schema import Base
from gateway.tickets.schema import TicketsBase
from tests.unit.records import previous

pytestmark = pytest.mark.unit

MODELS = [Base.metadata, TicketsBase.metadata, PeopleBase.metadata, PrivacyBase.metadata]
FOR_SPEED = "calls_figures"
"""An index of SQLite's alone, which no code names."""
URL = "sqlite:///calls.db"


def schema(file: Path) -> dict[str, object]:
    """What SQLite itself says of each table and index, whatever order the columns came in."""
    with closing(sqlite3.connect(file)) as connection:
        ours = f"name NOT LIKE '%alembic%' AND name != '{FOR_SPEED}'"
        names = connection.execute(f"SELECT type, name, sql FROM sqlite_master WHERE {ours}").fetchall()
        found: dict[str, object] = {}
        for kind, name, sql in names:
            if kind == "table":
                columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
                found[name] = (sorted(row[1:] for row in columns), "AUTOINCREMENT" in sql)
            else:
                found[name] = sql and " ".join(sql.split())
        return found


def by_models(file: Path) -> None:
    """A database as a gateway without migrations made it: the tables of its code, and no number."""
    engine = create_engine(f"sqlite:///{file}")
    for metadata in MODELS:
        metadata.create_all(engine)
    engine.dispose()


def prepared(folder: Path) -> Path:
    database = Database(URL, folder)
    database.prepare()
    database.close()
    return folder / "calls.db"


def order(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def differences(connection: Connection) -> list[object]:
    """Between the database and the code's tables."""
    context = MigrationContext.configure(connection, opts={"include_name": lambda name, *_: name != FOR_SPEED})
    return compare_metadata(context, MODELS)  # type: ignore[arg-type]  # it takes many as well


def number(file: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchall()


def test_a_new_database_is_what_the_code_reads_and_writes(tmp_path: Path) -> None:
    made = prepared(tmp_path)
    engine = create_engine(f"sqlite:///{made}")
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()
    by_models(tmp_path / "models.db")
    assert schema(made) == schema(tmp_path / "models.db")
    assert number(made) == [(HEAD,)]
    assert made.stat().st_mode & 0o777 == 0o600, "it holds whole numbers (WD-11)"


EARLIER = {
    "one of today without a number": [],
    "one before tickets and people": [f"DROP TABLE {name}" for name in (
        "ticket_attempts", "ticket_history", "tickets", "agent_log", "numbers"
    )],
    "one before call-backs were counted by an index": [
        "DROP INDEX ticket_attempts_to_one",
        "DROP INDEX ticket_attempts_to_all",
        "CREATE INDEX ticket_attempts_day ON ticket_attempts (telephone, at)",
    ],
    "one before figures and replay": [
        "DROP INDEX events_once",
        *(f"ALTER TABLE events DROP COLUMN {name}" for name in ("run", "seq")),
        *(f"ALTER TABLE calls DROP COLUMN {name}" for name in (
            "not_applicable", "attended_by", "waited", "talked", "heard", "kept", "broken"
        )),
    ],
    "one that was not finished": ["DROP TABLE events", "CREATE TABLE alembic_version (version_num VARCHAR(32))"],
}  # fmt: skip


@pytest.mark.parametrize("changes", EARLIER.values(), ids=EARLIER)
def test_a_database_of_an_earlier_version_becomes_the_same(changes: list[str], tmp_path: Path) -> None:
    by_models(tmp_path / "models.db")
    by_models(tmp_path / "calls.db")
    order(tmp_path / "calls.db", *changes)
    assert changes == [] or schema(tmp_path / "calls.db") != schema(tmp_path / "models.db")
    assert schema(prepared(tmp_path)) == schema(tmp_path / "models.db")
    assert number(tmp_path / "calls.db") == [(HEAD,)]


def test_the_first_version_of_all_becomes_the_same_and_keeps_its_calls(tmp_path: Path) -> None:
    previous.make(tmp_path / "var" / "calls.db")
    by_models(tmp_path / "models.db")
    assert schema(prepared(tmp_path / "var")) == schema(tmp_path / "models.db")
    with closing(sqlite3.connect(tmp_path / "var" / "calls.db")) as connection:
        assert connection.execute("SELECT call, rings, kind, broken FROM calls ORDER BY call").fetchall() == [
            ("old1", 2, None, None),
            ("old2", 2, None, None),
        ]
        assert connection.execute("SELECT number, run, seq FROM events").fetchall() == [
            (1, None, None),
            (2, None, None),
        ]


def test_one_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    by_models(tmp_path / "calls.db")
    # What is in the way of the last statement but some: facts that have one name.
    order(
        tmp_path / "calls.db",
        "DROP INDEX events_once",
        "ALTER TABLE calls DROP COLUMN message_at",
        *["INSERT INTO events (at, site, line, fact, data, run, seq) VALUES ('', '', '', '', '', 'r', 1)"] * 2,
    )
    before = schema(tmp_path / "calls.db")
    with pytest.raises(Exception, match="UNIQUE constraint failed"):
        prepared(tmp_path)
    assert schema(tmp_path / "calls.db") == before
    order(tmp_path / "calls.db", "DELETE FROM events")
    prepared(tmp_path)
    assert number(tmp_path / "calls.db") == [(HEAD,)]


def test_where_there_is_nothing_to_do_nobody_is_waited_for(tmp_path: Path) -> None:
    file = prepared(tmp_path)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        prepared(tmp_path)


def test_the_files_names_are_the_chain() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    chain = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert chain[::-1] == list(KNOWN)


def test_the_log_has_one_line_and_the_output_none(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    handlers, level = list(logging.root.handlers), logging.root.level
    prepared(tmp_path)
    prepared(tmp_path)
    assert caplog.messages == [
        f"database: {tmp_path / 'calls.db'} has the schema {HEAD} now; before: none with a number"
    ]
    assert (logging.root.handlers, logging.root.level) == (handlers, level)
    assert capsys.readouterr() == ("", "")


STARTS_TOGETHER = """
import sys
from pathlib import Path
from gateway.database import Database
database = Database("sqlite:///calls.db", Path(sys.argv[1]))
print(end=".", flush=True)
sys.stdin.read(1)
database.prepare()
database.close()
"""
AGAIN = STARTS_TOGETHER + 'print("alembic" in sys.modules)'


def test_gateways_that_start_together_and_one_that_comes_later(tmp_path: Path) -> None:
    previous.make(tmp_path / "var" / "calls.db")
    file = tmp_path / "var" / "calls.db"
    together = [started(STARTS_TOGETHER, file.parent) for _ in range(3)]
    for gateway in together:
        assert gateway.stdout is not None
        gateway.stdout.read(1)
    for gateway in together:
        gateway.communicate("\n", timeout=60)
    assert [gateway.returncode for gateway in together] == [0, 0, 0]
    assert number(file) == [(HEAD,)]
    output, _ = started(AGAIN, file.parent).communicate("\n", timeout=60)
    assert output == ".False\n", "where there is nothing to do, Alembic is not even loaded"


def started(program: str, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
