"""A PostgreSQL whose time zone is not UTC: every time comes back as it was told, as it does from a file."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, update

from gateway.cli.report import ReportOptions, report
from gateway.database import Database, run_lock
from gateway.desk.presence import Presence
from gateway.kpi.groups import By
from gateway.people import AgentLog, AgentsOnRecord, NumbersBook
from gateway.privacy import Privacy, Retention
from gateway.records import RecordsConfig, Store
from gateway.records.ledger import Ledger
from gateway.records.schema import CallRow
from gateway.reports.owed import owed
from gateway.reports.period import Period
from gateway.reports.reading import calls_read
from gateway.tickets import TicketBook
from tests.postgres import TIME_ZONE, PostgreSQL
from tests.service.told import MORNING, ZONE, Told, noisy, talker
from tests.unit.privacy.archive import Archive
from tests.unit.reports.test_report_command import CONFIG
from tests.unit.tickets.counter import NUMBER, asks, gateway, hears, tickets_config

pytestmark = pytest.mark.service

LATER = MORNING + timedelta(hours=1)
MIDNIGHT = MORNING.replace(hour=0, minute=0)
NIGHT = MIDNIGHT + timedelta(minutes=5)
"""Of the 18th where the hotline is; in UTC it is the 17th."""


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RecordsConfig, RecordsConfig]]:
    """The same days of a hotline on a server and in a file."""
    server = PostgreSQL()
    here = RecordsConfig(site="jinan", data_dir=tmp_path_factory.mktemp("file"))
    url = f"postgresql://gateway@127.0.0.1:{server.port}/postgres"
    there = replace(here, url=url, data_dir=tmp_path_factory.mktemp("server"))
    for config in (there, here):
        lived(config)
    yield there, here
    server.stop()


def lived(config: RecordsConfig) -> None:
    """Calls by day and by night, of an earlier version, left open by a crash; a ticket, an agent, a warning."""
    crashed = Told(call="crashed", at=LATER).rings(2).answered().says("greeting")
    Archive(config).write(
        talker(call="night", at=NIGHT), talker(call="day"), noisy(call="earlier", at=LATER), crashed
    )
    database = Database(config.url, config.data_dir)
    with database.engine.begin() as connection:
        connection.execute(update(CallRow).where(CallRow.call == "earlier").values(kept=None, broken=None))
    database.close()
    with gateway(replace(tickets_config(config.data_dir), records=config)) as book:
        hears(book, asks(call="asked").hung_up())
    log = AgentLog(config, lambda: LATER)
    log.start()
    log.changed("801", Presence.FREE, "log in", MORNING)
    log.stop()
    with NumbersBook(config) as numbers:
        numbers.warn(NUMBER, note="每天", by="lin", at=MORNING)


def connected(config: RecordsConfig, ask: Callable[[Connection], Any]) -> Any:
    database = Database(config.url, config.data_dir)
    with database.engine.connect() as connection:
        answer = ask(connection)
    database.close()
    return answer


def records(config: RecordsConfig) -> Any:
    with Store(config) as store:
        return store.calls(), store.calls(MORNING), store.timeline("day")


def tickets(config: RecordsConfig) -> Any:
    book = TicketBook(replace(tickets_config(config.data_dir), records=config))
    found = [(ticket, book.history(ticket.id)) for ticket in book.tickets()]
    book.close()
    return found


def people(config: RecordsConfig) -> Any:
    with AgentsOnRecord(config) as agents, NumbersBook(config) as numbers:
        return agents.changes(), agents.changes(LATER), numbers.all()


def figures(config: RecordsConfig) -> Any:
    until = MIDNIGHT + timedelta(days=1)
    return connected(config, lambda connection: list(calls_read(connection, MIDNIGHT, until, ZONE, "jinan")))


def owing(config: RecordsConfig) -> Any:
    overdue = MORNING + timedelta(hours=25)
    period = Period(MIDNIGHT, MIDNIGHT + timedelta(days=1), overdue)
    return connected(config, lambda connection: owed(connection, period, "jinan"))


def exported(config: RecordsConfig) -> Any:
    with Privacy(config) as privacy:
        return privacy.export(NUMBER, LATER)


@pytest.mark.parametrize("read", [records, tickets, people, figures, owing, exported])
def test_what_is_read_is_what_a_file_gives(
    places: tuple[RecordsConfig, RecordsConfig], read: Callable[[RecordsConfig], Any]
) -> None:
    there, here = places
    assert connected(there, lambda asked: asked.exec_driver_sql("SHOW timezone").scalar()) == TIME_ZONE
    assert read(there) == read(here)


def test_a_time_is_the_one_that_was_told(places: tuple[RecordsConfig, RecordsConfig]) -> None:
    (calls, since, _), (ticket, _) = records(places[0]), tickets(places[0])[0]
    assert [(call.call, call.offered_at) for call in calls][:2] == [("night", NIGHT), ("day", MORNING)]
    assert "night" not in [call.call for call in since]
    assert ticket.deadline - ticket.opened_at == timedelta(hours=24)
    assert ticket.opened_at.date() == MORNING.date()
    assert [call.call for call in figures(places[0])] == ["night", "day", "crashed", "earlier"]


MADE_AT = re.compile(r'"made_at": "[^"]+", |(?<=</span> )\d{4}-\d\d-\d\d \d\d:\d\d(?= ·)')
FORMS = (
    ReportOptions(by=By.HOUR),
    ReportOptions(as_json=True),
    ReportOptions(csv=Path("report.csv"), by=By.HOUR),
    ReportOptions(html=Path("report.html")),
)


def test_a_report_of_the_month_in_every_form(
    places: tuple[RecordsConfig, RecordsConfig], capsys: pytest.CaptureFixture[str]
) -> None:
    """Made of the server, it is the one made of the file."""
    text, data, table, page = (made(places[0], form, capsys) for form in FORMS)
    assert [text, data, table, page] == [made(places[1], form, capsys) for form in FORMS]
    assert json.loads(data)["figures"]["offered"] == 4
    assert "<svg" in page
    assert [row.split(",")[0].strip('"') for row in table.splitlines()[1:]] == ["00", "09", "10"]
    assert "2026-02-01 00:00" in text


def made(config: RecordsConfig, form: ReportOptions, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command puts out, but for when it was made."""
    file = config.data_dir / "gateway.toml"
    url = f'[records]\nurl = "{config.url}"\n' if config.url else ""
    file.write_text(CONFIG + url, encoding="utf-8")
    csv, html = (out and config.data_dir / out for out in (form.csv, form.html))
    assert report(file, replace(form, month="2026-02", csv=csv, html=html)) == 0
    told = capsys.readouterr().out
    written = csv or html
    return MADE_AT.sub("", written.read_text(encoding="utf-8") if written else told)


def test_a_call_that_a_crash_left_open_ends_with_its_last_fact(
    places: tuple[RecordsConfig, RecordsConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Last but one: it changes what is there."""
    monkeypatch.setattr(run_lock, "GRACE", 0.0)  # the server has just been started; nobody else is there
    ledger = Ledger(places[0])
    ledger.close_orphans()
    ledger.close()
    with Store(places[0]) as store:
        told = [(event.fact, event.at) for event in store.timeline("crashed")]
        ended_at = store.call("crashed").ended_at
    assert told[-1] == ("released", ended_at)
    assert ended_at == told[-2][1]
    assert told[-2][1] - LATER < timedelta(minutes=1)


def test_what_is_deleted_by_its_age_is_what_is_so_old(places: tuple[RecordsConfig, RecordsConfig]) -> None:
    retention = Retention(places[0], 30, now=lambda: MORNING + timedelta(days=30, seconds=-1))
    retention.search()
    retention.stop()
    with Store(places[0]) as store:
        assert [call.call for call in store.calls()] == ["day", "crashed", "earlier"]
