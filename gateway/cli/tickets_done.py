"""What `sansheng tickets` does, and how it shows tickets."""

import json
import sys
from collections.abc import Callable, Iterable
from datetime import datetime

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from drivers.line.masking import keyed, shown, worded
from gateway.cli.calls import TABLE_WIDTH
from gateway.cli.exits import FAULT, GOOD, unless_spoiled
from gateway.cli.faults import or_faults
from gateway.cli.manner import Manner, whoever_types
from gateway.config import load_config
from gateway.records.configured import records_config
from gateway.tickets import Entry, Standing, Ticket, TicketBook, TicketsError
from gateway.tickets.configured import tickets_config

Work = Callable[[TicketBook, datetime], int]


def list_tickets(manner: Manner, *, state: str | None, overdue: bool) -> int:
    """Print the tickets in this state, those that are overdue alone, or all; gives the exit code."""

    def work(book: TicketBook, now: datetime) -> int:
        tickets = [
            ticket
            for ticket in book.tickets()
            if (state is None or ticket.state.value == state) and (not overdue or ticket.overdue(now))
        ]
        if manner.as_json:
            for ticket in tickets:
                _write(ticket.fields(now, show_numbers=manner.show_numbers))
        else:
            table = tickets_table(tickets, now, book.config.remind_before, show_numbers=manner.show_numbers)
            Console(width=max(Console().width, TABLE_WIDTH)).print(table)
        return GOOD

    return _with_book(manner, work)


def show_ticket(manner: Manner, ticket: int) -> int:
    """Print all that is known of one ticket."""

    def work(book: TicketBook, now: datetime) -> int:
        found = book.ticket(ticket)
        history = book.history(ticket)
        if manner.as_json:
            fields = found.fields(now, show_numbers=manner.show_numbers)
            told = [entry.fields() | {"why": worded(entry.why, manner.show_numbers)} for entry in history]
            _write(fields | {"history": told})
        else:
            console = Console(highlight=False, soft_wrap=True)
            for line in ticket_lines(found, history, now, show_numbers=manner.show_numbers):
                console.print(escape(line))
        return GOOD

    return _with_book(manner, work)


def answer_ticket(manner: Manner, ticket: int, text: str) -> int:
    """The customer has been told `text`."""
    return _change(manner, lambda book, now: book.answer(ticket, whoever_types(), text, now))


def close_ticket(manner: Manner, ticket: int) -> int:
    """Nothing is left to do."""
    return _change(manner, lambda book, now: book.shut(ticket, whoever_types(), now))


def assign_ticket(manner: Manner, ticket: int, agent: str, why: str) -> int:
    """Another agent takes over."""
    return _change(manner, lambda book, now: book.assign(ticket, agent, whoever_types(), why, now))


def mark_ticket(manner: Manner, ticket: int, *, wrong: bool, why: str) -> int:
    """It is wrong, or not after all."""
    return _change(manner, lambda book, now: book.mark(ticket, wrong, whoever_types(), why, now))


def tickets_table(tickets: Iterable[Ticket], now: datetime, before: float, *, show_numbers: bool) -> Table:
    """The tickets as a table; `before` is the seconds before a deadline at which it is told."""
    table = Table(title="Tickets", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("ticket", "opened", "kind", "owner", "number", "state", "call-back", "deadline"):
        table.add_column(column, no_wrap=True, justify="right" if column == "ticket" else "left")
    for ticket in tickets:
        table.add_row(
            str(ticket.id),
            f"{ticket.opened_at:%m-%d %H:%M}",
            escape(ticket.kind),
            escape(ticket.owner),
            escape(shown(ticket.number, show_numbers) or "–"),
            f"{ticket.state.value}{', wrong' if ticket.wrong else ''}",
            _call_back(ticket),
            _deadline(ticket, now, before),
        )
    return table


def ticket_lines(ticket: Ticket, history: Iterable[Entry], now: datetime, *, show_numbers: bool) -> list[str]:
    """One ticket in words."""
    number = shown(ticket.number, show_numbers) or "none"
    source = f" ({ticket.source.value}{', confirmed' if ticket.confirmed else ''})" if ticket.source else ""
    late = ", overdue" if ticket.overdue(now) else ""
    wrong = ", wrong" if ticket.wrong else ""
    lines = [
        f"ticket {ticket.id}  {ticket.kind}  {ticket.state.value}{late}{wrong}",
        f"opened    {ticket.opened_at:%Y-%m-%d %H:%M:%S %z}, call {ticket.call or 'none'}",
        f"deadline  {ticket.deadline:%Y-%m-%d %H:%M:%S %z}",
        f"owner     {ticket.owner}",
        f"number    {number}{source}",
        f"call-back {_call_back(ticket)}",
    ]
    lines += [f"case      {worded(ticket.text, show_numbers)}"] if ticket.text else []
    lines += [f"recording {ticket.recording}"] if ticket.recording else []
    for answer in ticket.answers:
        digits = keyed(answer.digits, show_numbers)
        said = " ".join(filter(None, ("spoken" if answer.spoken else "", f"keys {digits}" if digits else "")))
        lines.append(f"asked     {answer.text}  {said or 'no answer'}  {answer.recording or ''}".rstrip())
    lines += [f"reply     {worded(ticket.reply, show_numbers)}"] if ticket.reply else []
    for entry in history:
        why = f" ({worded(entry.why, show_numbers)})" if entry.why else ""
        lines.append(f"{entry.at:%Y-%m-%d %H:%M:%S}  {entry.who}: {entry.what}{why}")
    return lines


def _with_book(manner: Manner, work: Work) -> int:
    """Open the tickets of the config's gateway, work, close them; a fault is one line on standard error."""

    def command() -> int:
        config = load_config(manner.config)
        records = records_config(config)
        try:
            with TicketBook(tickets_config(config, records)) as book:
                return work(book, datetime.now(records.zone)) or unless_spoiled(book.unreadable)
        except TicketsError as error:
            sys.stderr.write(f"sansheng: {error}\n")
            return FAULT

    return or_faults(command)


def _change(manner: Manner, change: Callable[[TicketBook, datetime], Ticket]) -> int:
    """Do something to a ticket and tell what it is now."""

    def work(book: TicketBook, now: datetime) -> int:
        after = change(book, now)
        if manner.as_json:
            _write(after.fields(now, show_numbers=manner.show_numbers))
        else:
            print(f"ticket {after.id}: {after.state.value}, agent {after.owner}'s")
        return GOOD

    return _with_book(manner, work)


def _call_back(ticket: Ticket) -> str:
    if ticket.call_back is None:
        return "–"
    due = f", due {ticket.due_at:%m-%d %H:%M}" if ticket.due_at else ""
    tried = f", {ticket.attempts} failed" if ticket.attempts else ""
    return f"{ticket.call_back.value}{due}{tried}"


def _deadline(ticket: Ticket, now: datetime, before: float) -> str:
    """When it is, and how it stands; of an answered ticket, whether it was kept."""
    at = f"{ticket.deadline:%m-%d %H:%M}"
    match ticket.standing(now, before):
        case Standing.OVERDUE:
            return f"[red]{at} {'missed' if ticket.answered_at else 'overdue'}[/]"
        case Standing.DUE_SOON:
            return f"[yellow]{at} soon[/]"
        case _:
            return f"{at} kept" if ticket.answered_at else at


def _write(fields: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
