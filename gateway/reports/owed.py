"""What customers were owed in a period: its tickets, read as they are counted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Boolean, Column, Connection, MetaData, String, Table, inspect, null, select

from gateway.database import Moment, lacking
from gateway.kpi.tickets import TicketFigured, TicketFigures, TicketTally
from gateway.reports.period import Period
from gateway.reports.reading import ROWS

TICKETS = Table(
    "tickets",
    MetaData(),
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


def owed(connection: Connection, period: Period, site: str | None) -> Owed:
    """Count the tickets of one site, or of all. Of a database in which no gateway has kept tickets yet: none."""
    if not inspect(connection).has_table(TICKETS.name):
        return Owed()
    overall = TicketTally(period.now)
    owners: dict[str, TicketTally] = defaultdict(partial(TicketTally, period.now))
    for ticket in _tickets(connection, period, site):
        overall.add(ticket)
        owners[ticket.owner].add(ticket)
    return Owed(overall.figures(), {owner: owners[owner].figures() for owner in sorted(owners)})


def _tickets(connection: Connection, period: Period, site: str | None) -> Iterator[TicketFigured]:
    names = ("opened_at", "deadline", "kind", "owner", "answered_at", "call_back", "wrong")
    absent = lacking(connection, TICKETS)  # in a database of an earlier version
    columns = [null() if name in absent else TICKETS.c[name] for name in names]
    query = select(*columns).where(TICKETS.c.opened_at >= period.since)
    if period.until is not None:
        query = query.where(TICKETS.c.opened_at < period.until)
    if site is not None:
        query = query.where(TICKETS.c.site == site)
    for row in connection.execute(query, execution_options={"yield_per": ROWS}):
        opened_at, deadline, kind, owner, answered_at, call_back, wrong = row
        yield TicketFigured(opened_at, deadline, kind, owner, answered_at, call_back is not None, bool(wrong))
