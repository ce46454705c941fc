"""Tickets as rows and back. Pure."""

from dataclasses import fields
from datetime import datetime, tzinfo
from typing import Any

from gateway.call.facts import NumberSource
from gateway.records.noted import AnswerNoted
from gateway.tickets.schema import EntryRow, TicketRow
from gateway.tickets.states import CallBackState, TicketState
from gateway.tickets.ticket import Entry, Ticket


def row_values(ticket: Ticket) -> dict[str, Any]:
    """The columns of a ticket but its id."""
    values = {one.name: _text(getattr(ticket, one.name)) for one in fields(ticket) if one.name != "id"}
    return values | {
        "source": ticket.source.value if ticket.source else None,
        "answers": [answer.fields() for answer in ticket.answers],
        "state": ticket.state.value,
        "call_back": ticket.call_back.value if ticket.call_back else None,
    }


def ticket_of(row: TicketRow, zone: tzinfo) -> Ticket:
    """The ticket that a row holds, its times in `zone`."""
    return Ticket(
        id=row.id,
        site=row.site,
        call=row.call,
        opened_at=row.opened_at.astimezone(zone),
        deadline=row.deadline.astimezone(zone),
        kind=row.kind,
        owner=row.owner,
        number=row.number,
        source=NumberSource(row.source) if row.source else None,
        confirmed=row.confirmed,
        text=row.text,
        answers=tuple(
            AnswerNoted(**answer | {"at": datetime.fromisoformat(answer["at"])}) for answer in row.answers
        ),
        recording=row.recording,
        state=TicketState(row.state),
        reply=row.reply,
        answered_at=_in_zone(row.answered_at, zone),
        closed_at=_in_zone(row.closed_at, zone),
        call_back=CallBackState(row.call_back) if row.call_back else None,
        due_at=_in_zone(row.due_at, zone),
        attempts=row.attempts,
        reassigned=row.reassigned,
        wrong=bool(row.wrong),
        version=row.version,
    )


def entry_values(ticket: int, entry: Entry) -> dict[str, Any]:
    """The columns of a line of history."""
    return {
        "ticket": ticket,
        "at": entry.at,
        "who": _text(entry.who)[:64],
        "what": _text(entry.what),
        "why": _text(entry.why),
    }


def entry_of(row: EntryRow, zone: tzinfo) -> Entry:
    """The line of history that a row holds."""
    return Entry(row.at.astimezone(zone), row.who, row.what, row.why)


def _in_zone(at: datetime | None, zone: tzinfo) -> datetime | None:
    return None if at is None else at.astimezone(zone)


def _text(value: Any) -> Any:
    """Text every database takes: without NUL (PostgreSQL) and without lone surrogates."""
    return value.replace("\0", "").encode(errors="replace").decode() if isinstance(value, str) else value
