"""What people ask of the desk on the topic `command`: agents' states, tickets, numbers to warn (JH-13).

What writes into a database does so on a thread of its own: a disk that is slow must hold up no call."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from drivers.line.masking import shown
from gateway.call.requests import AgentWish, RequestRefused
from gateway.feed.requests.call_commands import TARGETS, CallsToAsk, call_named, text_of
from gateway.feed.requests.commands import Command, CommandError, Done

WISHES = ("log_in", "log_out", "away", "back", "after_call")
"""What an agent can wish for, in the desk's words."""
SOMEBODY = "command"
"""Who did it, in a ticket's history, where the request does not say (`by`)."""
MOST_LISTED = 200
"""Tickets that one answer lists at most, the most urgent: some 30 kB."""
LONGEST_TEXT = 2000
"""Characters of a case or an answer: a screenful or two; what is longer belongs into a file."""
LONGEST_NAME = 40
"""Characters of who did it."""
LISTED = ("ticket", "kind", "owner", "state", "deadline", "number", "overdue", "call_back", "due_at", "attempts")
"""What an answer holds of a ticket."""

_NUMBER = re.compile(r"\+?[0-9]{3,15}")
"""ITU-T E.164: 15 digits at most; the shortest are services."""
_WRITTEN = re.compile(r"[ ()-]")
"""What people write between digits."""


class CustomersToAsk(CallsToAsk, Protocol):
    """The calls, and who is calling."""

    def number_of(self, call: str) -> str | None:
        """The customer's whole number in a call that is up; None: he shows none."""


class AgentsToAsk(Protocol):
    """The desk's agents."""

    def wish(self, agent: str, wish: AgentWish) -> None:
        """Have done what is wished for an agent, now or when his call has ended."""


class TicketToShow(Protocol):
    """A ticket."""

    def fields(self, now: datetime, *, show_numbers: bool) -> dict[str, Any]:
        """Its JSON, with LISTED among it."""


class TicketsToAsk(Protocol):
    """The tickets. `who` is for the history: an agent's number, or whoever gave the command."""

    def request(
        self, call: str, agent: str, now: datetime, *, kind: str | None, text: str | None, call_back: bool
    ) -> None:
        """A ticket for the customer of this call, which is up: soon, and one alone however often it is asked; what
        is told later is added."""

    def open_tickets(self) -> Sequence[TicketToShow]:
        """Those that are not closed, the most urgent first, from memory."""

    def answer(self, ticket: int, who: str, reply: str, now: datetime) -> TicketToShow:
        """The customer was told `reply`."""

    def shut(self, ticket: int, who: str, now: datetime) -> TicketToShow:
        """Nothing is left to do."""

    def assign(self, ticket: int, agent: str, who: str, why: str, now: datetime) -> TicketToShow:
        """Another agent takes over (TT-6)."""


class NumbersToAsk(Protocol):
    """The list of numbers that hear JH-13's words."""

    def warn(self, text: str, *, note: str | None, by: str, at: datetime) -> object:
        """Put a number on the list."""

    def clear(self, text: str) -> object:
        """Take it off."""


@dataclass(frozen=True, slots=True)
class DeskToAsk:
    """Whom the requests go to. Every method may raise RequestRefused or one of `refusals`: nothing has changed,
    and its words tell why. `now` gives aware times; `in_thread` has what waits for the database done where it
    holds nobody up."""

    calls: CustomersToAsk
    agents: AgentsToAsk
    tickets: TicketsToAsk
    numbers: NumbersToAsk
    kinds: Collection[str]
    """Of tickets, that can be asked for."""
    now: Callable[[], datetime]
    refusals: tuple[type[Exception], ...] = ()
    show_numbers: bool = False
    in_thread: Callable[..., Awaitable[Any]] = asyncio.to_thread


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
    async def refusing(fields: Mapping[str, Any]) -> Done:
        try:
            done = command(fields)
            return await done if isinstance(done, Awaitable) else done
        except refusals as refused:
            raise CommandError(str(refused)) from None

    return refusing


def _agent(desk: DeskToAsk, fields: Mapping[str, Any]) -> dict[str, Any]:
    agent, wish = text_of(fields, "agent"), text_of(fields, "state")
    if wish not in WISHES:
        raise CommandError(f"state: allowed: {', '.join(WISHES)}")
    desk.agents.wish(agent, AgentWish(wish))
    return {"agent": agent, "state": wish}


