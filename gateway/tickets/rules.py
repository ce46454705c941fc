"""What may be done with a ticket, and what it makes of it. Pure: a ticket in, a changed one and its history out.

Every rule raises TicketRefused where the tables of `states` do not allow it; nothing has changed then.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from gateway.tickets.errors import TicketRefused
from gateway.tickets.policy import DIED, NO_LINE, REACHED, VACANT, CallBackPolicy
from gateway.tickets.states import CALL_BACKS, TICKETS, Act, CallBackState, TicketState
from gateway.tickets.ticket import Entry, Ticket

GATEWAY: Final = "gateway"
"""Who did it, where no person has."""

CLOSED_AFTER: Final = timedelta(days=7)
"""How long an answered ticket waits for people to close it: who is not content with an answer calls again within
the week, and a week holds every working day."""

CALLED_BACK = "called back"
"""The reply of a ticket whose customer was reached: an agent is talking to him."""

_CLOSED = "is closed; a customer who asks again has a new ticket"
_REFUSALS = {
    (TicketState.OPEN, Act.CLOSE): "has not been answered; a ticket is closed when the customer has his answer",
    (TicketState.ANSWERED, Act.ANSWER): "is answered already",
    (TicketState.CLOSED, Act.ANSWER): _CLOSED,
    (TicketState.CLOSED, Act.CLOSE): "is closed already",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A ticket as a rule leaves it, and what is added to its history."""

    ticket: Ticket
    entries: tuple[Entry, ...] = ()


def answered(ticket: Ticket, who: str, reply: str, now: datetime) -> Change:
    """People have answered the customer with `reply`; a call-back that is owed is not made any more."""
    if not reply.strip():
        raise TicketRefused(f"ticket {ticket.id}: the answer has no words; give what the customer was told")
    state = _moved(ticket, Act.ANSWER)
    after = replace(ticket, state=state, reply=reply, answered_at=now)
    if after.call_back is CallBackState.OWED:
        after = _called(after, Act.LEAVE, None)
    return Change(after, (Entry(now, who, "answered", reply),))


def closed(ticket: Ticket, who: str, now: datetime) -> Change:
    """Nothing is left to do."""
    after = replace(ticket, state=_moved(ticket, Act.CLOSE), closed_at=now)
    return Change(after, (Entry(now, who, "closed"),))


def lapsed(ticket: Ticket, now: datetime) -> Change:
    """One that was answered CLOSED_AFTER ago, and that nobody has closed, is closed. No change to any other."""
    if ticket.answered_at is None or ticket.state is not TicketState.ANSWERED:
        return Change(ticket)
    if now - ticket.answered_at < CLOSED_AFTER:
        return Change(ticket)
    why = f"answered {CLOSED_AFTER.days} days ago"
    after = replace(ticket, state=_moved(ticket, Act.CLOSE), closed_at=now)
    return Change(after, (Entry(now, GATEWAY, "closed", why),))


def assigned(ticket: Ticket, agent: str, who: str, why: str, now: datetime, agents: Collection[str]) -> Change:
    """Another agent takes over (TT-6)."""
    if agent not in agents:
        known = ", ".join(sorted(agents)) or "none"
        raise TicketRefused(f"ticket {ticket.id}: no agent has the number {agent!r}; there are: {known}")
    if ticket.state is TicketState.CLOSED:
        raise TicketRefused(f"ticket {ticket.id} {_CLOSED}")
    if agent == ticket.owner:
        raise TicketRefused(f"ticket {ticket.id} is agent {agent}'s already")
    what = f"assigned from {ticket.owner} to {agent}"
    return Change(replace(ticket, owner=agent, reassigned=True), (Entry(now, who, what, why),))


def marked(ticket: Ticket, wrong: bool, who: str, why: str, now: datetime) -> Change:
    """People say that it is wrong, or that it is not after all (JH-22). In any state: often it is found out after
    the ticket was closed."""
    if ticket.wrong is wrong:
        raise TicketRefused(
            f"ticket {ticket.id} is {'marked as wrong already' if wrong else 'not marked as wrong'}"
        )
    if wrong and not why.strip():
        raise TicketRefused(f"ticket {ticket.id}: the mark has no words; tell what is wrong with it")
    what = "marked as wrong" if wrong else "not wrong after all"
    return Change(replace(ticket, wrong=wrong), (Entry(now, who, what, why),))


