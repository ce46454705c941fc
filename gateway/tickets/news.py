"""What the world is told of tickets: as they change, before their deadlines, and when those have passed."""

import logging
import threading
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from gateway.feed.desk_board import TicketCall, TicketShown
from gateway.tickets import rules
from gateway.tickets.numbers import dialable
from gateway.tickets.rules import Change
from gateway.tickets.states import CallBackState, TicketState
from gateway.tickets.store import TicketStore
from gateway.tickets.ticket import Standing, Ticket

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TicketNews:
    """A ticket as the feed is to show it, and what people are to be called for beside. A call comes once, and anew
    when the ticket's owner has changed or the gateway has started."""

    shown: TicketShown
    alert: TicketCall | None = None

    @classmethod
    def of(cls, ticket: Ticket, now: datetime, alert: TicketCall | None = None) -> "TicketNews":
        """Of a ticket as it is now. It is shown until it is closed."""
        return cls(
            TicketShown(
                ticket=ticket.id,
                kind=ticket.kind,
                owner=ticket.owner,
                state=ticket.state.value,
                deadline=ticket.deadline,
                number=ticket.number,
                overdue=ticket.overdue(now),
                open=ticket.state is not TicketState.CLOSED,
                call=ticket.call,
                call_back=ticket.call_back.value if ticket.call_back else None,
                due_at=ticket.due_at,
                attempts=ticket.attempts,
            ),
            alert,
        )


def alerts(ticket: Ticket, now: datetime, before: float) -> Iterator[TicketCall]:
    """What people are to be called for, for an open ticket. `before` is in seconds."""
    if ticket.state is not TicketState.OPEN:
        return
    match ticket.standing(now, before):
        case Standing.OVERDUE:
            yield TicketCall.OVERDUE
        case Standing.DUE_SOON:
            yield TicketCall.DUE_SOON
    if ticket.call_back is CallBackState.PEOPLE:
        yield TicketCall.LEFT_TO_PEOPLE


def reminders(tickets: Iterable[Ticket], now: datetime, before: float) -> tuple[TicketNews, ...]:
    """Everything that people are to be told of these tickets at `now`, those first whose deadline is."""
    ordered = sorted(tickets, key=lambda ticket: (ticket.deadline, ticket.id))
    return tuple(TicketNews.of(ticket, now, alert) for ticket in ordered for alert in alerts(ticket, now, before))


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
            if told := self._store.unreadable.news():
                log.error("tickets: %s", told)
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

    def lapsed(self, now: datetime) -> list[int]:
        """Those that were answered so long ago that they are to be closed, as of the last look."""
        return [one for one, ticket in self._tickets.items() if rules.lapsed(ticket, now) != Change(ticket)]

    def news(self, now: datetime) -> list[TicketNews]:
        """What has changed since this was last asked, all tickets at first; then what people are to be told."""
        self.look()
        with self._looking:
            tickets = tuple(self._tickets.values())
            closed = self._store.those(self._shown.keys() - self._tickets.keys())
            news = {ticket.id: TicketNews.of(ticket, now) for ticket in tickets}
            fresh = [one for ticket, one in news.items() if one != self._shown.get(ticket)]
            self._shown = news
            last = [TicketNews.of(ticket, now) for ticket in closed]
            return [*fresh, *last, *self._untold(reminders(tickets, now, self._before))]

    def _untold(self, news: Collection[TicketNews]) -> list[TicketNews]:
        wanted = {(one.shown.ticket, str(one.shown.owner), str(one.alert)): one for one in news}
        fresh = [one for key, one in wanted.items() if key not in self._told]
        self._told = set(wanted)
        return fresh
