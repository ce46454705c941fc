"""Corrupt, replaced and deleted SQLite files: calls go on being written, nothing of the old file is deleted."""

import logging
import os
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError

from gateway.database import Database, RecordsError, corrupt, gate
from gateway.database.sqlite import corrupt_file, corruption
from gateway.desk.presence import Presence
from gateway.people import AgentLog, AgentsOnRecord
from gateway.people.schema import AgentLogRow
from gateway.records import RecordsConfig, Store

pytestmark = pytest.mark.unit

NOW = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "calls.db"


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def databases(file: Path, told: list[str]) -> Iterator[list[Database]]:
    """Three rooms of one gateway, each with an engine of its own."""
    rooms = [Database("sqlite:///calls.db", file.parent, told.append) for _ in range(3)]
    for database in rooms:
        database.prepare()
    yield rooms
    for database in rooms:
        database.close()


def write(database: Database, agent: str = "801") -> None:
    with database.engine.begin() as connection:
        connection.execute(
            insert(AgentLogRow).values(at=NOW, site="jinan", agent=agent, presence="free", why="log in")
        )


def agents(database: Database) -> list[str]:
    with database.engine.connect() as connection:
        return list(connection.scalars(select(AgentLogRow.agent).order_by(AgentLogRow.entry)))


def insist(database: Database, agent: str = "801") -> None:
    """Write as a writer does: what fails is healed and tried again."""
    for _ in range(100):
        try:
            write(database, agent)
        except DBAPIError as error:
            database.heal(error)
        else:
            return
    raise AssertionError("it never could be written")


