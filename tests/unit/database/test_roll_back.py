"""The way back to an earlier version: it opens the database, and no record and no column is lost."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app
from gateway.database import Database
from gateway.database.schema import HEAD, KNOWN
from gateway.starting import lock

pytestmark = pytest.mark.unit

CONFIG = """
site = "jinan"
data_dir = "var"
dialplan = "jihua-gas"

[[agents]]
number = "801"

[[lines]]
id = "sip1"
driver = "sip"
listen = "127.0.0.1:5062"
aor = "sip:8801@127.0.0.1"
"""
EARLIER = KNOWN[-2]
ERASURE = (
    "INSERT INTO erasures (at, by, why, what, finished_at) "
    "VALUES ('2026-11-01 09:30:00', 'x', 'y', '{}', '2026-11-01 09:31:00')"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of a gateway that has a record in a column of the newest schema."""
    (tmp_path / "gateway.toml").write_text(CONFIG)
    prepare(tmp_path / "var")
    ask(tmp_path / "var", ERASURE)
    return tmp_path / "var"


def prepare(data: Path) -> None:
    database = Database("sqlite:///calls.db", data)
    database.prepare()
    database.close()


def ask(data: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / "calls.db")) as connection, connection:
        return connection.execute(statement).fetchall()


def sansheng(data: Path, *arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["database", *arguments, "-c", str(data.parent / "gateway.toml")])
    return done.exit_code, done.stdout, done.stderr


def version(data: Path) -> object:
    return ask(data, "SELECT version_num FROM alembic_version")[0][0]


def test_there_and_back_nothing_is_lost(data: Path) -> None:
    records = ask(data, "SELECT * FROM erasures")
    code, out, _ = sansheng(data, "roll-back", EARLIER)
    told = f"{data / 'calls.db'}: schema {EARLIER} now; before: {HEAD}; no record was changed\n"
    assert (code, out, version(data)) == (0, told, EARLIER)
    ask(data, "INSERT INTO erasures (at, by, why, what) VALUES ('2026-11-02 09:30:00', 'earlier', 'y', '{}')")
    prepare(data)
    assert version(data) == HEAD
    assert ask(data, "SELECT * FROM erasures")[:1] == records
    assert len(ask(data, "SELECT * FROM erasures")) == 2


def test_a_second_time_does_nothing(data: Path) -> None:
    for told in ("no record was changed", "nothing to do"):
        code, out, _ = sansheng(data, "roll-back", EARLIER)
        assert (code, version(data)) == (0, EARLIER)
        assert told in out
    assert sansheng(data, "roll-back", HEAD)[0] == 0
    assert version(data) == EARLIER  # the gateway alone migrates


def test_no_database_yet_is_no_fault(data: Path) -> None:
    (data / "calls.db").unlink()
    for arguments in (("roll-back", EARLIER), ("schema",)):
        code, out, _ = sansheng(data, *arguments)
        assert code == 0
        assert "none yet" in out
    assert not (data / "calls.db").exists()


def test_both_schemas_are_shown(data: Path) -> None:
    sansheng(data, "roll-back", EARLIER)
    assert sansheng(data, "schema") == (0, f"{data / 'calls.db'}: {EARLIER}; this version's: {HEAD}\n", "")


def test_a_gateway_that_runs_forbids_it(data: Path) -> None:
    with lock(data):
        refused(data, "another gateway uses data_dir", EARLIER)


def test_facts_that_an_earlier_version_may_not_read_forbid_it(data: Path) -> None:
    (data / "spool").mkdir(exist_ok=True)
    (data / "spool" / "1-a.spool").write_bytes(b"{}\n{}\n")
    refused(data, "2 facts of calls are not in the database yet", EARLIER)


def test_a_schema_that_is_none_is_refused(data: Path) -> None:
    refused(data, f"there is no schema '7'; known here are {KNOWN[0]} to {HEAD}", "7")
    ask(data, "UPDATE alembic_version SET version_num = '9999'")
    code, out, err = sansheng(data, "roll-back", EARLIER)
    assert (code, out, version(data)) == (1, "", "9999")
    assert f"`sansheng database roll-back {HEAD}`" in err


def test_a_database_that_had_no_numbers_is_left_alone(data: Path) -> None:
    ask(data, "DROP TABLE alembic_version")
    code, _, err = sansheng(data, "roll-back", EARLIER)
    assert code == 1
    assert "any version of sansheng opens it as it is" in err


def test_a_file_that_is_none_is_told_in_one_line(data: Path) -> None:
    (data / "calls.db").write_bytes(b"no database at all " * 100)
    for arguments in (("roll-back", EARLIER), ("schema",)):
        code, out, err = sansheng(data, *arguments)
        assert (code, out) == (1, "")
        told = f"the records' database {data}/calls.db cannot be used: file is not a database"
        assert err == f"sansheng: {told}; for the cure: sansheng doctor\n"


def refused(data: Path, why: str, schema: str) -> None:
    before = version(data)
    code, out, err = sansheng(data, "roll-back", schema)
    assert (code, out, version(data)) == (1, "", before)
    (line,) = err.splitlines()
    assert why in line