def asked(ticket: Ticket, now: datetime, refusal: str | None) -> Change:
    """The customer wants to be called back, once this call of his is over (`due`). With a `refusal`, the reason
    why the line may not call him, people are to reach him."""
    if refusal is None and ticket.call_back is CallBackState.OWED:
        return Change(ticket)
    if refusal is None:
        return Change(_called(ticket, Act.ASK, None), (Entry(now, GATEWAY, "call-back owed"),))
    if ticket.call_back is CallBackState.PEOPLE:
        return Change(ticket)
    return left(ticket, now, refusal)


def left(ticket: Ticket, now: datetime, why: str) -> Change:
    """The line will not call him: people must."""
    return Change(_called(ticket, Act.LEAVE, None), (Entry(now, GATEWAY, "call-back left to people", why),))


def due(ticket: Ticket, at: datetime) -> Change:
    """The call in which he asked has ended: from `at` on he may be called. No change where he is not to be."""
    waits = ticket.call_back is CallBackState.OWED and ticket.due_at is None
    return Change(replace(ticket, due_at=at) if waits else ticket)


def permitted(ticket: Ticket, policy: CallBackPolicy, now: datetime) -> Change:
    """An attempt begins now."""
    if ticket.state is not TicketState.OPEN:
        raise TicketRefused(f"ticket {ticket.id} is {ticket.state.value}: its customer is called no more")
    if ticket.call_back is not CallBackState.OWED:
        stands = ticket.call_back.value if ticket.call_back else "none"
        raise TicketRefused(f"ticket {ticket.id} owes no call-back now ({stands})")
    if ticket.due_at is None or ticket.due_at > now:
        when = f"before {ticket.due_at:%Y-%m-%d %H:%M}" if ticket.due_at else "while his own call is up"
        raise TicketRefused(f"ticket {ticket.id}: the customer is not called {when}")
    if not policy.hours.hold(now):
        raise TicketRefused(f"ticket {ticket.id}: customers are not called at this hour")
    entry = Entry(now, GATEWAY, "calling", f"attempt {ticket.attempts + 1}")
    return Change(_called(ticket, Act.PERMIT, None), (entry,))


def attempted(ticket: Ticket, result: str, policy: CallBackPolicy, now: datetime, *, dialled: bool) -> Change:
    """The attempt is over: `result` is REACHED, a DialFailure's value, DIED or another reason in a word.

    An attempt that was not `dialled`, or for which there was no line, is made again and does not count; one that
    died does.
    """
    if result == REACHED:
        return _reached(ticket, now)
    entry = Entry(now, GATEWAY, "not reached", result)
    if ticket.call_back is not CallBackState.CALLING:
        return Change(ticket, (entry,))
    if (not dialled and result != DIED) or result == NO_LINE:
        after = _called(ticket, Act.MISS, policy.not_dialled(now))
        return _unless_answered(Change(after, (replace(entry, what="not dialled"),)), now)
    counted = replace(ticket, attempts=ticket.attempts + 1)
    due_at = None if result == VACANT else policy.again(now, counted.attempts)
    if due_at is None:
        why = "no telephone has this number" if result == VACANT else f"not reached {counted.attempts} times"
        change = left(counted, now, why)
        return Change(change.ticket, (entry, *change.entries))
    return _unless_answered(Change(_called(counted, Act.MISS, due_at), (entry,)), now)


def _reached(ticket: Ticket, now: datetime) -> Change:
    entry = Entry(now, GATEWAY, "reached")
    if ticket.call_back is CallBackState.REACHED:
        return Change(ticket, (entry,))
    after = _called(ticket, Act.REACH, None)
    if ticket.state is TicketState.OPEN:
        after = replace(after, state=_moved(ticket, Act.ANSWER), answered_at=now, reply=CALLED_BACK)
    return Change(after, (entry,))


def _unless_answered(change: Change, now: datetime) -> Change:
    """People may have answered during the attempt: then no other one follows."""
    if change.ticket.state is TicketState.OPEN:
        return change
    after = left(change.ticket, now, "people have answered")
    return Change(after.ticket, (*change.entries, *after.entries))


def _moved(ticket: Ticket, act: Act) -> TicketState:
    after = TICKETS[ticket.state].get(act)
    if after is None:
        raise TicketRefused(f"ticket {ticket.id} {_REFUSALS[ticket.state, act]}")
    return after


def _called(ticket: Ticket, act: Act, due_at: datetime | None) -> Ticket:
    after = CALL_BACKS[ticket.call_back].get(act)
    if after is None:
        stands = ticket.call_back.value if ticket.call_back else "none"
        raise TicketRefused(f"ticket {ticket.id}: its call-back is {stands}, which does not allow to {act.value}")
    return replace(ticket, call_back=after, due_at=due_at)
