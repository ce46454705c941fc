"""What the facts on record owe, and whether exactly that is in the tickets: all of it, once."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.call.facts import Notice
from gateway.records import RecordsConfig
from gateway.records.entry import fact_of
from gateway.records.schema import EventRow, UntoldRow
from gateway.tickets import CallBackState, Ticket, TicketBook, TicketsConfig
from gateway.tickets.draft import Draft, folded


def check_tickets(session: Session, config: RecordsConfig) -> int:
    """Gives how many tickets there are. For when a gateway has started and stopped after the last kill."""
    wanted = {call: draft for call, draft in _drafts(session, config).items() if draft.wanted}
    with TicketBook(TicketsConfig(config)) as book:
        tickets = book.tickets()
    assert sorted(str(ticket.call) for ticket in tickets) == sorted(wanted), "every case has a ticket, and one"
    for ticket in tickets:
        _check(ticket, wanted[str(ticket.call)])
    assert not list(session.scalars(select(UntoldRow.call))), "what is in the tickets is not handed to them again"
    return len(tickets)


def _drafts(session: Session, config: RecordsConfig) -> dict[str, Draft]:
    drafts: dict[str, Draft] = {}
    for event in session.scalars(select(EventRow).where(EventRow.call.is_not(None)).order_by(EventRow.number)):
        notice = Notice(event.at.astimezone(config.zone), event.line, event.call, fact_of(event.fact, event.data))
        if (draft := folded(drafts.get(str(event.call)), notice)) is not None:
            drafts[str(event.call)] = draft
    return drafts


def _check(ticket: Ticket, draft: Draft) -> None:
    """The ticket holds what the last fact told, too."""
    assert (ticket.kind, ticket.number) == (draft.ticket_kind, draft.reachable_at[0])
    assert len(ticket.answers) == len(draft.answers)
    assert ticket.call_back in ({CallBackState.OWED} if draft.wants_call_back else {None})
    assert (ticket.due_at is not None) is draft.wants_call_back, "his call is over: he may be called"
