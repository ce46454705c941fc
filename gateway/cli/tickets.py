"""`sansheng tickets`: its subcommands and their options. What they do is in `tickets_done`."""

from typing import Annotated

import typer

from gateway.cli.manner import ConfigOption, JsonOption, ShowOption, manner_of
from gateway.cli.values import whole

STATES = ("open", "answered", "closed")
MOST = 2**31 - 1
"""The greatest id that every database has."""


def _state(text: str) -> str:
    if text not in STATES:
        raise typer.BadParameter(f"{text!r} is no state of a ticket; allowed: {', '.join(STATES)}")
    return text


tickets_app = typer.Typer(
    help="Tickets: what customers are owed, by whom and until when.", invoke_without_command=True
)

StateOption = Annotated[
    str | None,
    typer.Option("--state", help="Those alone that are open, answered or closed.", parser=_state, metavar="STATE"),
]
OverdueOption = Annotated[
    bool, typer.Option("--overdue", help="Those alone whose deadline has passed unanswered.")
]
Id = Annotated[int, typer.Argument(help="The ticket's number.", metavar="ID", parser=whole(1, MOST))]


@tickets_app.callback()
def tickets(
    context: typer.Context,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    show_numbers: ShowOption = False,
    state: StateOption = None,
    overdue: OverdueOption = False,
) -> None:
    """Tickets: what customers are owed, by whom and until when. Without a subcommand: the list."""
    context.obj = manner_of(context, config, as_json, show_numbers)
    if context.invoked_subcommand is None:
        list_tickets(context, state=state, overdue=overdue)
    elif state or overdue:
        raise typer.BadParameter("--state and --overdue stand after `list`")


@tickets_app.command("list")
def list_tickets(
    context: typer.Context,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    show_numbers: ShowOption = False,
    state: StateOption = None,
    overdue: OverdueOption = False,
) -> None:
    """The tickets, oldest first."""
    from gateway.cli import tickets_done

    manner = manner_of(context, config, as_json, show_numbers)
    raise typer.Exit(tickets_done.list_tickets(manner, state=state, overdue=overdue))


@tickets_app.command("show")
def show_ticket(
    context: typer.Context,
    ticket: Id,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    show_numbers: ShowOption = False,
) -> None:
    """One ticket with all that is known of it and its history."""
    from gateway.cli import tickets_done

    raise typer.Exit(tickets_done.show_ticket(manner_of(context, config, as_json, show_numbers), ticket))


@tickets_app.command("answer")
def answer_ticket(
    context: typer.Context,
    ticket: Id,
    text: Annotated[str, typer.Option("--text", help="What the customer was told.")],
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """The customer has his answer; a call-back that he is owed is not made any more."""
    from gateway.cli import tickets_done

    raise typer.Exit(tickets_done.answer_ticket(manner_of(context, config, as_json), ticket, text))


@tickets_app.command("close")
def close_ticket(
    context: typer.Context, ticket: Id, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Nothing is left to do for an answered ticket."""
    from gateway.cli import tickets_done

    raise typer.Exit(tickets_done.close_ticket(manner_of(context, config, as_json), ticket))


@tickets_app.command("assign")
def assign_ticket(
    context: typer.Context,
    ticket: Id,
    agent: Annotated[str, typer.Argument(help="An agent's number.")],
    why: Annotated[str, typer.Option("--why", help="Why he takes over.")] = "",
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Another agent takes over (TT-6)."""
    from gateway.cli import tickets_done

    raise typer.Exit(tickets_done.assign_ticket(manner_of(context, config, as_json), ticket, agent, why))


@tickets_app.command("wrong")
def mark_wrong(
    context: typer.Context,
    ticket: Id,
    why: Annotated[str, typer.Option("--why", help="What is wrong: the case, the kind, the answer.")],
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """The ticket is wrong: it counts against the monthly score (JH-22)."""
    from gateway.cli import tickets_done

    manner = manner_of(context, config, as_json)
    raise typer.Exit(tickets_done.mark_ticket(manner, ticket, wrong=True, why=why))


@tickets_app.command("right")
def mark_right(
    context: typer.Context,
    ticket: Id,
    why: Annotated[str, typer.Option("--why", help="Why the mark is taken back.")] = "",
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """The ticket is not wrong after all."""
    from gateway.cli import tickets_done

    manner = manner_of(context, config, as_json)
    raise typer.Exit(tickets_done.mark_ticket(manner, ticket, wrong=False, why=why))
