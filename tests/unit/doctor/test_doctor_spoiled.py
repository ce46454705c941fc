"""The doctor and a SQLite file that is sound for SQLite, and yet not as a gateway wrote it."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from gateway.cli.calls import list_calls
from gateway.doctor.database import check_database
from gateway.doctor.finding import Finding, Status
from gateway.records import Records, RecordsConfig
from tests.service.told import given_up, talker
from tests.unit.doctor.tree import Tree, config_of, sip

pytestmark = pytest.mark.unit


@pytest.fixture
def looked(tree: Tree, tmp_path: Path) -> Callable[[], Finding]:
    return lambda: check_database(tree.scene(config_of(tmp_path, sip("127.0.0.1:5062"))))[0]


@pytest.fixture
def config(tmp_path: Path) -> RecordsConfig:
    return RecordsConfig(site="jinan", data_dir=tmp_path / "var")


@pytest.mark.parametrize(
    "spoiled", ["offered_at = 'q'", "line = CAST(x'ff' AS BLOB)", "prompts = '[{'", "outcome = 'q'", "rings = 'q'"]
)
def test_a_spoiled_row_is_a_fault(looked: Callable[[], Finding], config: RecordsConfig, spoiled: str) -> None:
    records = Records(config)
    records.start()
    for told in (talker(call="aa01"), given_up(call="bb01")):
        for notice in told.notices:
            records.receive(notice)
    records.stop()
    assert looked().finding == "reached"
    with closing(sqlite3.connect(config.data_dir / "calls.db")) as connection, connection:
        connection.execute(f"UPDATE calls SET {spoiled} WHERE call = 'aa01'")
    found = looked()
    assert found.status is Status.FAULT
    assert found.finding.startswith("a row is spoiled and left out: call aa01")


def test_a_table_that_is_gone_is_a_fault(looked: Callable[[], Finding], config: RecordsConfig) -> None:
    records = Records(config)
    records.start()
    records.stop()
    with closing(sqlite3.connect(config.data_dir / "calls.db")) as connection, connection:
        connection.execute("DROP TABLE calls")
    assert looked().finding.startswith("has no table calls")


def test_another_programs_table_is_a_fault(looked: Callable[[], Finding], config: RecordsConfig) -> None:
    config.data_dir.mkdir()
    with closing(sqlite3.connect(config.data_dir / "calls.db")) as connection, connection:
        connection.execute("CREATE TABLE calls (a, b)")
    assert "none of ours" in looked().finding


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (Path.mkdir, "is a folder"),
        (os.mkfifo, "is no file"),
        (lambda path: path.symlink_to("nowhere"), "is a link to what is not there"),
    ],
)
def test_what_is_no_file_is_not_called_one_that_is_still_to_be_made(
    looked: Callable[[], Finding],
    config: RecordsConfig,
    make: Callable[[Path], None],
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config.data_dir.mkdir()
    make(config.data_dir / "calls.db")
    assert (looked().status, looked().finding) == (Status.FAULT, told)
    assert list_calls(config) == 1
    err = capsys.readouterr().err
    assert told in err
    assert "makes it" not in err
