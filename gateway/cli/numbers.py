"""`sansheng numbers`: its subcommands and their options. What they do is in `numbers_done`."""

from typing import Annotated

import typer

from gateway.cli.manner import ConfigOption, JsonOption, ShowOption, manner_of

LONGEST_NOTE = 200
"""Characters; a line of a table, not a letter."""


def _note(text: str) -> str:
    if len(text) > LONGEST_NOTE or not text.isprintable():
        raise typer.BadParameter(f"a note is one line of text; allowed: up to {LONGEST_NOTE} characters")
    return text


numbers_app = typer.Typer(
    help="Numbers with a history: nuisance and foul language counted, and who is warned.",
    invoke_without_command=True,
)

Number = Annotated[
    str, typer.Argument(help="A telephone number, as 13812345678 or 0531-1234567.", metavar="NUMBER")
]


@numbers_app.callback()
def numbers(
    context: typer.Context,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    show_numbers: ShowOption = False,
) -> None:
    """Numbers with a history (JH-13, JH-14, WD-9). Without a subcommand: the list."""
    context.obj = manner_of(context, config, as_json, show_numbers)
    if context.invoked_subcommand is None:
        list_numbers(context)


@numbers_app.command("list")
def list_numbers(
    context: typer.Context,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    show_numbers: ShowOption = False,
) -> None:
    """Every number with a history: those who are warned first, then by what had to be said to them."""
    from gateway.cli import numbers_done

    raise typer.Exit(numbers_done.list_numbers(manner_of(context, config, as_json, show_numbers)))


@numbers_app.command("show")
def show_number(
    context: typer.Context,
    number: Number,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    show_numbers: ShowOption = False,
) -> None:
    """What is known of one number."""
    from gateway.cli import numbers_done

    raise typer.Exit(numbers_done.show_number(manner_of(context, config, as_json, show_numbers), number))


@numbers_app.command("warn")
def warn_number(
    context: typer.Context,
    number: Number,
    note: Annotated[
        str | None, typer.Option("--note", help="Why, for those who read the list.", parser=_note, metavar="TEXT")
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    show_numbers: ShowOption = False,
) -> None:
    """Whoever calls from it hears the dialplan's [warning] after the greeting; he is served as before."""
    from gateway.cli import numbers_done

    raise typer.Exit(numbers_done.warn(manner_of(context, config, as_json, show_numbers), number, note))


@numbers_app.command("clear")
def clear_number(
    context: typer.Context,
    number: Number,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    show_numbers: ShowOption = False,
) -> None:
    """He is not warned any more; what was counted stays."""
    from gateway.cli import numbers_done

    raise typer.Exit(numbers_done.clear(manner_of(context, config, as_json, show_numbers), number))
