"""What the feed shows of the desk: agents, open tickets, troubles of the gateway's own. Pure: messages out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from drivers.line.masking import shown
from gateway.feed.encoding import Message, encode, rfc3339
from gateway.feed.standing import NO_MORE, Standing
from gateway.feed.topics import Topics

OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class TicketShown:
    """One ticket as the feed needs it. `number` is whole here, and masked where it is shown."""

    ticket: int
    kind: str
    owner: str | None
    state: str
    deadline: datetime
    number: str | None
    overdue: bool = False
    open: bool = True
    """Whether anything is still owed; the topic of a ticket that is not goes away."""
    call: str | None = None
    """The call that made it."""
    call_back: str | None = None
    """Where its call-back stands; None: none is owed."""
    due_at: datetime | None = None
    """When the customer is called next."""
    attempts: int = 0
    """Call-backs that did not reach him."""


class TicketCall(StrEnum):
    """What people are called for because of a ticket; `ticket_` before it is the event's name."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    LEFT_TO_PEOPLE = "left_to_people"
    """The line calls the customer back no more: people must."""


class DeskBoard:
    """Agents, tickets and troubles of one gateway. Agents are offline until the desk tells otherwise."""

    def __init__(
        self, topics: Topics, agents: Iterable[str], now: datetime, *, show_numbers: bool = False
    ) -> None:
        """`now` is aware, in the site's zone."""
        self._topics = topics
        self._show_numbers = show_numbers
        self._agents = tuple(agents)
        self._began = now
        self._troubles = Standing(topics, None)

    def states(self) -> list[Message]:
        """Every agent as he is at the beginning."""
        return [self.agent(number, OFFLINE, self._began, None, None) for number in self._agents]

    def added(self, number: str, now: datetime) -> Message:
        """One agent more."""
        return self.agent(number, OFFLINE, now, None, None)

    def agent(self, number: str, state: str, since: datetime, why: str | None, call: str | None) -> Message:
        """What an agent does now."""
        fields = {"agent": number, "state": state, "since": rfc3339(since), "why": why, "call": call}
        return Message(self._topics.agent_state(number), encode(fields), retained=True)

    def ticket(self, ticket: TicketShown) -> Message:
        """What a ticket needs, or that it needs nothing more."""
        payload = encode(_ticket_fields(ticket, show_numbers=self._show_numbers)) if ticket.open else NO_MORE
        return Message(self._topics.ticket_state(ticket.ticket), payload, retained=True)

    def ticket_call(self, ticket: TicketShown, what: TicketCall, at: datetime) -> Message:
        """People are called for a ticket."""
        fields = {
            "ts": rfc3339(at),
            "event": f"ticket_{what}",
            **_ticket_fields(ticket, show_numbers=self._show_numbers),
        }
        return Message(self._topics.alert, encode(fields), retained=False)

    def trouble(self, code: str, detail: str, at: datetime, *, raised: bool) -> list[Message]:
        """A trouble of the gateway's own: what it is while it lasts, and an alert when it begins and ends. Nothing
        where nothing has changed."""
        tell = self._troubles.raised if raised else self._troubles.cured
        return tell(code, detail, at)


def _ticket_fields(ticket: TicketShown, *, show_numbers: bool) -> dict[str, Any]:
    """A ticket's JSON, its number masked."""
    return {
        "ticket": ticket.ticket,
        "kind": ticket.kind,
        "owner": ticket.owner,
        "state": ticket.state,
        "deadline": rfc3339(ticket.deadline),
        "number": shown(ticket.number, show_numbers),
        "overdue": ticket.overdue,
        "call": ticket.call,
        "call_back": ticket.call_back,
        "due_at": None if ticket.due_at is None else rfc3339(ticket.due_at),
        "attempts": ticket.attempts,
    }
