"""How long calls and what belongs to them are kept: as the site wants, and as long as a ticket needs them."""

import logging
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from drivers.line import LineRestored
from gateway.call.facts import Notice
from gateway.people.schema import AgentLogRow, NumberRow
from gateway.privacy import Retention, ageing
from gateway.records.schema import CallRow, EventRow
from gateway.tickets.schema import AttemptRow, EntryRow, TicketRow
from tests.service.told import MORNING, Told, dialled, talker
from tests.unit.privacy.archive import Archive, archive_in, moved
from tests.unit.tickets.counter import asks

pytestmark = pytest.mark.unit

DAYS = 30
AGO = timedelta(days=-31)
"""Too old."""


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    monkeypatch.setattr(ageing, "BREATH", 0.0)
    return archive_in(tmp_path)


class Clock:
    """The time of day as the gateway is told it, and the time that passes."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.passed = 0.0

    def runs_on(self, **by: float) -> None:
        self.now += timedelta(**by)
        self.passed += timedelta(**by).total_seconds()

    def retention(self, archive: Archive, days: int | None = DAYS) -> Retention:
        return Retention(archive.config, days, now=lambda: self.now, passed=lambda: self.passed)


def aged(archive: Archive, days: int | None = DAYS, now: datetime = MORNING) -> str:
    """What a search at that time has deleted, in words, of a gateway that has run for a day."""
    clock = Clock(datetime.fromtimestamp(0, UTC))
    retention = clock.retention(archive, days)
    try:
        retention.search()  # nothing is too old yet
        clock.runs_on(seconds=now.timestamp())
        return str(retention.search())
    finally:
        retention.stop()


def agent(agent: str, days: float, presence: str, site: str = "jinan") -> dict[str, object]:
    at = MORNING - timedelta(days=days)
    return {"site": site, "agent": agent, "at": at, "presence": presence, "why": "log_in"}


def number(number: str, days: float, *, warned: bool = False) -> dict[str, object]:
    at = MORNING - timedelta(days=days)
    return {"number": number, "nuisance": 1, "foul_language": 0, "last_at": at, "warned": warned}


def test_calls_go_with_their_events_and_younger_ones_stay(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    archive.write(
        *(moved(talker(call=f"old-{count}"), AGO) for count in range(ageing.CALLS_AT_ONCE + 3)),
        moved(talker(call="young"), timedelta(days=-29)),
    )
    before = len(archive.all(EventRow.number))
    with caplog.at_level(logging.INFO):
        aged(archive)
    assert set(archive.calls()) == {"young"}
    left = archive.all(EventRow.call)
    assert set(left) == {"young"}
    deleted = f"{ageing.CALLS_AT_ONCE + 3} calls, {before - len(left)} events, 0 tickets"
    assert f"retention: deleted what is older than 30 days: {deleted}" in caplog.text


def test_what_is_up_and_what_is_another_sites_stays(archive: Archive, tmp_path: Path) -> None:
    archive.write(moved(Told(call="up").rings(2).answered(), AGO))
    elsewhere = archive_in(tmp_path, "yantai")
    elsewhere.write(moved(talker(call="theirs", site="yantai"), AGO))
    assert not Retention(archive.config, None).search()
    assert aged(archive).startswith("0 calls, 0 events")
    assert set(archive.calls()) == {"up", "theirs"}


def test_what_an_open_ticket_needs_stays_until_it_is_closed(archive: Archive) -> None:
    archive.ticketed(moved(asks(call="asked").hung_up(), AGO))
    (ticket,) = archive.tickets()
    archive.write(moved(dialled(ticket.id, call="called").hung_up(), AGO))
    archive.add(AttemptRow, attempt(ticket.id))
    aged(archive)
    assert set(archive.calls()) == {"asked", "called"}
    archive.shut(ticket.id, MORNING)
    aged(archive, now=MORNING + timedelta(days=29))
    assert set(archive.calls()) == set()
    assert archive.all(TicketRow.id) == [ticket.id]
    assert "1 tickets" in aged(archive, now=MORNING + timedelta(days=31))
    assert [archive.all(key) for key in (TicketRow.id, EntryRow.number, AttemptRow.number)] == [[], [], []]


def attempt(ticket: int) -> dict[str, object]:
    at = MORNING + AGO
    told = {"ticket": ticket, "site": "jinan", "telephone": "13812345678", "secret": "s", "at": at}
    return told | {"expires_at": at, "dialled_at": at, "ended_at": at, "result": "no_answer"}


def test_events_of_lines_agents_and_numbers(archive: Archive) -> None:
    restored = [Notice(MORNING + timedelta(days=days), "sip1", None, LineRestored()) for days in (-31, -29)]
    archive.write(Told(notices=restored))
    entries = [agent("801", 40, "free"), agent("801", 39, "busy"), agent("802", 38, "offline")]
    archive.add(AgentLogRow, *entries, agent("803", 29, "offline"), agent("804", 40, "free", site="yantai"))
    counted = [number("13800000001", 31), number("13800000002", 31, warned=True), number("13800000003", 29)]
    archive.add(NumberRow, *counted)
    assert aged(archive) == "0 calls, 1 events, 0 tickets, 2 entries of the agents' log, 1 numbers"
    # What an agent still is nothing newer tells.
    assert archive.all(AgentLogRow.agent, AgentLogRow.presence) == [
        ("801", "busy"),
        ("803", "offline"),
        ("804", "free"),
    ]
    assert archive.all(NumberRow.number) == ["13800000002", "13800000003"]


YEARS = timedelta(days=3650)
"""By which a clock without its battery is wrong."""


@pytest.fixture
def young(archive: Archive) -> Archive:
    """Calls as of a gateway that is in use."""
    archive.write(talker(call="today"), moved(talker(call="yesterday"), timedelta(days=-2)))
    return archive


def test_a_clock_far_past_the_newest_call_deletes_nothing_and_is_told_once(
    young: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(MORNING + YEARS)
    # What it puts on record itself proves nothing.
    young.write(moved(talker(call="wrong"), YEARS - timedelta(hours=1)))
    retention = clock.retention(young)
    for _ in range(3):
        assert not retention.search()
        clock.runs_on(hours=1)
    assert set(young.calls()) == {"today", "yesterday", "wrong"}
    told = "the clock says 2036-02-16 09:30, but the newest call on record is of 2026-02-18 01:30"
    assert [told in record.getMessage() for record in caplog.records] == [True]
    clock.now = MORNING + timedelta(hours=3)  # it is set
    assert not retention.search()
    clock.now = MORNING + YEARS  # and is wrong again
    clock.passed += 86400.0 * 2
    assert not retention.search()
    assert len(caplog.records) == 2
    retention.stop()


def test_a_gateway_that_was_off_for_a_year_deletes_when_its_clock_has_run_on_for_a_day(young: Archive) -> None:
    clock = Clock(MORNING + timedelta(days=365))
    retention = clock.retention(young)
    assert not retention.search()
    clock.runs_on(hours=23)
    assert not retention.search()
    clock.runs_on(hours=1)
    assert retention.search().calls == 2
    retention.stop()


def test_one_that_has_been_in_use_for_a_day_again_deletes_at_once(young: Archive) -> None:
    now = MORNING + timedelta(days=365)
    young.write(moved(talker(call="again"), timedelta(days=365 - 2)))
    retention = Clock(now).retention(young)
    assert retention.search().calls == 2
    retention.stop()
    assert set(young.calls()) == {"again"}


def test_between_two_transactions_the_database_is_the_others(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Breaths(threading.Event):
        taken: ClassVar[list[float | None]] = []

        def wait(self, timeout: float | None = None) -> bool:
            self.taken.append(timeout)
            return False

    archive.write(*(moved(talker(call=f"old-{count}"), AGO) for count in range(ageing.CALLS_AT_ONCE + 1)))
    monkeypatch.setattr(ageing, "BREATH", 0.05)
    database = archive.database()
    ageing.Ageing(database.engine, "jinan", MORNING, Breaths()).run()
    database.close()
    assert Breaths.taken == [0.05, 0.05]


def test_a_database_that_is_away_is_tried_again(archive: Archive, caplog: pytest.LogCaptureFixture) -> None:
    archive.write(moved(talker(call="old"), AGO))
    file = archive.folder / "calls.db"
    away = file.rename(archive.folder / "away.db")
    file.mkdir()
    aged(archive)
    assert "retention: the database cannot be used" in caplog.text
    file.rmdir()
    away.rename(file)
    assert aged(archive).startswith("1 calls")


def test_it_begins_by_itself_and_ends_between_two_transactions(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.write(*(moved(talker(call=f"old-{count}"), AGO) for count in range(3)))
    monkeypatch.setattr(ageing, "CALLS_AT_ONCE", 1)
    monkeypatch.setattr(ageing, "BREATH", 60.0)
    archive.write(moved(talker(call="young"), timedelta(days=-2)))
    retention = Retention(archive.config, DAYS, now=lambda: MORNING)
    begun = threading.Event()
    monkeypatch.setattr(ageing.Ageing, "_delete_calls", _telling(ageing.Ageing._delete_calls, begun))
    retention.start()
    assert begun.wait(20.0)
    retention.stop()
    with sqlite3.connect(archive.folder / "calls.db") as connection:
        assert connection.execute(f"select count(*) from {CallRow.__tablename__}").fetchone() == (3,)


def _telling(work, begun):
    def told(*arguments):
        work(*arguments)
        begun.set()

    return told
