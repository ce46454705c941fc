"""What the world is told of tickets: as they change, before their deadlines, and when those have passed."""

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.records.noted import rfc3339, rfc3339_or_none
from gateway.tickets.numbers import dialable
from gateway.tickets.states import CallBackState, TicketState
from gateway.tickets.store import TicketStore
from gateway.tickets.ticket import Standing, Ticket


@dataclass(frozen=True, slots=True)
class TicketNews:
    """A ticket as the feed is to show it. It holds nobody's number."""

    at: datetime
    ticket: int
    call: str | None
    kind: str
    owner: str
    deadline: datetime
    state: TicketState
    call_back: CallBackState | None
    due_at: datetime | None
    attempts: int
    standing: Standing
    alert: str | None
    """What people are to be told beside: `due_soon` and `overdue` (its deadline), `left_to_people` (its
    call-back); None: nothing. Each once, and anew when its owner has changed or the gateway has started."""

    @classmethod
    def of(cls, ticket: Ticket, now: datetime, before: float, alert: str | None = None) -> "TicketNews":
        """Of a ticket as it is now."""
        return cls(
            at=now,
            ticket=ticket.id,
            call=ticket.call,
            kind=ticket.kind,
            owner=ticket.owner,
            deadline=ticket.deadline,
            state=ticket.state,
            call_back=ticket.call_back,
            due_at=ticket.due_at,
            attempts=ticket.attempts,
            standing=ticket.standing(now, before),
            alert=alert,
        )

    @property
    def retained(self) -> bool:
        """Whether it is shown from now on: until the ticket is closed."""
        return self.state is not TicketState.CLOSED

    def fields(self) -> dict[str, Any]:
        """Its JSON in the feed."""
        return {
            "ticket": self.ticket,
            "call": self.call,
            "kind": self.kind,
            "owner": self.owner,
            "deadline": rfc3339(self.deadline),
            "state": self.state.value,
            "standing": self.standing.value,
            "call_back": self.call_back.value if self.call_back else None,
            "due_at": rfc3339_or_none(self.due_at),
            "attempts": self.attempts,
        }


def alerts(ticket: Ticket, now: datetime, before: float) -> tuple[str, ...]:
    """What people are to be told of an open ticket. `before` is in seconds."""
    if ticket.state is not TicketState.OPEN:
        return ()
    standing = ticket.standing(now, before)
    late = () if standing is Standing.ON_TIME else (standing.value,)
    return (*late, *(("left_to_people",) if ticket.call_back is CallBackState.PEOPLE else ()))


def reminders(tickets: Iterable[Ticket], now: datetime, before: float) -> tuple[TicketNews, ...]:
    """Everything that people are to be told of these tickets at `now`, those first whose deadline is."""
    ordered = sorted(tickets, key=lambda ticket: (ticket.deadline, ticket.id))
    return tuple(
        TicketNews.of(ticket, now, before, alert) for ticket in ordered for alert in alerts(ticket, now, before)
    )


class Memory:
    """The tickets that are not closed, as they were when the database was last looked at, and what was told of
    them.

    `look` and `news` block on the database and may raise TicketsUnreachable; `owner_of` does not. From any thread.
    """

    def __init__(self, store: TicketStore, before: float) -> None:
        self._store = store
        self._before = before
        self._looking = threading.Lock()
        self._tickets: dict[int, Ticket] = {}
        self._owners: dict[str, str] = {}
        self._shown: dict[int, TicketNews] = {}
        self._told: set[tuple[int, str, str]] = set()

    def look(self) -> None:
        """Look at the database: whoever changes a ticket, this process or another, changes it there."""
        with self._looking:
            versions = self._store.versions()
            kept = {one: ticket for one, ticket in self._tickets.items() if versions.get(one) == ticket.version}
            changed = self._store.those(versions.keys() - kept.keys())
            self._tickets = dict(sorted((kept | {ticket.id: ticket for ticket in changed}).items()))
            self._owners = {
                dialable(ticket.number) or ticket.number: ticket.owner
                for ticket in self._tickets.values()
                if ticket.number is not None and ticket.state is TicketState.OPEN
            }

    def owner_of(self, number: str) -> str | None:
        """Who is responsible for the open ticket of this number (WD-13), the latest if there are several."""
        return self._owners.get(dialable(number) or number)

    def open_tickets(self) -> list[Ticket]:
        """Those that are not closed, the earliest deadline first."""
        return sorted(self._tickets.values(), key=lambda ticket: (ticket.deadline, ticket.id))

    def news(self, now: datetime) -> list[TicketNews]:
        """What has changed since this was last asked, all tickets at first; then what people are to be told."""
        self.look()
        with self._looking:
            tickets = tuple(self._tickets.values())
            closed = self._store.those(self._shown.keys() - self._tickets.keys())
            shown = {ticket.id: TicketNews.of(ticket, now, self._before) for ticket in tickets}
            fresh = [one for one in shown.values() if not _same(one, self._shown.get(one.ticket))]
            self._shown = shown
            last = [TicketNews.of(ticket, now, self._before) for ticket in closed]
            return [*fresh, *last, *self._untold(reminders(tickets, now, self._before))]

    def _untold(self, news: Collection[TicketNews]) -> list[TicketNews]:
        wanted = {(one.ticket, one.owner, str(one.alert)): one for one in news}
        fresh = [one for key, one in wanted.items() if key not in self._told]
        self._told = set(wanted)
        return fresh


def _same(news: TicketNews, shown: TicketNews | None) -> bool:
    return shown is not None and news.fields() == shown.fields()
