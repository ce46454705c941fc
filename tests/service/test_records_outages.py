"""The database is locked, full or away while calls go on: their facts wait in the spool, and no call waits."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.records import CallRecord, Records, RecordsConfig, Store
from gateway.records.spool_file import left_behind, lines_of
from tests.kills.traffic import traffic
from tests.postgres import PostgreSQL
from tests.service.told import talker
from tests.service.untold import until

pytestmark = pytest.mark.service


@pytest.fixture
def server() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    yield server
    server.stop()


@pytest.fixture
def alerts() -> list[tuple[str, bool]]:
    return []


@pytest.fixture
def start(alerts: list[tuple[str, bool]]) -> Iterator[Callable[[RecordsConfig], Records]]:
    running: list[Records] = []

    def start(config: RecordsConfig) -> Records:
        records = Records(config, alert=lambda code, _, raised: alerts.append((code, raised)))
        running.append(records)
        records.start()
        return records

    yield start
    for records in running:
        records.stop()


def on_record(config: RecordsConfig) -> list[CallRecord]:
    with Store(config) as store:
        return list(store.calls())


Start = Callable[[RecordsConfig], Records]


def test_ten_minutes_of_calls_while_it_is_locked(
    tmp_path: Path, start: Start, alerts: list[tuple[str, bool]]
) -> None:
    config = RecordsConfig(site="jinan", data_dir=tmp_path / "var")
    records = start(config)
    until(lambda: (config.data_dir / "calls.db").exists())
    blocker = sqlite3.connect(config.data_dir / "calls.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    told = traffic(seed=7, calls=800)
    for notice in told:
        records.receive(notice)
    until(lambda: bool(alerts) and records.safe == len(told))
    assert records.spooled == len(told)
    assert alerts == [("records_unwritten", True)]
    blocker.execute("ROLLBACK")
    blocker.close()
    until(lambda: records.spooled == 0)
    records.stop()
    calls = on_record(config)
    assert len(calls) == 800
    assert not any(call.open for call in calls)
    assert (records.lost, alerts[-1]) == (0, ("records_unwritten", False))
    with Store(config) as store:
        names = [event.fact for event in store.timeline(calls[0].call)]
    assert (names[0], names[-1]) == ("offered", "released"), "in their order"
    assert not list((config.data_dir / "spool").iterdir()), "a spool that is empty goes"


def test_a_server_that_is_away(tmp_path: Path, server: PostgreSQL, start: Start) -> None:
    config = RecordsConfig(site="jinan", url=server.url, data_dir=tmp_path)
    records = start(config)
    server.down()
    for notice in talker(call="a").notices:
        records.receive(notice)
    until(lambda: records.problem is not None)
    server.up()
    until(lambda: records.spooled == 0)
    assert [(call.call, call.released_by) for call in on_record(config)] == [("a", "customer")]


def test_a_server_that_does_not_answer(tmp_path: Path, server: PostgreSQL, start: Start) -> None:
    config = RecordsConfig(site="jinan", url=server.url, data_dir=tmp_path)
    records = start(config)
    server.freeze(True)
    told = talker(call="a").notices
    try:
        for notice in told:
            records.receive(notice)
        until(lambda: records.safe == len(told))
    finally:
        server.freeze(False)
    until(lambda: records.spooled == 0)
    assert [(call.call, call.released_by) for call in on_record(config)] == [("a", "customer")]


def test_what_a_run_could_not_write_the_next_one_does(tmp_path: Path, server: PostgreSQL, start: Start) -> None:
    config = RecordsConfig(site="jinan", url=server.url, data_dir=tmp_path)
    server.down()
    for number in range(3):
        records = start(config)
        for notice in talker(call=f"run{number}").notices:
            records.receive(notice)
        until(lambda records=records: records.safe == len(talker().notices))  # type: ignore[misc]  # bound now
        records.stop()
    left = left_behind(tmp_path / "spool")
    assert [len(list(lines_of(path))) for path in left] == [len(talker().notices)] * 3
    server.up()
    start(config).stop()
    assert [(call.call, call.open) for call in on_record(config)] == [
        (f"run{number}", False) for number in range(3)
    ]
    assert not left_behind(tmp_path / "spool")


FULL_DISK = """
import sys
from pathlib import Path
from gateway.records import Records, RecordsConfig, Store
from tests.kills.traffic import traffic
from tests.service.untold import until
folder = Path(sys.argv[1])
config = RecordsConfig(site="jinan", data_dir=folder / "var")
records = Records(config)
records.start()
until(lambda: (folder / "var" / "calls.db").exists())
ballast = (folder / "ballast").open("wb", buffering=0)
try:
    while ballast.write(b"x" * 4096):
        pass
except OSError as error:
    print(error.strerror, flush=True)
told = traffic(seed=3, calls=300)
for notice in told:
    records.receive(notice)
until(lambda: records.problem and records.safe == len(told))
print(records.problem, records.lost, flush=True)
ballast.truncate(0)
until(lambda: records.spooled == 0)
records.stop()
with Store(config) as store:
    calls = list(store.calls())
print(len(calls), sum(call.open for call in calls), flush=True)
"""


def test_a_full_disk(tmp_path: Path) -> None:
    """A disk of its own, of 24 MB, in a mount namespace: any user may make one where the kernel lets him."""
    mount = 'mount -t tmpfs -o size=24m none "$1" && exec "$2" -c "$3" "$1"'
    command = ["unshare", "-Urm", "sh", "-c", mount, "sh", str(tmp_path), sys.executable, FULL_DISK]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.splitlines() == ["No space left on device", "database or disk is full 0", "300 0"]


def test_a_file_that_breaks_while_calls_go_on(tmp_path: Path, start: Start) -> None:
    config = RecordsConfig(site="jinan", data_dir=tmp_path)
    records = start(config)
    told = talker(call="a").notices
    for notice in told[:8]:
        records.receive(notice)
    until(lambda: records.spooled == 0)
    file = tmp_path / "calls.db"
    file.write_bytes(b"\xa5" * 100_000)
    (tmp_path / "calls.db-wal").write_bytes(b"\xa5" * 100_000)
    for notice in told[8:]:
        records.receive(notice)
    until(lambda: records.spooled == 0)
    records.stop()
    (call,) = on_record(config)
    assert (call.call, call.rings, call.released_by, call.caller) == ("a", 2, "customer", "13812345678")
    assert [path.read_bytes()[:2] for path in tmp_path.glob("calls.db.corrupt-*") if path.suffix != ".tmp"]
