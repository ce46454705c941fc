"""What customers were owed in a period: its tickets, read as they are counted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    inspect,
    null,
    select,
)

from gateway.database import Moment, lacking
from gateway.kpi.tickets import TicketFigured, TicketFigures, TicketTally
from gateway.records.unreadable import Unreadable, each_read
from gateway.reports.period import Period

TICKETS = Table(
    "tickets",
    MetaData(),
    Column("id", Integer),
    Column("site", String),
    Column("opened_at", Moment),
    Column("deadline", Moment),
    Column("kind", String),
    Column("owner", String),
    Column("answered_at", Moment),
    Column("call_back", String),
    Column("wrong", Boolean),
)
"""What is counted of the table that `gateway.tickets` keeps. To load that room, which knows the feed and its
broker, would take longer than to read a month of tickets."""


@dataclass(frozen=True, slots=True)
class Owed:
    """The figures of tickets opened in a period: of all, and by the agent who is responsible."""

    overall: TicketFigures = field(default_factory=TicketFigures)
    owners: Mapping[str, TicketFigures] = field(default_factory=dict)


def owed(connection: Connection, period: Period, site: str | None, unreadable: Unreadable | None = None) -> Owed:
    """Count the tickets of one site, or of all; spoiled ones are left out, and noted in `unreadable`. Of a
    database in which no gateway has kept tickets yet: none."""
    if not inspect(connection).has_table(TICKETS.name):
        return Owed()
    unreadable = Unreadable() if unreadable is None else unreadable
    overall = TicketTally(period.now)
    owners: dict[str, TicketTally] = defaultdict(partial(TicketTally, period.now))
    for ticket in _tickets(connection, period, site, unreadable):
        overall.add(ticket)
        owners[ticket.owner].add(ticket)
    return Owed(overall.figures(), {owner: owners[owner].figures() for owner in sorted(owners)})


def _tickets(
    connection: Connection, period: Period, site: str | None, unreadable: Unreadable
) -> Iterator[TicketFigured]:
    names = ("opened_at", "deadline", "kind", "owner", "answered_at", "call_back", "wrong")
    absent = lacking(connection, TICKETS)  # in a database of an earlier version
    columns: list[ColumnElement[Any]] = [null() if name in absent else TICKETS.c[name] for name in names]
    query = select(*columns).where(TICKETS.c.opened_at >= period.since)
    if period.until is not None:
        query = query.where(TICKETS.c.opened_at < period.until)
    if site is not None:
        query = query.where(TICKETS.c.site == site)
    yield from each_read(
        connection, query, TICKETS.c.id, _figured, lambda ticket: unreadable.add(f"ticket {ticket}")
    )


def _figured(row: Row[*tuple[Any, ...]]) -> TicketFigured:
    opened_at, deadline, kind, owner, answered_at, call_back, wrong = row
    if opened_at is None or deadline is None or not isinstance(kind, str) or not isinstance(owner, str):
        raise TypeError("a ticket without a time, kind or owner")
    return TicketFigured(opened_at, deadline, kind, owner, answered_at, call_back is not None, bool(wrong))
