"""Writing and reading SQLite: at once, through trouble, and by those who only read."""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from drivers.line import CallerId, FaultCode, LineFault
from gateway.call import facts
from gateway.call.facts import Notice
from gateway.records import CallAmbiguous, CallUnknown, Records, RecordsConfig, RecordsError, RecordsMissing, Store
from gateway.records.rule_book import RuleBook
from gateway.records.rules import JIHUA
from tests.service.told import MORNING, Told, given_up, silent, talker

pytestmark = pytest.mark.unit

PATIENCE = 30.0


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits five seconds for a lock that is held on purpose."""
    monkeypatch.setattr("gateway.database.sqlite.BUSY", 0.2)


@pytest.fixture
def config(tmp_path: Path) -> RecordsConfig:
    return RecordsConfig(site="jinan", data_dir=tmp_path / "var")


@pytest.fixture
def records(config: RecordsConfig) -> Iterator[Records]:
    records = Records(config)
    records.start()
    yield records
    records.stop()


def receive(records: Records, *calls: Told) -> None:
    for told in calls:
        for notice in told.notices:
            records.receive(notice)


def until(store: Store, count: int) -> None:
    """Wait until so many calls can be read."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.05)):
        if len(store.calls()) >= count:
            return
        pause.wait(0.05)
    raise AssertionError(f"no {count} calls within {PATIENCE} s")


def test_a_call_can_be_read_while_it_rings(records: Records, config: RecordsConfig) -> None:
    receive(records, Told().rings(1))
    with Store(config) as store:
        until(store, 1)
        (call,) = store.calls()
    assert (call.call, call.open, call.outcome) == ("c0ffee01", True, None)


def test_ended_calls_are_read_as_they_were(records: Records, config: RecordsConfig) -> None:
    receive(records, talker(call="b", at=MORNING + timedelta(hours=1)), given_up(call="a"))
    records.receive(Notice(MORNING, "fxo1", None, LineFault(FaultCode.PORT_LOST, "gone")))
    records.stop()
    with Store(config) as store:
        assert [call.call for call in store.calls()] == ["a", "b"]
        assert [call.call for call in store.calls(since=MORNING + timedelta(minutes=30))] == ["b"]
        call = store.call("b")
        timeline = store.timeline("b")
    assert call.fields()["offered_at"] == "2026-02-18T10:30:00.000+08:00", "in the site's zone"
    assert {j.clause for j in call.compliance} == {"JH-1", "JH-2", "JH-3", "JH-10", "JH-11"}
    assert timeline[0].fact == "offered"
    assert timeline[-1].fact == "released"
    assert len(timeline) == len(talker().notices)


def test_the_database_is_for_its_owner_alone(records: Records, config: RecordsConfig) -> None:
    assert (config.data_dir / "calls.db").stat().st_mode & 0o077 == 0


