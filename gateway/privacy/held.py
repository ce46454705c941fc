"""What the database holds on one number: which calls, tickets, events and entries. All sites' that share it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, cast, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from gateway.people.schema import NumberRow
from gateway.privacy.written import Written
from gateway.records.schema import CallRow, EventRow
from gateway.tickets.schema import AttemptRow, EntryRow, TicketRow

AT_ONCE: Final = 500
"""Keys in one query: older SQLites take 999 values."""
ROWS: Final = 1000
"""Rows fetched at once."""


@dataclass(slots=True)
class Held:
    """Keys of the rows. `own`: of whoever calls from the number, or was called back at it. `naming`: others in
    which it is written, as when somebody keyed it in to be called back there."""

    own_calls: set[str] = field(default_factory=set)
    naming_calls: set[str] = field(default_factory=set)
    own_tickets: set[int] = field(default_factory=set)
    naming_tickets: set[int] = field(default_factory=set)
    line_events: set[int] = field(default_factory=set)
    """Events that belong to no call."""
    listed: bool = False
    """Whether it has an entry among the numbers with a history."""
    notes: set[str] = field(default_factory=set)
    """Other numbers with a history, whose note names it."""

    @property
    def calls(self) -> set[str]:
        """All of them."""
        return self.own_calls | self.naming_calls

    @property
    def tickets(self) -> set[int]:
        """All of them."""
        return self.own_tickets | self.naming_tickets

    def __bool__(self) -> bool:
        return bool(self.calls or self.tickets or self.line_events or self.listed or self.notes)


def find(session: Session, written: Written) -> Held:
    """Look for the number, in whatever form it was stored. Reads the calls and events once from end to end: some
    seconds for years of them; nobody waits for it."""
    held = Held()
    _own_calls(session, written, held)
    _tickets(session, written, held)
    _naming_calls(session, written, held)
    _numbers(session, written, held)
    return held


def _own_calls(session: Session, written: Written, held: Held) -> None:
    same: dict[str, bool] = {}
    query = select(CallRow.call, CallRow.caller).where(CallRow.caller.is_not(None))
    for call, caller in session.execute(query).yield_per(ROWS):
        found = same.get(caller or "")
        if found is None:
            found = same[caller or ""] = written.is_it(caller)
        if found:
            held.own_calls.add(call)


def _tickets(session: Session, written: Written, held: Held) -> None:
    for ticket, number, call in session.execute(select(TicketRow.id, TicketRow.number, TicketRow.call)):
        if written.is_it(number) or call in held.own_calls:
            held.own_tickets.add(ticket)
    attempts = select(AttemptRow.ticket, AttemptRow.telephone)
    # A ticket that was owed a call at this number and then at another one is not this number's any more.
    held.naming_tickets |= {ticket for ticket, number in session.execute(attempts) if written.is_it(number)}
    texts = (TicketRow.text, TicketRow.reply, TicketRow.answers)
    held.naming_tickets |= set(_naming(session, TicketRow.id, texts, written))
    held.naming_tickets |= set(_naming(session, EntryRow.ticket, (EntryRow.what, EntryRow.why), written))
    held.naming_tickets -= held.own_tickets


def _naming_calls(session: Session, written: Written, held: Held) -> None:
    keyed = select(CallRow.call, CallRow.digits).where(_like(CallRow.digits, written))
    held.naming_calls |= {call for call, keys in session.execute(keyed) if written.is_keyed_in(keys)}
    columns = (CallRow.answers, CallRow.call_backs, CallRow.cause)
    held.naming_calls |= set(_naming(session, CallRow.call, columns, written, as_stored=True))
    for number, call in _events(session, written):
        if call is None:
            held.line_events.add(number)
        else:
            held.naming_calls.add(call)
    tickets = select(TicketRow.call).where(TicketRow.call.is_not(None))
    for some in chunks(held.own_tickets):
        held.naming_calls |= {str(call) for call in session.scalars(tickets.where(TicketRow.id.in_(some)))}
    held.naming_calls -= held.own_calls


def _events(session: Session, written: Written) -> Iterator[tuple[int, str | None]]:
    query = select(EventRow.number, EventRow.call, EventRow.data).where(_like(EventRow.data, written))
    for number, call, data in session.execute(query).yield_per(ROWS):
        if names(data, written):
            yield number, call


def _numbers(session: Session, written: Written, held: Held) -> None:
    held.listed = session.get(NumberRow, written.number) is not None
    held.notes = set(_naming(session, NumberRow.number, (NumberRow.note,), written)) - {written.number}


def _naming(
    session: Session,
    key: InstrumentedAttribute[Any],
    columns: Iterable[Any],
    written: Written,
    *,
    as_stored: bool = False,
) -> Iterator[Any]:
    """Keys of the rows in which one of the columns names the number. `as_stored`: they hold what telephones sent,
    digits in one piece, and the database finds those that may; people write a number as they like."""
    wanted = tuple(columns)
    query = select(key, *wanted)
    if as_stored:
        query = query.where(or_(*(_like(column, written) for column in wanted)))
    for found, *values in session.execute(query).yield_per(ROWS):
        if any(names(value, written) for value in values):
            yield found


def _like(column: Any, written: Written) -> ColumnElement[bool]:
    """Its digits in one piece."""
    return cast(column, Text).like(f"%{written.digits}%")


def names(value: Any, written: Written) -> bool:
    """Whether the number is written in a text or anywhere in JSON, but for times."""
    return bool(written.without(value) != value)


def chunks(keys: Iterable[Any]) -> Iterator[list[Any]]:
    """Keys in their order, so many at once as a query takes."""
    ordered = sorted(keys)
    for at in range(0, len(ordered), AT_ONCE):
        yield ordered[at : at + AT_ONCE]