def _ticket(desk: DeskToAsk, fields: Mapping[str, Any]) -> dict[str, Any]:
    call_back = fields.get("call_back", False)
    if not isinstance(call_back, bool):
        raise CommandError("call_back: true or false")
    kind, text = _words(fields, "kind"), _words(fields, "text")
    if kind is not None and kind not in desk.kinds:
        raise CommandError(f"kind: allowed: {', '.join(desk.kinds)}")
    call = call_named(desk.calls, fields)
    # An agent who names his call by his number has asked for it himself.
    who = _who(fields, fields.get("agent", SOMEBODY))
    desk.tickets.request(call, who, desk.now(), kind=kind, text=text, call_back=call_back)
    return {"call": call}


def _tickets(desk: DeskToAsk, fields: Mapping[str, Any]) -> dict[str, Any]:
    owner = text_of(fields, "agent") if "agent" in fields else None
    tickets = [_shown(desk, ticket) for ticket in desk.tickets.open_tickets()]
    found = [ticket for ticket in tickets if owner in (None, ticket["owner"])]
    return {"tickets": found[:MOST_LISTED], "count": len(found)}


async def _answered(desk: DeskToAsk, fields: Mapping[str, Any]) -> dict[str, Any]:
    reply = _words(fields, "text")
    if reply is None:
        raise CommandError("text: what the customer was told is needed")
    book, ticket = desk.tickets, _ticket_named(fields)
    return _shown(desk, await desk.in_thread(book.answer, ticket, _who(fields), reply, desk.now()))


async def _closed(desk: DeskToAsk, fields: Mapping[str, Any]) -> dict[str, Any]:
    book, ticket = desk.tickets, _ticket_named(fields)
    return _shown(desk, await desk.in_thread(book.shut, ticket, _who(fields), desk.now()))


async def _assigned(desk: DeskToAsk, fields: Mapping[str, Any]) -> dict[str, Any]:
    ticket, agent, why = _ticket_named(fields), text_of(fields, "agent"), _words(fields, "why") or ""
    book = desk.tickets
    return _shown(desk, await desk.in_thread(book.assign, ticket, agent, _who(fields), why, desk.now()))


async def _warned(desk: DeskToAsk, fields: Mapping[str, Any]) -> dict[str, Any]:
    number, note = _customer(desk, fields), _words(fields, "why")
    await desk.in_thread(desk.numbers.warn, number, note=note, by=_who(fields), at=desk.now())
    return {"number": shown(number, desk.show_numbers)}


async def _cleared(desk: DeskToAsk, fields: Mapping[str, Any]) -> dict[str, Any]:
    number = _customer(desk, fields)
    await desk.in_thread(desk.numbers.clear, number)
    return {"number": shown(number, desk.show_numbers)}


def _customer(desk: DeskToAsk, fields: Mapping[str, Any]) -> str:
    """The number that is meant: itself, or that of a call which is up, as agents see it masked."""
    if "number" not in fields:
        caller = desk.calls.number_of(call_named(desk.calls, fields))
        if caller is None:
            raise CommandError("this customer shows no number")
        return caller
    if any(target in fields for target in TARGETS):
        raise CommandError(f"name the customer by number or by one of {', '.join(TARGETS)}, not by both")
    number = _WRITTEN.sub("", text_of(fields, "number"))
    if not _NUMBER.fullmatch(number):
        # Not repeated: it may be a customer's, with a slip in it (WD-11).
        raise CommandError("number: 3 to 15 digits are needed, with or without +")
    return number


def _ticket_named(fields: Mapping[str, Any]) -> int:
    ticket = fields.get("ticket")
    if isinstance(ticket, bool) or not isinstance(ticket, int) or not 0 < ticket < 1 << 63:
        raise CommandError("ticket: its number is needed, a whole one")
    return ticket


def _who(fields: Mapping[str, Any], otherwise: str = SOMEBODY) -> str:
    return text_of(fields, "by")[:LONGEST_NAME] if "by" in fields else otherwise


def _words(fields: Mapping[str, Any], name: str) -> str | None:
    """Words for people; None where there are none."""
    if fields.get(name) is None:
        return None
    text = text_of(fields, name).strip()
    if not text or len(text) > LONGEST_TEXT:
        raise CommandError(f"{name}: 1 to {LONGEST_TEXT} characters are needed, not {len(text)}")
    return text


def _shown(desk: DeskToAsk, ticket: TicketToShow) -> dict[str, Any]:
    """What a list needs of a ticket: what the customer said and was told stays with `sansheng tickets`."""
    fields = ticket.fields(desk.now(), show_numbers=desk.show_numbers)
    return {name: fields[name] for name in LISTED}
