"""Two gateways with one site on one database: neither ends the other's calls, and a dead one's are closed."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from gateway.database import run_lock
from gateway.records import CallRecord, Records, RecordsConfig, Store
from gateway.records.ledger import Ledger
from tests.broker import PATIENCE
from tests.postgres import PostgreSQL
from tests.service.one_site import config, server, soon, until
from tests.service.told import Told

pytestmark = pytest.mark.service

__all__ = ["config", "server", "soon"]  # fixtures

WRITER = """
import signal, sys, time
from pathlib import Path
from gateway.records import Records, RecordsConfig
from tests.service.told import Told
records = Records(RecordsConfig(site="jinan", url=sys.argv[1], data_dir=Path(sys.argv[2])))
records.start()
for notice in Told(call="of-the-dead").rings(1).notices:
    records.receive(notice)
while records.spooled:
    time.sleep(0.02)
print("written", flush=True)
signal.pause()  # until it is killed
"""


class Other:
    """A gateway that was given the same site, and what it tells people."""

    def __init__(self, config: RecordsConfig) -> None:
        self.told = Event()
        self.alone = Event()
        self.recovered: list[str] = []
        self.records = Records(
            config,
            alert=self._alert,
            recovered=lambda notices: self.recovered.extend({str(notice.call) for notice in notices}),
        )
        self.records.start()

    def _alert(self, code: str, detail: str, raised: bool) -> None:
        if code == "records_shared":
            assert not raised or "give each its own" in detail
            (self.told if raised else self.alone).set()


def call_of(config: RecordsConfig, call: str) -> CallRecord:
    with Store(config) as store:
        return store.call(call)


def killed(writer: "subprocess.Popen[bytes]") -> None:
    writer.send_signal(signal.SIGKILL)
    writer.wait()


@pytest.fixture
def writer(config: Callable[[str], RecordsConfig]) -> Iterator["subprocess.Popen[bytes]"]:
    """A gateway of its own process, with a call up."""
    mine = config("first")
    command = [sys.executable, "-c", WRITER, mine.url, str(mine.data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        yield process
        killed(process)


def test_a_live_gateways_calls_stay_open_and_people_are_told(config: Callable[[str], RecordsConfig]) -> None:
    first = Records(config("first"))
    first.start()
    told = Told(call="live").rings(1)
    for notice in told.notices:
        first.receive(notice)
    until(lambda: not first.spooled)
    second = Other(config("second"))
    assert second.told.wait(PATIENCE)
    assert call_of(config("second"), "live").open
    before = len(told.notices)
    told.answered(1).hung_up()
    for notice in told.notices[before:]:
        first.receive(notice)
    first.stop()
    assert second.alone.wait(PATIENCE)
    second.records.stop()
    assert (call_of(config("second"), "live").released_by, second.recovered) == ("customer", [])


def test_a_survivor_closes_the_calls_of_one_that_was_killed(
    config: Callable[[str], RecordsConfig], writer: "subprocess.Popen[bytes]"
) -> None:
    survivor = Other(config("second"))
    assert survivor.told.wait(PATIENCE)
    assert call_of(config("second"), "of-the-dead").open
    killed(writer)
    until(lambda: not call_of(config("second"), "of-the-dead").open)
    until(lambda: survivor.recovered == ["of-the-dead"])
    survivor.records.stop()
    closed = call_of(config("second"), "of-the-dead")
    assert (closed.released_by, closed.cause) == ("fault", "gateway stopped")


def test_who_was_killed_closes_its_own_as_soon_as_it_is_back(
    config: Callable[[str], RecordsConfig], writer: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_lock, "GRACE", 600.0)  # waited for by nobody: whose spool is in its folder is dead
    killed(writer)
    back = Other(config("first"))
    assert not call_of(config("first"), "of-the-dead").open
    back.records.stop()
    assert not back.told.is_set()


def test_a_server_that_was_restarted_ends_nobodys_calls(server: PostgreSQL, tmp_path: Path) -> None:
    def config(folder: str) -> RecordsConfig:
        return RecordsConfig(site="jinan", url=server.url, data_dir=tmp_path / folder)

    first = Records(config("first"))
    first.start()
    for notice in Told(call="live").rings(1).notices:
        first.receive(notice)
    until(lambda: not first.spooled)
    server.down()
    server.up()
    other = Ledger(config("second"))
    other.prepare()
    end = time.monotonic() + 2 * run_lock.GRACE
    while time.monotonic() < end:
        assert other.close_orphans() == []
        time.sleep(0.2)  # what is waited for is that nothing happens
    assert other.shared, "the first has told that it lives, on a new connection"
    first.stop()
    other.close()


def test_a_run_is_known_to_be_dead_until_its_calls_are_closed(
    config: Callable[[str], RecordsConfig], writer: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_lock, "GRACE", 600.0)
    killed(writer)

    def dies(_: Ledger) -> list[str]:
        raise OSError("the machine goes down again")

    with monkeypatch.context() as again:
        again.setattr(Ledger, "close_orphans", dies)
        Other(config("first")).records.stop()
    back = Other(config("first"))
    assert not call_of(config("first"), "of-the-dead").open
    back.records.stop()
