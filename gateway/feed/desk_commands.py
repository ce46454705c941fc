"""What people ask of the desk on the topic `command`: agents' states, tickets, numbers to warn (JH-13). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gateway.call.requests import RequestRefused
from gateway.feed.call_commands import TARGETS, CallsToAsk, call_named, text_of
from gateway.feed.commands import Command, CommandError
from gateway.feed.desk_board import TicketShown, ticket_fields
from gateway.feed.payloads import masked

WISHES = ("log_in", "log_out", "away", "back", "after_call")
"""What an agent can wish for, in the desk's words."""
SOMEBODY = "command"
"""Who did it, in a ticket's history, where the request does not say (`by`)."""
MOST_LISTED = 200
"""Tickets that one answer lists at most, the most urgent: some 30 kB."""
LONGEST_NUMBER = 15
"""Digits of the longest telephone number (ITU-T E.164)."""
SHORTEST_NUMBER = 3
LONGEST_TEXT = 2000
"""Characters of a case or an answer: a screenful or two; what is longer belongs into a file."""


class AgentsToAsk(Protocol):
    """The desk's agents."""

    def wish(self, agent: str, wish: str) -> str:
        """Have one of WISHES done for an agent; gives the state that he is in then."""


class TicketsToAsk(Protocol):
    """The tickets. `who` is for the history: an agent's number, or whoever gave the command."""

    def ask_for(self, call: str, text: str | None, who: str) -> TicketShown:
        """A ticket for the customer of this call, which is up; the one he has, if he has one."""

    def open_tickets(self) -> Sequence[TicketShown]:
        """Those that are not closed, the most urgent first."""

    def answer(self, ticket: int, text: str, who: str) -> TicketShown:
        """The customer was told `text`."""

    def close(self, ticket: int, who: str) -> TicketShown:
        """Nothing is left to do."""

    def assign(self, ticket: int, agent: str, who: str, why: str) -> TicketShown:
        """Another agent takes over (TT-6)."""


class NumbersToAsk(Protocol):
    """The list of numbers that hear JH-13's words."""

    def number_of(self, call: str) -> str | None:
        """The customer's whole number in a call that is up; None: he shows none."""

    def warn(self, number: str, why: str, who: str) -> None:
        """Put a number on the list."""

    def clear(self, number: str, who: str) -> None:
        """Take it off."""


@dataclass(frozen=True, slots=True)
class DeskToAsk:
    """Whom the requests go to. Every method may raise one of `refusals`: nothing has changed, and its words, which
    hold no whole number, tell why."""

    calls: CallsToAsk
    agents: AgentsToAsk
    tickets: TicketsToAsk
    numbers: NumbersToAsk
    refusals: tuple[type[Exception], ...] = ()
    show_numbers: bool = False


def desk_commands(desk: DeskToAsk) -> dict[str, Command]:
    """The requests by the name that `do` gives them. What is refused is answered with the reason."""
    done: dict[str, Command] = {
        "agent": lambda fields: _agent(desk, fields),
        "ticket": lambda fields: _ticket(desk, fields),
        "tickets": lambda fields: _tickets(desk, fields),
        "ticket_answer": lambda fields: _answered(desk, fields),
        "ticket_close": lambda fields: _closed(desk, fields),
        "ticket_assign": lambda fields: _assigned(desk, fields),
        "warn_number": lambda fields: _warned(desk, fields),
        "clear_number": lambda fields: _cleared(desk, fields),
    }
    return {name: _refusing(command, (RequestRefused, *desk.refusals)) for name, command in done.items()}


def _refusing(command: Command, refusals: tuple[type[Exception], ...]) -> Command:
    def refusing(fields: Mapping[str, Any]) -> Mapping[str, Any] | None:
        try:
            return command(fields)
        except refusals as refused:
            raise CommandError(str(refused)) from None

    return refusing


def _agent(desk: DeskToAsk, fields: Mapping[str, Any]) -> dict[str, Any]:
    agent, wish = text_of(fields, "agent"), text_of(fields, "state")
    if wish not in WISHES:
        raise CommandError(f"state: allowed: {', '.join(WISHES)}")
    return {"agent": agent, "state": desk.agents.wish(agent, wish)}


