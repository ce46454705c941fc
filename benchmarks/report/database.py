"""Fills a database with a month of calls, their facts, tickets and log-ins, by the product's own hands."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from sqlalchemy import Connection, insert

from benchmarks.report.kinds import DIALPLAN, kinds
from benchmarks.report.month import SITE, Size, month
from gateway.call.facts import Notice, NumberSource
from gateway.database import Database
from gateway.desk.presence import Presence, Why
from gateway.people.schema import AgentLogRow, PeopleBase
from gateway.records import RecordsConfig, Rules
from gateway.records.compliance import judged
from gateway.records.folding import fold
from gateway.records.journal import fact_data, fact_name, row_values
from gateway.records.record import CallRecord
from gateway.records.schema import Base, CallRow, EventRow
from gateway.tickets import CallBackState, Ticket, TicketState
from gateway.tickets.rows import row_values as ticket_values
from gateway.tickets.schema import TicketRow, TicketsBase

AT_ONCE = 1000
"""Calls in one transaction."""
OWED = 25
"""One call in so many leaves something to be answered."""

Rows = list[dict[str, Any]]


def fill(config: RecordsConfig, size: Size) -> int:
    """Make the tables and fill them; gives how many facts there are."""
    database = Database(config.url, config.data_dir)
    database.prepare()
    sorts, rules = kinds(size.begins)
    facts = 0
    try:
        for batch in _batches(month(size, sorts)):
            calls = [_judged(notices, rules) for notices in batch]
            events = [_event(notice) for notices in batch for notice in notices]
            facts += len(events)
            with database.engine.begin() as connection:
                connection.execute(insert(CallRow), [row_values(call) for call in calls])
                connection.execute(insert(EventRow), events)
                _add(connection, TicketRow, [_ticket(number, call) for number, call in enumerate(calls)][::OWED])
        with database.engine.begin() as connection:
            _add(connection, AgentLogRow, list(_log(size)))
    finally:
        database.close()
    return facts


def _add(connection: Connection, table: type[Base | TicketsBase | PeopleBase], rows: Rows) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _batches(calls: Iterator[list[Notice]]) -> Iterator[list[list[Notice]]]:
    batch: list[list[Notice]] = []
    for call in calls:
        batch.append(call)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _judged(notices: list[Notice], rules: Rules) -> CallRecord:
    """The record that the ledger would make of a call's facts."""
    none: CallRecord | None = None
    record = reduce(fold, notices, none)
    assert record is not None
    return judged(record, rules)


def _event(notice: Notice) -> dict[str, Any]:
    fact = notice.fact
    where = {"at": notice.at, "site": SITE, "line": notice.line, "call": notice.call}
    return where | {"fact": fact_name(fact), "data": fact_data(fact)}


def _ticket(number: int, call: CallRecord) -> dict[str, Any]:
    """What the call left to be answered: most in time, some late, some not yet."""
    chance = random.Random(number)
    taken = chance.choice((0.5, 2.0, 5.0, 20.0, 23.0, 26.0, None))
    answered = None if taken is None else call.offered_at + timedelta(hours=taken)
    ticket = Ticket(
        id=0,
        site=SITE,
        call=call.call,
        opened_at=call.offered_at,
        deadline=call.offered_at + timedelta(days=1),
        kind=chance.choice(("message", "enquiry", "complaint", "equipment_fault")),
        owner=call.agent,
        number=call.caller,
        source=NumberSource.CALLER_ID,
        state=TicketState.OPEN if answered is None else TicketState.ANSWERED,
        reply=None if answered is None else "已答复",
        answered_at=answered,
        call_back=CallBackState.PEOPLE if answered is None else CallBackState.REACHED,
    )
    return ticket_values(ticket) | {"version": 0}


def _log(size: Size) -> Iterator[dict[str, Any]]:
    """Each agent logs in for the morning shift of every day, one in forty times too late, and logs out."""
    chance = random.Random(size.seed)
    for day in range(size.days):
        begins = size.begins + timedelta(days=day, hours=8)
        for agent in size.agent_numbers:
            late = timedelta(minutes=chance.uniform(1, 30) if chance.random() < 1 / 40 else -25)
            yield _entry(agent, begins + late, Presence.FREE, Why.LOG_IN)
            yield _entry(agent, begins + timedelta(hours=10), Presence.OFFLINE, Why.LOG_OUT)


def _entry(agent: str, at: datetime, presence: Presence, why: str) -> dict[str, Any]:
    return {"at": at, "site": SITE, "agent": agent, "presence": presence.value, "why": why}


def gateway_toml(size: Size, url: str, data_dir: str) -> str:
    """The config of the hotline whose database it is."""
    agents = ", ".join(f'"{number}"' for number in size.agent_numbers)
    return "\n".join(
        [
            f'site = "{SITE}"',
            f'dialplan = "{DIALPLAN}"',
            f'data_dir = "{data_dir}"',
            'timezone = "Asia/Shanghai"',
            "[records]",
            f'url = "{url}"',
            "[[lines]]",
            'id = "sip1"',
            'driver = "sip"',
            'listen = "127.0.0.1:5062"',
            'aor = "sip:8801@127.0.0.1"',
            f"count = {size.lines}",
            *(f'[[agents]]\nnumber = "{number}"' for number in size.agent_numbers),
            "[[shifts]]",
            f"agents = [{agents}]",
            'days = ["mon-sun"]',
            'from = "08:00"',
            'to = "18:00"',
            "",
        ]
    )
