"""A database of a newer version: nobody touches it, everybody says so in one line, with the cure."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app
from gateway.database import Database, DatabaseNewer
from gateway.records import RecordsConfig, Store

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
CURE = "install that version or a newer one, or name another database in [records] url"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """As a newer version leaves it, which has renamed what this one reads."""
    database = Database("sqlite:///calls.db", tmp_path / "var")
    database.prepare()
    database.close()
    file = tmp_path / "var" / "calls.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("ALTER TABLE calls RENAME TO conversations")
    return file


def contents(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        return hashlib.sha256("".join(connection.iterdump()).encode()).hexdigest()


def test_who_writes_refuses_it(file: Path) -> None:
    before = contents(file)
    database = Database("sqlite:///calls.db", file.parent)
    for refuses in (database.prepare, database.refuse_newer):
        with pytest.raises(DatabaseNewer) as raised:
            refuses()
        assert str(raised.value).startswith(f"{file} was made by a newer version of sansheng: its schema is 9999")
        assert CURE in str(raised.value)
    assert not database.heal(OSError("disk full"))
    database.close()
    assert contents(file) == before


def test_who_reads_says_so(file: Path) -> None:
    with (
        Store(RecordsConfig(site="jinan", data_dir=file.parent)) as store,
        pytest.raises(DatabaseNewer, match="9999"),
    ):
        store.calls()


COMMANDS = {
    "calls": ["calls"],
    "call": ["calls", "show", "a"],
    "tickets": ["tickets"],
    "ticket": ["tickets", "show", "1"],
    "agents": ["agents"],
    "numbers": ["numbers"],
    "warn": ["numbers", "warn", "13812345678"],
    "report": ["report", "--since", "2026-11-01"],
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_commands_end_with_one_line(command: list[str], file: Path, tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(CONFIG)
    before = contents(file)
    done = CliRunner().invoke(app, [*command, "--config", str(tmp_path / "gateway.toml")])
    assert (done.exit_code, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert f"{file} was made by a newer version" in line
    assert CURE in line
    assert contents(file) == before


def test_no_database_is_none_of_a_newer_version(tmp_path: Path) -> None:
    Database("sqlite:///calls.db", tmp_path / "var").refuse_newer()
    assert not (tmp_path / "var").exists()