def damage(file: Path, first: int = 0) -> bytes:
    """Spoil the pages from `first` on, as a failing disk does; gives what is in the file then."""
    for beside in (file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        beside.unlink(missing_ok=True)
    whole = file.read_bytes()
    spoiled = whole[: first * 4096] + random.Random(1).randbytes(len(whole) - first * 4096)
    file.write_bytes(spoiled)
    return spoiled


def until(done: Callable[[], bool]) -> None:
    """Wait for what another thread does."""
    pause = threading.Event()
    for _ in range(1000):
        with suppress(RecordsError):
            if done():
                return
        pause.wait(0.03)
    raise AssertionError("not within half a minute")


def kept(file: Path) -> list[Path]:
    """What was set aside, without SQLite's own files beside it."""
    return corrupt.set_aside_before(file)


@pytest.mark.parametrize("first", [0, 1], ids=["from the first page on", "but for the first page"])
def test_it_is_set_aside_and_a_new_one_made(
    first: int, file: Path, databases: list[Database], told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    write(databases[0])
    for database in databases:
        database.close()
    spoiled = damage(file, first)
    with pytest.raises(DBAPIError) as raised:
        write(databases[0])
    assert databases[0].heal(raised.value)
    write(databases[0], "802")
    assert agents(databases[0]) == ["802"]
    (aside,) = kept(file)
    assert aside.read_bytes() == spoiled, "nothing of it is lost"
    assert file.stat().st_mode & 0o777 == 0o600
    (message,) = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert (str(file) in message, aside.name in message) == (True, True)
    assert told == [message.removeprefix("database: ")]


def test_a_file_that_was_cut_short(file: Path, databases: list[Database]) -> None:
    write(databases[0])
    for database in databases:
        database.close()
    os.truncate(file, 5 * 4096)
    insist(databases[0])
    assert len(kept(file)) == 1


def test_rooms_that_notice_at_the_same_moment_set_one_file_aside(
    file: Path, databases: list[Database], told: list[str]
) -> None:
    for database in databases:
        database.close()
    damage(file)
    together = threading.Barrier(len(databases))

    def room(number: int) -> None:
        with pytest.raises(DBAPIError) as raised:
            write(databases[number])
        together.wait(30)
        assert databases[number].heal(raised.value)
        write(databases[number], f"80{number}")

    rooms = [threading.Thread(target=room, args=(number,)) for number in range(len(databases))]
    for thread in rooms:
        thread.start()
    for thread in rooms:
        thread.join(60)
    assert len(kept(file)) == len(told) == 1
    assert sorted(agents(databases[0])) == ["800", "801", "802"]


def test_who_has_it_open_notices_and_does_the_new_one_no_harm(file: Path, databases: list[Database]) -> None:
    write(databases[1])  # its connection stays open
    first = file.stat()
    corruption = corruption_of(file, databases[0])
    assert databases[0].heal(corruption)
    (aside,) = kept(file)
    assert aside.with_name(f"{aside.name}-wal").stat().st_size > 0, (
        "what was written last is not taken for the new one's"
    )
    write(databases[0], "new")
    assert file.stat().st_ino != first.st_ino
    beside = [file.with_name(file.name + end) for end in ("-wal", "-shm")]
    there = [one.stat().st_ino for one in beside]
    write(databases[1], "newer")
    databases[1].close()
    assert [one.stat().st_ino for one in beside] == there, "SQLite's own files of the new database are left alone"
    assert agents(databases[2]) == ["new", "newer"]


def corruption_of(file: Path, database: Database) -> DBAPIError:
    """The error that a damaged file leads to, while others have it open."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA writable_schema=ON")
        connection.exec_driver_sql("UPDATE sqlite_master SET rootpage = 2000 WHERE name = 'agent_log'")
        connection.commit()
        connection.exec_driver_sql("PRAGMA writable_schema=RESET")
        with pytest.raises(DBAPIError) as raised:
            connection.exec_driver_sql("SELECT * FROM agent_log")
    said = corruption(raised.value)
    assert said is not None
    assert corrupt_file(said) == (file.stat().st_dev, file.stat().st_ino)
    return raised.value


def test_a_transaction_under_way_is_waited_for(
    file: Path, databases: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    corruption = corruption_of(file, databases[0])
    monkeypatch.setattr(corrupt, "PATIENCE", 0.1)
    with databases[1].engine.connect():
        assert not databases[0].heal(corruption), "what is committed there would be lost with the file"
        assert kept(file) == []
    assert databases[0].heal(corruption)
    assert len(kept(file)) == 1


def test_an_error_about_an_earlier_file_does_not_touch_the_new_one(file: Path, databases: list[Database]) -> None:
    corruption = corruption_of(file, databases[0])
    assert databases[1].heal(corruption)
    write(databases[1])
    assert databases[0].heal(corruption), "it may be tried again"
    assert len(kept(file)) == 1
    assert agents(databases[0]) == ["801"]


def test_a_disk_that_spoils_every_file_is_not_filled_with_them(
    file: Path, databases: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert databases[0].heal(corruption_of(file, databases[0]))
    assert not databases[0].heal(corruption_of(file, databases[0]))
    assert len(kept(file)) == 1
    monkeypatch.setattr(corrupt, "PAUSE", 0.0)
    assert databases[0].heal(corruption_of(file, databases[0]))
    assert len(kept(file)) == 2, "though of the same second"


def test_a_deleted_file_is_made_anew(file: Path, databases: list[Database]) -> None:
    write(databases[0])
    for end in ("", "-wal", "-shm"):
        file.with_name(file.name + end).unlink()
    with pytest.raises(DBAPIError, match="unable to open database file") as raised:
        write(databases[0])
    assert not file.exists(), "none is made for everybody's eyes"
    assert databases[0].heal(raised.value)
    write(databases[0], "802")
    insist(databases[1], "803")
    assert agents(databases[2]) == ["802", "803"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert kept(file) == []


def test_a_file_that_was_emptied_gets_its_tables(file: Path, databases: list[Database]) -> None:
    for database in databases:
        database.close()
    os.truncate(file, 0)
    with pytest.raises(DBAPIError, match="no such table") as raised:
        write(databases[0])
    assert databases[0].heal(raised.value)
    write(databases[0])


def test_what_passes_by_itself_is_nothing_to_heal(file: Path, databases: list[Database]) -> None:
    before = file.stat().st_ino
    for error in (OSError("disk full"), ValueError()):
        assert not databases[0].heal(error)
    with databases[0].engine.connect() as connection, pytest.raises(DBAPIError) as raised:
        connection.exec_driver_sql("SELECT * FROM no_such_table")
    assert not databases[0].heal(raised.value)
    assert file.stat().st_ino == before


def test_the_agents_log_goes_on(file: Path, told: list[str]) -> None:
    config = RecordsConfig(site="jinan", data_dir=file.parent, set_aside=told.append)
    log = AgentLog(config, lambda: NOW)
    file.parent.mkdir()
    file.write_bytes(b"garbage" * 1000)
    log.start()
    log.changed("801", Presence.FREE, "log in", NOW)
    with AgentsOnRecord(config) as reader:
        until(lambda: "801" in reader.changes())
    log.stop()
    with AgentsOnRecord(config) as reader:
        assert [change.why for change in reader.changes()["801"]] == ["log in", "gateway_stopped"]
    assert [one.read_bytes() for one in kept(file)] == [b"garbage" * 1000]
    assert len(told) == 1


def test_who_only_reads_says_so_and_leaves_it(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"garbage" * 1000)
    with Store(RecordsConfig(site="jinan", data_dir=file.parent)) as store, pytest.raises(RecordsError) as raised:
        store.calls()
    assert "file is not a database" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert [one.name for one in file.parent.iterdir()] == ["calls.db"]


def test_what_was_deleted_is_overwritten(file: Path, databases: list[Database]) -> None:
    secret = "13812345678"
    with databases[0].engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO numbers VALUES ('{secret}', 1, 0, NULL, 1, NULL, NULL, NULL)")
    with databases[0].engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM numbers")
    for database in databases:
        database.close()  # with the last connection goes the log of what was written
    assert secret.encode() not in file.read_bytes()


def test_a_folder_that_cannot_be_locked_is_no_reason_to_fail(tmp_path: Path) -> None:
    assert gate.enter(tmp_path / "nowhere" / "calls.db") is None
    gate.leave(None)


AS_NOBODY = """
import sys
from pathlib import Path
from sqlalchemy.exc import DBAPIError
from gateway.database import Database
for folder in sys.argv[1:]:
    database = Database("sqlite:///calls.db", Path(folder))
    try:
        database.prepare()
    except (DBAPIError, OSError) as error:
        print(getattr(error, "orig", error), database.heal(error))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may write nothing")
def test_what_may_not_be_written_is_told_in_a_line() -> None:
    # Not in pytest's folders: they are root's alone, and nobody else may pass through them.
    with tempfile.TemporaryDirectory(prefix="sansheng-read-only-") as place:
        folder, nowhere = Path(place) / "var", Path(place) / "of-its-own"
        database = Database("sqlite:///calls.db", folder)
        database.prepare()
        with database.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
        database.close()
        file = folder / "calls.db"
        for one in (Path(place), folder, file):
            one.chmod(0o755)
        before = file.read_bytes()
        command = ["setpriv", "--reuid=nobody", "--clear-groups", sys.executable, "-c", AS_NOBODY]
        done = subprocess.run([*command, str(folder), str(nowhere)], capture_output=True, text=True, check=False)
        assert done.stdout.splitlines() == [
            "attempt to write a readonly database False",
            f"[Errno 13] Permission denied: '{nowhere}' False",
        ]
        assert file.read_bytes() == before
