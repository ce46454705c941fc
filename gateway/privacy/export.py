"""All that is held on one number, as one JSON document."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.people.schema import NumberRow
from gateway.privacy.held import Held, chunks
from gateway.privacy.recordings import named
from gateway.privacy.written import Written
from gateway.records.journal import record_of
from gateway.records.noted import rfc3339, rfc3339_or_none
from gateway.records.schema import CallRow, EventRow
from gateway.records.unreadable import SPOILED, Unreadable
from gateway.tickets.rows import entry_of, ticket_of
from gateway.tickets.schema import AttemptRow, EntryRow, TicketRow


def document(session: Session, written: Written, held: Held, zone: tzinfo, now: datetime) -> dict[str, Any]:
    """Everything of the number's own, whole; of other people's calls and tickets that name it, where they do.
    Times in `zone`."""
    unreadable = Unreadable()
    calls = [_call(session, call, zone, unreadable) for call in sorted(held.own_calls)]
    tickets = [_ticket(session, ticket, zone, now, unreadable) for ticket in sorted(held.own_tickets)]
    return {
        "number": written.number,
        "exported_at": rfc3339(now),
        "calls": [call for call in calls if call is not None],
        "tickets": [ticket for ticket in tickets if ticket is not None],
        "unreadable": unreadable.names,
        "listed": _listed(session, written, zone) if held.listed else None,
        "recordings": sorted(named(session, held)),
        "named_in": {
            "calls": _named_in(session, held.naming_calls, written, zone),
            "tickets": sorted(held.naming_tickets),
            "notes": len(held.notes),
        },
    }


def _call(session: Session, call: str, zone: tzinfo, unreadable: Unreadable) -> dict[str, Any] | None:
    try:
        record = record_of(session.get_one(CallRow, call), zone)
        events = session.scalars(select(EventRow).where(EventRow.call == call).order_by(EventRow.number))
        told = [{"at": rfc3339(row.at.astimezone(zone)), "fact": row.fact, "data": row.data} for row in events]
        return record.fields() | {"events": told}
    except SPOILED:
        unreadable.add(f"call {call}")
        return None


def _ticket(
    session: Session, ticket: int, zone: tzinfo, now: datetime, unreadable: Unreadable
) -> dict[str, Any] | None:
    history = session.scalars(select(EntryRow).where(EntryRow.ticket == ticket).order_by(EntryRow.number))
    attempts = session.scalars(select(AttemptRow).where(AttemptRow.ticket == ticket).order_by(AttemptRow.number))
    try:
        found = ticket_of(session.get_one(TicketRow, ticket), zone)
        return found.fields(now, show_numbers=True) | {
            "history": [entry_of(row, zone).fields() for row in history],
            "call_backs": [_attempt(row, zone) for row in attempts],
        }
    except SPOILED:
        unreadable.add(f"ticket {ticket}")
        return None


def _attempt(row: AttemptRow, zone: tzinfo) -> dict[str, Any]:
    times = {"at": row.at, "dialled_at": row.dialled_at, "ended_at": row.ended_at}
    in_zone = {name: rfc3339_or_none(at and at.astimezone(zone)) for name, at in times.items()}
    return {"telephone": row.telephone, "result": row.result, **in_zone}


def _listed(session: Session, written: Written, zone: tzinfo) -> dict[str, Any]:
    row = session.get_one(NumberRow, written.number)
    return {
        "nuisance": row.nuisance,
        "foul_language": row.foul_language,
        "last_at": rfc3339_or_none(row.last_at and row.last_at.astimezone(zone)),
        "warned": row.warned,
        "note": row.note,
        "warned_since": rfc3339_or_none(row.warned_since and row.warned_since.astimezone(zone)),
        "warned_by": row.warned_by,
    }


def _named_in(session: Session, calls: Iterable[str], written: Written, zone: tzinfo) -> list[dict[str, Any]]:
    """When somebody else named it; nothing of himself."""
    rows = [
        row
        for some in chunks(calls)
        for row in session.execute(
            select(CallRow.call, CallRow.site, CallRow.offered_at, CallRow.call_backs).where(
                CallRow.call.in_(some)
            )
        )
    ]
    return [
        {
            "call": row.call,
            "site": row.site,
            "offered_at": rfc3339(row.offered_at.astimezone(zone)),
            "call_backs": [asked for asked in row.call_backs or () if written.is_in(asked["number"])],
        }
        for row in rows
    ]
