"""Erases what is held on one number from the database, while a gateway writes it or none does."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.orm import Session

from gateway.database import RecordsError
from gateway.people.schema import NumberRow
from gateway.privacy.erased import call_changes, entry_changes, event_changes, ticket_changes
from gateway.privacy.held import Held, chunks
from gateway.privacy.schema import ErasureRow
from gateway.privacy.written import ERASED, Written
from gateway.records.schema import CallRow, EventRow
from gateway.tickets.schema import AttemptRow, EntryRow, TicketRow
from gateway.tickets.states import CallBackState, TicketState

CALLS_AT_ONCE: Final = 20
"""Calls changed in one transaction: a gateway that has something to write waits for it."""

Gone = Callable[[str | None], bool]
"""Whether the recording of this name has been deleted."""


class ErasureRefused(RecordsError):
    """It cannot be erased now; the message names what is in the way and the cure."""


@dataclass(slots=True)
class Erased:
    """How much was."""

    calls: int = 0
    events: int = 0
    tickets: int = 0
    recordings: int = 0
    listed: int = 0
    """Entries among the numbers with a history."""


def refuse(session: Session, held: Held, *, with_open_tickets: bool) -> None:
    """Raises ErasureRefused while a call of the number is up, or its customer is owed something."""
    up = [
        call
        for some in chunks(held.calls)
        for call in session.scalars(
            select(CallRow.call).where(CallRow.call.in_(some), CallRow.ended_at.is_(None)).order_by(CallRow.call)
        )
    ]
    if up:
        raise ErasureRefused(
            f"a call with this number is up: {_named(up)}; wait for its end (one that a crash left open ends when "
            "the gateway starts), then try again"
        )
    owed = [
        (ticket, call_back)
        for some in chunks(held.own_tickets)
        for ticket, call_back in session.execute(
            select(TicketRow.id, TicketRow.call_back)
            .where(TicketRow.id.in_(some), TicketRow.state == TicketState.OPEN.value)
            .order_by(TicketRow.id)
        )
    ]
    calling = [ticket for ticket, call_back in owed if call_back == CallBackState.CALLING.value]
    if calling:
        raise ErasureRefused(f"the customer of ticket {_named(calling)} is being called; wait for that call's end")
    if owed and not with_open_tickets:
        tickets = _named(ticket for ticket, _ in owed)
        raise ErasureRefused(
            f"the customer is owed an answer: ticket {tickets}; answer it (sansheng tickets answer), or close it "
            "unanswered with --with-open-tickets"
        )


class Erasure:
    """One erasure. What is done is done for good, a few rows a transaction: one that breaks off goes on when it is
    begun again. Any method may raise SQLAlchemyError."""

    def __init__(self, engine: Engine, written: Written, held: Held, gone: Gone) -> None:
        self._engine = engine
        self._written = written
        self._held = held
        self._gone = gone
        self.erased = Erased()
        self.note = 0
        """The key of its note."""

    def begin(self, by: str, why: str, now: datetime) -> None:
        """Note that it is begun: when (aware), by whom, why."""
        note = ErasureRow(at=now, by=by, why=why, what={})
        with Session(self._engine) as session, session.begin():
            session.add(note)
            session.flush()
            self.note = note.number

    def run(self, by: str, now: datetime, recordings: int) -> None:
        """Erase the rows; with the last of them it is noted how much that was."""
        self.erased.recordings = recordings
        self._tickets(by, now)
        self._calls()
        self._rest()

    def _calls(self) -> None:
        ordered = sorted(self._held.calls)
        for at in range(0, len(ordered), CALLS_AT_ONCE):
            with Session(self._engine) as session, session.begin():
                for call in ordered[at : at + CALLS_AT_ONCE]:
                    self._call(session, call, own=call in self._held.own_calls)

    def _call(self, session: Session, call: str, *, own: bool) -> None:
        for row in session.execute(select(*CallRow.__table__.columns).where(CallRow.call == call)).mappings():
            changes = call_changes(dict(row), self._written, own=own, gone=self._gone)
            if changes:
                session.execute(update(CallRow).where(CallRow.call == call).values(changes))
                self.erased.calls += 1
        self._events(session, EventRow.call == call, own=own)

    def _events(self, session: Session, which: Any, *, own: bool) -> None:
        for number, fact, data in session.execute(
            select(EventRow.number, EventRow.fact, EventRow.data).where(which)
        ).all():
            left = event_changes(fact, data, self._written, own=own, gone=self._gone)
            if left != data:
                session.execute(update(EventRow).where(EventRow.number == number).values(data=left))
                self.erased.events += 1

    def _tickets(self, by: str, now: datetime) -> None:
        for ticket in sorted(self._held.tickets):
            with Session(self._engine) as session, session.begin():
                self._ticket(session, ticket, by, now, own=ticket in self._held.own_tickets)

    def _ticket(self, session: Session, ticket: int, by: str, now: datetime, *, own: bool) -> None:
        entries = select(*EntryRow.__table__.columns).where(EntryRow.ticket == ticket)
        for entry in session.execute(entries).mappings().all():
            if changes := entry_changes(dict(entry), self._written, own=own):
                session.execute(update(EntryRow).where(EntryRow.number == entry["number"]).values(changes))
        for row in session.execute(select(*TicketRow.__table__.columns).where(TicketRow.id == ticket)).mappings():
            changes = ticket_changes(dict(row), self._written, own=own, gone=self._gone)
            if own and row["state"] == TicketState.OPEN.value:
                changes |= _shut(row["call_back"], now) | {"version": row["version"] + 1}
                told = {"ticket": ticket, "at": now, "who": by, "what": "closed", "why": "erased"}
                session.execute(insert(EntryRow).values(told))
            if changes:
                session.execute(update(TicketRow).where(TicketRow.id == ticket).values(changes))
                self.erased.tickets += 1
        self._attempts(session, ticket, own=own)

    def _attempts(self, session: Session, ticket: int, *, own: bool) -> None:
        attempts = select(AttemptRow.number, AttemptRow.telephone).where(AttemptRow.ticket == ticket)
        for number, telephone in session.execute(attempts).all():
            if own or self._written.is_it(telephone):
                session.execute(update(AttemptRow).where(AttemptRow.number == number).values(telephone=ERASED))

    def _rest(self) -> None:
        """Events of no call, and the numbers with a history."""
        written, held = self._written, self._held
        with Session(self._engine) as session, session.begin():
            for some in chunks(held.line_events):
                self._events(session, EventRow.number.in_(some), own=False)
            for row in session.scalars(select(NumberRow).where(NumberRow.number.in_(sorted(held.notes)))):
                row.note = written.without(row.note)
            if session.get(NumberRow, written.number) is not None:
                session.execute(delete(NumberRow).where(NumberRow.number == written.number))
                self.erased.listed = 1
            note = update(ErasureRow).where(ErasureRow.number == self.note)
            session.execute(note.values(what=asdict(self.erased)))


def to_be_wiped(session: Session) -> list[int]:
    """The notes of erasures whose rows are gone, but maybe not yet from the files: they broke off there, or are
    there now."""
    open_notes = select(ErasureRow.number, ErasureRow.what).where(ErasureRow.finished_at.is_(None))
    return [number for number, what in session.execute(open_notes) if what]


def finish(session: Session, notes: Iterable[int], now: datetime) -> None:
    """Note that nothing of them is left to be done."""
    open_notes = update(ErasureRow).where(ErasureRow.number.in_(list(notes)), ErasureRow.finished_at.is_(None))
    session.execute(open_notes.values(finished_at=now))


def _shut(call_back: str | None, now: datetime) -> dict[str, Any]:
    """An open ticket that is closed without an answer; nobody is called."""
    people = None if call_back is None else CallBackState.PEOPLE.value
    return {"state": TicketState.CLOSED.value, "closed_at": now, "call_back": people, "due_at": None}


def _named(keys: Iterable[Any]) -> str:
    listed = [str(key) for key in keys]
    return ", ".join(listed[:5]) + (f" and {len(listed) - 5} more" if len(listed) > 5 else "")
