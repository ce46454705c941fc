"""Deletes what a site holds that is older than it may become, a few rows a transaction."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Delete, Engine, Select, and_, delete, exists, func, or_, select
from sqlalchemy.engine import CursorResult

from gateway.desk.presence import Presence
from gateway.people.schema import AgentLogRow, NumberRow
from gateway.records.schema import CallRow, EventRow
from gateway.tickets.schema import AttemptRow, EntryRow, TicketRow
from gateway.tickets.states import TicketState

CALLS_AT_ONCE: Final = 20
"""Calls deleted in one transaction, each with some 30 events: SQLite has one writer, and whoever else has
something to write waits for this one; docs/privacy.md tells how long."""
ROWS_AT_ONCE: Final = 200
"""The same of rows that stand alone."""
BREATH: Final = 0.05
"""Seconds between two transactions: meanwhile the database is whoever's waits for it."""

_NEEDED = exists().where(
    TicketRow.state != TicketState.CLOSED.value,
    or_(and_(TicketRow.call == CallRow.call, TicketRow.site == CallRow.site), TicketRow.id == CallRow.ticket),
)
"""A call whose customer is still owed something, and a call-back that was owed him."""


@dataclass(slots=True)
class Deleted:
    """How much was."""

    calls: int = 0
    events: int = 0
    tickets: int = 0
    log_entries: int = 0
    numbers: int = 0

    def __bool__(self) -> bool:
        return any((self.calls, self.events, self.tickets, self.log_entries, self.numbers))

    def __str__(self) -> str:
        return (
            f"{self.calls} calls, {self.events} events, {self.tickets} tickets, "
            f"{self.log_entries} entries of the agents' log, {self.numbers} numbers"
        )


class Ageing:
    """One search for what is too old; of one site, but for counted numbers, which belong to none."""

    def __init__(self, engine: Engine, site: str, before: datetime, ended: threading.Event) -> None:
        """What is older than `before` (aware) goes. Once `ended` is set the search ends, at the latest after the
        transaction that it is at."""
        self._engine = engine
        self._site = site
        self._before = before
        self._ended = ended
        self.deleted = Deleted()
        """So far: what was deleted stays so if the search breaks off."""

    def run(self) -> None:
        """Delete all of it. Raises SQLAlchemyError."""
        self._each(self._tickets(), ROWS_AT_ONCE, self._delete_tickets)
        self._each(self._calls(), CALLS_AT_ONCE, self._delete_calls)
        self._each(self._line_events(), ROWS_AT_ONCE, self._delete_events)
        self._each(self._log_entries(), ROWS_AT_ONCE, self._delete_log_entries)
        self._each(self._numbers(), ROWS_AT_ONCE, self._delete_numbers)

    # -- what is too old ---------------------------------------------------------------------------------------

    def _tickets(self) -> Select[Any]:
        closed = (TicketRow.state == TicketState.CLOSED.value, TicketRow.closed_at < self._before)
        return select(TicketRow.id).where(TicketRow.site == self._site, *closed)

    def _calls(self) -> Select[Any]:
        """Those that have ended; one that is up has no end to be compared."""
        return select(CallRow.call).where(CallRow.site == self._site, CallRow.ended_at < self._before, ~_NEEDED)

    def _line_events(self) -> Select[Any]:
        """What happened to lines; a call's events go with the call."""
        old = (EventRow.call.is_(None), EventRow.at < self._before)
        return select(EventRow.number).where(EventRow.site == self._site, *old)

    def _log_entries(self) -> Select[Any]:
        """But for what an agent still is: nothing newer tells it."""
        newest = select(func.max(AgentLogRow.entry)).where(AgentLogRow.site == self._site)
        newest = newest.group_by(AgentLogRow.agent)
        over = or_(AgentLogRow.presence == Presence.OFFLINE.value, AgentLogRow.entry.not_in(newest))
        return select(AgentLogRow.entry).where(AgentLogRow.site == self._site, AgentLogRow.at < self._before, over)

    def _numbers(self) -> Select[Any]:
        return select(NumberRow.number).where(*self._forgettable())

    def _forgettable(self) -> Sequence[Any]:
        """Not on the list of those who are warned; nothing was counted since."""
        return ~NumberRow.warned, or_(NumberRow.last_at.is_(None), NumberRow.last_at < self._before)

    # -- and is deleted ----------------------------------------------------------------------------------------

    def _each(self, query: Select[Any], size: int, work: Callable[[Connection, Sequence[Any]], None]) -> None:
        for batch in self._batches(query, size):
            with self._engine.begin() as connection:
                work(connection, batch)
            if self._ended.wait(BREATH):
                return

    def _batches(self, query: Select[Any], size: int) -> Iterator[Sequence[Any]]:
        """The keys that the query finds, read before anything is locked; again until it finds none."""
        while not self._ended.is_set():
            with self._engine.connect() as connection:
                batch = connection.scalars(query.limit(size)).all()
            if not batch:
                return
            yield batch

    def _delete_tickets(self, connection: Connection, tickets: Sequence[Any]) -> None:
        _rows(connection, delete(AttemptRow).where(AttemptRow.ticket.in_(tickets)))
        _rows(connection, delete(EntryRow).where(EntryRow.ticket.in_(tickets)))
        self.deleted.tickets += _rows(connection, delete(TicketRow).where(TicketRow.id.in_(tickets)))

    def _delete_calls(self, connection: Connection, calls: Sequence[Any]) -> None:
        self.deleted.events += _rows(connection, delete(EventRow).where(EventRow.call.in_(calls)))
        self.deleted.calls += _rows(connection, delete(CallRow).where(CallRow.call.in_(calls)))

    def _delete_events(self, connection: Connection, events: Sequence[Any]) -> None:
        self.deleted.events += _rows(connection, delete(EventRow).where(EventRow.number.in_(events)))

    def _delete_log_entries(self, connection: Connection, entries: Sequence[Any]) -> None:
        self.deleted.log_entries += _rows(connection, delete(AgentLogRow).where(AgentLogRow.entry.in_(entries)))

    def _delete_numbers(self, connection: Connection, numbers: Sequence[Any]) -> None:
        """He may have called again since they were looked for."""
        still = delete(NumberRow).where(NumberRow.number.in_(numbers), *self._forgettable())
        self.deleted.numbers += _rows(connection, still)


def _rows(connection: Connection, statement: Delete) -> int:
    result = connection.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount
