"""The database in PostgreSQL: its schema, gateways that start together, records that come from SQLite."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from gateway.database import Database, DatabaseNewer
from gateway.database.move import main
from gateway.database.schema import HEAD
from gateway.desk.presence import Presence
from gateway.people import AgentLog, AgentsOnRecord, NumbersBook
from gateway.records import Records, RecordsConfig, Store
from tests.postgres import PostgreSQL
from tests.service.told import MORNING, given_up, talker
from tests.unit.database.test_migrations import MODELS, STARTS_TOGETHER

pytestmark = pytest.mark.service


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    yield server
    server.stop()


@pytest.fixture
def url(server: PostgreSQL) -> str:
    """An empty database, by the address that a site writes."""
    engine = create_engine(server.url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return f"postgresql://gateway@127.0.0.1:{server.port}/postgres"


@pytest.fixture
def database(url: str, tmp_path: Path) -> Iterator[Database]:
    database = Database(url, tmp_path)
    yield database
    database.close()


def order(database: Database, *statements: str) -> None:
    with database.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def check(database: Database) -> None:
    """It is what the code reads and writes."""
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), MODELS) == []  # type: ignore[arg-type]  # many
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").all() == [(HEAD,)]


def test_a_new_database_and_one_that_kept_no_number(database: Database) -> None:
    database.prepare()
    check(database)
    order(
        database,
        "DROP TABLE alembic_version, ticket_history, ticket_attempts, tickets, numbers",
        "DROP INDEX events_once",
        "ALTER TABLE events DROP COLUMN run, DROP COLUMN seq",
        "ALTER TABLE calls DROP COLUMN kind, DROP COLUMN broken, DROP COLUMN waited",
    )
    database.prepare()
    check(database)


def test_postgres_is_another_word_for_it(database: Database, url: str, tmp_path: Path) -> None:
    assert Database(url.replace("postgresql:", "postgres:"), tmp_path).name == database.name == url


def test_gateways_that_start_together(database: Database, url: str) -> None:
    program = STARTS_TOGETHER.replace('"sqlite:///calls.db"', repr(url))
    command = [sys.executable, "-c", program, "."]
    together = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for gateway in together:
        assert gateway.stdout is not None
        gateway.stdout.read(1)
    for gateway in together:
        gateway.communicate("\n", timeout=60)
    assert [gateway.returncode for gateway in together] == [0, 0, 0]
    check(database)


def test_a_newer_version_is_refused_and_nothing_healed(database: Database) -> None:
    database.prepare()
    order(database, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseNewer, match="9999"):
        database.prepare()
    assert not database.heal(OSError())


def test_records_move_from_sqlite(
    database: Database, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = RecordsConfig(site="jinan", data_dir=tmp_path)
    new = RecordsConfig(site="jinan", url=url, data_dir=tmp_path)
    lived(old, "a")
    assert main([str(tmp_path / "calls.db"), url]) == 0
    assert {"calls: 1", "numbers: 1", "tickets: 0", "agent_log: 2"} <= set(capsys.readouterr().out.splitlines())
    check(database)
    with Store(old) as here, Store(new) as there:
        assert there.calls() == here.calls()
        assert there.timeline("a") == here.timeline("a") != []
    with AgentsOnRecord(old) as here_too, AgentsOnRecord(new) as there_too:
        assert there_too.changes() == here_too.changes() != {}
    lived(new, "b")
    with Store(new) as there:
        assert [call.call for call in there.calls()] == ["a", "b"], "numbers of rows go on where they were"
    assert main([str(tmp_path / "calls.db"), url]) == 1
    assert "holds agent_log already; name an empty database" in capsys.readouterr().err


def lived(config: RecordsConfig, call: str) -> None:
    """A day of a gateway, with a call."""
    records, log = Records(config), AgentLog(config, lambda: MORNING)
    records.start()
    log.start()
    for notice in (talker if call == "a" else given_up)(call=call).notices:
        records.receive(notice)
    log.changed("801", Presence.FREE, "log in", MORNING)
    log.stop()
    records.stop()
    with NumbersBook(config) as book:
        book.warn("13812345678", note="每天", by="lin", at=MORNING)


@pytest.mark.parametrize(
    "arguments", [["nowhere.db", "postgresql://gateway@127.0.0.1:1/calls"], ["FILE", "sqlite:///b.db"]]
)
def test_what_cannot_be_moved(arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "calls.db").touch()
    assert main([argument.replace("FILE", str(tmp_path / "calls.db")) for argument in arguments]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_what_is_to_be_moved_where_must_be_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calls.db"]) == 2
    assert "usage: " in capsys.readouterr().err