def _ticket(desk: DeskToAsk, fields: Mapping[str, Any]) -> dict[str, Any]:
    call = call_named(desk.calls, fields)
    # An agent who names his call by his number has done it himself.
    who = _who(fields, fields.get("agent", SOMEBODY))
    return {"call": call, **_shown(desk, desk.tickets.ask_for(call, _words(fields, "text", None), who))}


def _tickets(desk: DeskToAsk, fields: Mapping[str, Any]) -> dict[str, Any]:
    owner = text_of(fields, "agent") if "agent" in fields else None
    found = [ticket for ticket in desk.tickets.open_tickets() if owner in (None, ticket.owner)]
    return {"tickets": [_shown(desk, ticket) for ticket in found[:MOST_LISTED]], "count": len(found)}


def _answered(desk: DeskToAsk, fields: Mapping[str, Any]) -> dict[str, Any]:
    text = _words(fields, "text", None)
    if text is None:
        raise CommandError("text: what the customer was told is needed")
    return _shown(desk, desk.tickets.answer(_number_of_ticket(fields), text, _who(fields)))


def _closed(desk: DeskToAsk, fields: Mapping[str, Any]) -> dict[str, Any]:
    return _shown(desk, desk.tickets.close(_number_of_ticket(fields), _who(fields)))


def _assigned(desk: DeskToAsk, fields: Mapping[str, Any]) -> dict[str, Any]:
    ticket, agent = _number_of_ticket(fields), text_of(fields, "agent")
    return _shown(desk, desk.tickets.assign(ticket, agent, _who(fields), _words(fields, "why", "") or ""))


def _warned(desk: DeskToAsk, fields: Mapping[str, Any]) -> dict[str, Any]:
    number = _customer(desk, fields)
    desk.numbers.warn(number, _words(fields, "why", "") or "", _who(fields))
    return {"number": _masked(desk, number)}


def _cleared(desk: DeskToAsk, fields: Mapping[str, Any]) -> dict[str, Any]:
    number = _customer(desk, fields)
    desk.numbers.clear(number, _who(fields))
    return {"number": _masked(desk, number)}


def _customer(desk: DeskToAsk, fields: Mapping[str, Any]) -> str:
    """The number that is meant: itself, or that of a call which is up, as agents see it masked."""
    if "number" not in fields:
        shown = desk.numbers.number_of(call_named(desk.calls, fields))
        if shown is None:
            raise CommandError("this customer shows no number")
        return shown
    if any(target in fields for target in TARGETS):
        raise CommandError(f"name the customer by number or by one of {', '.join(TARGETS)}, not by both")
    number = text_of(fields, "number")
    digits = number.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and SHORTEST_NUMBER <= len(digits) <= LONGEST_NUMBER):
        # Not repeated: it may be a customer's, with a slip in it (WD-11).
        raise CommandError(f"number: {SHORTEST_NUMBER} to {LONGEST_NUMBER} digits are needed, with or without +")
    return number


def _number_of_ticket(fields: Mapping[str, Any]) -> int:
    ticket = fields.get("ticket")
    if isinstance(ticket, bool) or not isinstance(ticket, int) or not 0 < ticket < 1 << 63:
        raise CommandError("ticket: its number is needed, a whole one")
    return ticket


def _who(fields: Mapping[str, Any], otherwise: str = SOMEBODY) -> str:
    return text_of(fields, "by")[:40] if "by" in fields else otherwise


def _words(fields: Mapping[str, Any], name: str, otherwise: str | None) -> str | None:
    """Words for people; blank ones are none."""
    if fields.get(name) is None:
        return otherwise
    text = text_of(fields, name).strip()
    if not text or len(text) > LONGEST_TEXT:
        raise CommandError(f"{name}: 1 to {LONGEST_TEXT} characters are needed, not {len(text)}")
    return text


def _shown(desk: DeskToAsk, ticket: TicketShown) -> dict[str, Any]:
    return ticket_fields(ticket, show_numbers=desk.show_numbers)


def _masked(desk: DeskToAsk, number: str) -> str:
    return number if desk.show_numbers else masked(number)
