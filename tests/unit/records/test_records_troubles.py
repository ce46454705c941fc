"""One thing that cannot be stored is no reason to lose others, and every loss is told."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.call import facts
from gateway.call.facts import Notice
from gateway.records import Records, RecordsConfig, Store, backlog
from gateway.records.backlog import Backlog
from gateway.records.entry import Entry, encoded
from gateway.records.ledger import Ledger
from gateway.records.spool_file import DAMAGED, SpoolFile, next_path
from tests.service.told import MORNING, Told, talker
from tests.service.untold import PATIENCE, until

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits five seconds for a lock that is held on purpose."""
    monkeypatch.setattr("gateway.database.sqlite.BUSY", 0.2)


@pytest.fixture
def config(tmp_path: Path) -> RecordsConfig:
    return RecordsConfig(site="jinan", data_dir=tmp_path)


@pytest.fixture
def alerts() -> list[tuple[str, bool]]:
    return []


@pytest.fixture
def start(alerts: list[tuple[str, bool]]) -> Iterator[Callable[[RecordsConfig], Records]]:
    running: list[Records] = []

    def start(config: RecordsConfig) -> Records:
        running.append(Records(config, alert=lambda code, _, raised: alerts.append((code, raised))))
        running[-1].start()
        return running[-1]

    yield start
    for records in running:
        records.stop()


Start = Callable[[RecordsConfig], Records]


def tell(records: Records, told: Told) -> None:
    for notice in told.notices:
        records.receive(notice)


def left(config: RecordsConfig, lines: list[bytes]) -> None:
    """What a run that was killed left in its spool."""
    file = SpoolFile(next_path(config.spool_folder, "earlier"), config.spool_bytes)
    file.append(b"".join(lines))
    file.close()


