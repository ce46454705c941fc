"""A site's database with calls, tickets, agents and numbers in it, told at any time."""

import itertools
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from gateway.database import Database
from gateway.records import CallRecord, RecordsConfig, Store
from gateway.records.entry import Entry
from gateway.records.ledger import Ledger
from gateway.tickets import Ticket
from tests.service.told import Told
from tests.unit.tickets.counter import gateway, hears, tickets_config

_seq = itertools.count(1)


def moved(told: Told, by: timedelta) -> Told:
    """The same call at another time."""
    return replace(told, notices=[replace(notice, at=notice.at + by) for notice in told.notices])


@dataclass
class Archive:
    """Everything as the gateway itself writes it, and closed again."""

    config: RecordsConfig

    @property
    def folder(self) -> Path:
        return self.config.data_dir

    def database(self) -> Database:
        database = Database(self.config.url, self.config.data_dir)
        database.prepare()
        return database

    def write(self, *calls: Told) -> None:
        """Calls with their facts."""
        ledger = Ledger(self.config)
        ledger.prepare()
        ledger.write([Entry.of("run", next(_seq), notice) for told in calls for notice in told.notices])
        ledger.close()

    def ticketed(self, *calls: Told) -> None:
        """Calls with their facts, and the tickets that they make."""
        self.write(*calls)
        with gateway(tickets_config(self.folder, self.config.site)) as book:
            hears(book, *calls)

    def tickets(self) -> list[Ticket]:
        with gateway(tickets_config(self.folder, self.config.site)) as book:
            return book.tickets()

    def shut(self, ticket: int, when: datetime) -> None:
        """It was answered and closed then."""
        with gateway(tickets_config(self.folder, self.config.site)) as book:
            book.answer(ticket, "801", "已修好", when)
            book.shut(ticket, "801", when)

    def calls(self) -> dict[str, CallRecord]:
        with Store(self.config) as store:
            return {record.call: record for record in store.calls()}

    def add(self, table: Any, *rows: dict[str, Any]) -> None:
        database = self.database()
        with database.engine.begin() as connection:
            connection.execute(insert(table), rows)
        database.close()

    def all(self, *columns: Any) -> list[Any]:
        """The rows of these columns."""
        database = self.database()
        with database.engine.connect() as connection:
            rows = connection.execute(select(*columns)).all()
        database.close()
        return [row[0] if len(columns) == 1 else tuple(row) for row in rows]


def archive_in(folder: Path, site: str = "jinan", **config: Any) -> Archive:
    return Archive(RecordsConfig(site=site, data_dir=folder / "var", **config))