def test_it_is_a_write_ahead_log_flushed_to_the_disk(records: Records, config: RecordsConfig) -> None:
    with sqlite3.connect(config.data_dir / "calls.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_call_left_open_is_closed_as_of_its_last_fact(config: RecordsConfig) -> None:
    told = Told().rings(2).answered().says("greeting")
    first = Records(config)
    first.start()
    receive(first, told)
    first.stop()
    second = Records(config)
    second.start()
    second.stop()
    with Store(config) as store:
        call = store.call("c0ffee01")
        assert store.timeline("c0ffee01")[-1].fact == "released"
    assert (call.outcome, call.released_by, call.cause) == ("answered", "fault", "gateway stopped")
    assert call.ended_at == told.at
    assert {j.clause: j.kept for j in call.compliance} == {"JH-1": True, "JH-3": True, "JH-2": False}


def test_another_sites_open_calls_are_left_alone(config: RecordsConfig) -> None:
    first = Records(config)
    first.start()
    receive(first, Told(site="weihai").rings(1))
    first.stop()
    second = Records(config)
    second.start()
    second.stop()
    with Store(config) as store:
        assert store.calls()[0].open


def test_a_locked_database_is_told_once_and_nothing_is_lost(
    records: Records, config: RecordsConfig, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)
    blocker = sqlite3.connect(config.data_dir / "calls.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    receive(records, talker(call="a"), silent(call="b"))
    pause = threading.Event()
    while records.problem is None:
        pause.wait(0.05)
    assert records.problem == "database is locked"
    blocker.execute("ROLLBACK")
    blocker.close()
    with Store(config) as store:
        until(store, 2)
    records.stop()
    with Store(config) as store:
        assert [call.released_by for call in store.calls()] == ["customer", "standard"]
    assert [r.levelname for r in caplog.records if "cannot be written" in r.message] == ["ERROR"]
    assert records.problem is None


def test_while_the_database_is_away_no_more_than_the_limit_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    records = Records(RecordsConfig(site="jinan", data_dir=tmp_path / "file", queue_limit=10))
    for _ in range(25):
        records.receive(Notice(MORNING, "sip1", "a", facts.Rang(1)))
    assert records.lost == 15
    records.start()
    records.stop()
    assert records.problem is not None


def test_a_notice_that_cannot_be_stored_loses_itself_alone(records: Records, config: RecordsConfig) -> None:
    told = talker()
    records.receive(Notice(MORNING, "sip1", "x", facts.Rang({1, 2})))  # type: ignore[arg-type]
    receive(records, told)
    records.stop()
    with Store(config) as store:
        assert store.call(told.call).outcome == "answered"


def test_an_id_may_be_shortened(records: Records, config: RecordsConfig) -> None:
    receive(records, given_up(call="abc1"), given_up(call="abc2"), given_up(call="abc"))
    records.stop()
    with Store(config) as store:
        assert store.call("abc1").call == "abc1"
        assert store.call("abc").call == "abc", "a whole id is never ambiguous"
        with pytest.raises(CallAmbiguous, match="abc1, abc2"):
            store.call("ab")
        for unknown in ("x", "", "%", "_"):
            with pytest.raises(CallUnknown):
                store.call(unknown)


def test_no_database_yet(config: RecordsConfig) -> None:
    with Store(config) as store, pytest.raises(RecordsMissing, match=r"calls\.db does not exist"):
        store.calls()
    assert not config.data_dir.exists(), "reading makes nothing"


@pytest.mark.parametrize("content", [b"not a database at all, but long enough" * 50, b""])
def test_a_file_that_holds_no_records(config: RecordsConfig, content: bytes) -> None:
    config.data_dir.mkdir()
    (config.data_dir / "calls.db").write_bytes(content)
    with Store(config) as store, pytest.raises(RecordsError, match=r"calls\.db"):
        store.calls()


@pytest.mark.parametrize("url", ["calls.db", "sqlite://", "sqlite:///:memory:", "mysql://h/d"])
def test_an_address_that_is_none(tmp_path: Path, url: str) -> None:
    with pytest.raises(RecordsError, match=r"\[records\] url"):
        Records(RecordsConfig(site="jinan", url=url, data_dir=tmp_path))


def test_broken_text_from_a_peer_is_no_trouble(records: Records, config: RecordsConfig) -> None:
    told = Told().rings(1, number=None)
    told.tell(facts.CallerIdentified(CallerId("\ud83d\0 1'; DROP TABLE calls", "名字")))
    receive(records, told.hung_up())
    records.stop()
    with Store(config) as store:
        (call,) = store.calls()
    assert call.caller == "? 1'; DROP TABLE calls"
    assert call.caller_name == "名字"


def test_a_call_that_cannot_be_judged_has_its_end_on_record_all_the_same(tmp_path: Path) -> None:
    rules = {"jihua-gas": replace(JIHUA, occasions=None)}  # type: ignore[arg-type]
    config = RecordsConfig(site="jinan", data_dir=tmp_path / "var", rules=RuleBook(rules))
    records = Records(config)
    records.start()
    receive(records, silent())
    records.stop()
    with Store(config) as store:
        (call,) = store.calls()
    assert (call.released_by, call.cause, call.compliance) == ("standard", "JH-6", ())