def test_one_that_no_database_takes_is_lost_alone_also_from_an_earlier_runs_spool(
    config: RecordsConfig, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = talker(call="a").notices
    lines = [encoded(Entry.of("earlier", seq, notice)) for seq, notice in enumerate(told, 1)]
    left(config, lines)
    refuse(monkeypatch, "verdict_given")
    records = start(config)
    tell(records, talker(call="b"))
    until(lambda: records.spooled == 0)
    assert records.problem is None
    assert records.lost == 4, "two of each call"
    with Store(config) as store:
        assert [call.released_by for call in store.calls()] == ["customer", "customer"]
        assert len(store.timeline("a")) == len(told) - 2


def refuse(monkeypatch: pytest.MonkeyPatch, fact: str) -> None:
    """The database has it that such facts cannot be."""
    prepare = Ledger.prepare

    def strict(ledger: Ledger) -> None:
        prepare(ledger)
        with sqlite3.connect(ledger.name) as connection:
            connection.execute(
                f"CREATE TRIGGER IF NOT EXISTS no BEFORE INSERT ON events WHEN NEW.fact = '{fact}' "
                "BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        connection.close()

    monkeypatch.setattr(Ledger, "prepare", strict)


def test_a_call_that_cannot_be_read_stays_open_and_the_others_are_closed(
    config: RecordsConfig, start: Start
) -> None:
    first = start(config)
    for call in ("a", "b"):
        tell(first, Told(call=call).rings(1))
    first.stop()
    with sqlite3.connect(config.data_dir / "calls.db") as connection:
        connection.execute("UPDATE calls SET prompts = 'nonsense' WHERE call = 'a'")
    connection.close()
    second = start(config)
    tell(second, talker(call="c"))
    until(lambda: second.spooled == 0)
    assert second.problem is None
    with sqlite3.connect(config.data_dir / "calls.db") as connection:
        ended = dict(connection.execute("SELECT call, ended_at IS NOT NULL FROM calls").fetchall())
    connection.close()
    assert ended == {"a": 0, "b": 1, "c": 1}


def test_what_breaks_off_is_begun_anew(
    config: RecordsConfig, start: Start, monkeypatch: pytest.MonkeyPatch, alerts: list[tuple[str, bool]]
) -> None:
    done = Backlog.done
    faults = [RuntimeError("a fault of our own")]

    def fails_once(waiting: Backlog, batch: list[Entry]) -> None:
        if faults:
            raise faults.pop()
        done(waiting, batch)

    monkeypatch.setattr("gateway.records.scribe.LAST_RETRY", 0.05)
    monkeypatch.setattr(Backlog, "done", fails_once)
    records = start(config)
    tell(records, talker(call="a"))
    until(lambda: records.spooled == 0)
    with Store(config) as store:
        assert len(store.timeline("a")) == len(talker().notices), "each once"
    assert not faults


def test_facts_that_are_lost_are_told_and_that_no_more_are(
    config: RecordsConfig, start: Start, alerts: list[tuple[str, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "AGAIN", 0.05)
    config.data_dir.mkdir(exist_ok=True)
    config.spool_folder.write_text("in the way of a folder")
    small = RecordsConfig(site="jinan", data_dir=config.data_dir, queue_limit=5)
    records = start(small)
    until(lambda: (config.data_dir / "calls.db").exists())
    blocker = sqlite3.connect(config.data_dir / "calls.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    tell(records, talker(call="a"))
    until(lambda: ("records_lost", True) in alerts)
    assert records.lost == len(talker().notices) - 5
    assert records.safe == 0
    config.spool_folder.unlink()
    tell(records, Told(call="b").rings(1))
    until(lambda: records.safe > 0 or len(list(config.data_dir.glob("spool/*.spool"))) == 1)
    blocker.execute("ROLLBACK")
    blocker.close()
    until(lambda: ("records_lost", False) in alerts)
    assert alerts.index(("records_unwritten", True)) < alerts.index(("records_lost", True))


def test_a_spool_whose_disk_hangs_holds_up_no_end(config: RecordsConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "CLOSE", 0.05)
    monkeypatch.setattr("gateway.records.intake.STOP", 0.05)
    monkeypatch.setattr("gateway.records.records.STOP", 0.05)
    disk = threading.Event()
    monkeypatch.setattr(SpoolFile, "append", lambda file, lines: disk.wait())
    records = Records(config)
    records.start()
    records.receive(Notice(MORNING, "sip1", "a", facts.Rang(1)))
    stopping = threading.Thread(target=records.stop, daemon=True)
    stopping.start()
    stopping.join(PATIENCE)
    assert not stopping.is_alive(), "it waits for the disk"
    disk.set()


def test_of_a_damaged_spool_its_damaged_lines_alone_are_kept(config: RecordsConfig, start: Start) -> None:
    told = talker(call="a").notices
    lines = [encoded(Entry.of("earlier", seq, notice)) for seq, notice in enumerate(told, 1)]
    left(config, [*lines, b"cut in the midd"])
    start(config).stop()
    (kept,) = config.spool_folder.iterdir()
    assert kept.name.endswith(DAMAGED)
    assert kept.read_bytes() == b"cut in the midd"
    assert kept.stat().st_mode & 0o077 == 0
    with Store(config) as store:
        assert [call.open for call in store.calls()] == [False]


def test_what_earlier_runs_left_is_counted_and_told_once_it_is_written(config: RecordsConfig) -> None:
    told = talker(call="a").notices
    Ledger(config).prepare()
    left(config, [encoded(Entry.of("earlier", seq, notice)) for seq, notice in enumerate(told, 1)])
    blocker = sqlite3.connect(config.data_dir / "calls.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    seen: list[int] = []
    records = Records(config, caught_up=lambda: seen.append(calls_in(config)))
    records.start()
    assert records.spooled == len(told)
    assert seen == []
    tell(records, talker(call="b"))
    blocker.execute("ROLLBACK")
    blocker.close()
    until(lambda: records.spooled == 0)
    records.stop()
    assert seen == [1], "before what this run has told"


def calls_in(config: RecordsConfig) -> int:
    with Store(config) as store:
        return len(store.calls())
