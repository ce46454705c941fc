"""What a call's draft makes of its ticket: the new one, and what later facts add to it. Pure."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from gateway.tickets import rules
from gateway.tickets.draft import Draft
from gateway.tickets.hours import later
from gateway.tickets.rules import GATEWAY, Change
from gateway.tickets.states import CallBackState, TicketState
from gateway.tickets.ticket import ENQUIRY, MESSAGE, Entry, Ticket

UNCHOSEN = (ENQUIRY, MESSAGE)
"""Kinds of tickets of which nobody has said what they are. Any other was said, by an agent maybe: of his words a
draft knows nothing whose call is heard again after a crash."""


def new_ticket(draft: Draft, deadline: float, *, refusal: str | None, due_at: datetime | None) -> Change:
    """The ticket of a draft that is wanted, without an id yet. `deadline` is in seconds; `refusal` tells why
    its number may not be called, None if it may; `due_at` is when, None while the call is up."""
    assert draft.opened_at is not None, "a draft that is not wanted makes no ticket"
    ticket = Ticket(
        id=0,
        site=draft.site,
        call=draft.call,
        opened_at=draft.opened_at,
        deadline=later(draft.opened_at, deadline),
        kind=draft.ticket_kind,
        owner=draft.owner,
    )
    opened = Entry(draft.opened_at, GATEWAY, "opened", draft.opened_by)
    change = enriched(ticket, draft, draft.opened_at, refusal=refusal, due_at=due_at)
    return Change(change.ticket, (opened, *change.entries))


def enriched(
    ticket: Ticket,
    draft: Draft,
    now: datetime,
    *,
    refusal: str | None,
    due_at: datetime | None,
    history: Collection[Entry] = (),
) -> Change:
    """What the draft knows by now; `history` is what was entered before. People's doings stand: an owner whom they
    chose, an answered ticket's call-back; and while the customer is being called his number does. To one that is
    closed words are added, no more."""
    notes = tuple(note for note in draft.notes if note not in history)
    if ticket.state is TicketState.CLOSED:
        return Change(replace(ticket, text=draft.text or ticket.text), notes)
    number, source = draft.reachable_at
    after = replace(
        ticket,
        kind=draft.ticket_kind if draft.kind or ticket.kind in UNCHOSEN else ticket.kind,
        owner=ticket.owner if ticket.reassigned else draft.owner,
        text=draft.text or ticket.text,
        answers=draft.answers,
        recording=draft.recording or ticket.recording,
    )
    if ticket.call_back is not CallBackState.CALLING:
        after = replace(after, number=number, source=source, confirmed=draft.confirmed)
    took = (Entry(now, GATEWAY, f"{after.owner} took the call"),) if after.owner != ticket.owner else ()
    change = Change(after)
    may_ask = after.state is TicketState.OPEN and after.attempts == 0
    if draft.wants_call_back and may_ask and after.call_back not in (CallBackState.CALLING, CallBackState.REACHED):
        change = rules.asked(after, now, refusal)
    if due_at is not None:
        change = Change(rules.due(change.ticket, due_at).ticket, change.entries)
    return Change(change.ticket, (*took, *notes, *change.entries))
