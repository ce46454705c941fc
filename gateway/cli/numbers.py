"""`sansheng numbers`: its subcommands and their options. What they do is in `numbers_done`."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.manner import ConfigOption, JsonOption, ShowOption, manner_of

LONGEST_NOTE = 200
"""Characters; a line of a table, not a letter."""
LONGEST_NAME = 64
"""Characters; what the database holds of who did something."""


def _note(text: str) -> str:
    if len(text) > LONGEST_NOTE or not text.isprintable():
        raise typer.BadParameter(f"a note is one line of text; allowed: up to {LONGEST_NOTE} characters")
    return text


def _name(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_NAME or not text.isprintable():
        raise typer.BadParameter(f"a name is one line of text; allowed: 1 to {LONGEST_NAME} characters")
    return text


numbers_app = typer.Typer(
    help="Numbers with a history, and who is warned; what is held on a number.",
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
    """Whoever calls from it hears the dialplan's \\[warning] after the greeting; he is served as before."""
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


@numbers_app.command("export")
def export_number(
    context: typer.Context,
    number: Number,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="A file; left out: standard output.", metavar="FILE", readable=False),
    ] = None,
    recordings: Annotated[
        Path | None,
        typer.Option(
            "--recordings", help="Copy its recordings into this folder.", metavar="FOLDER", readable=False
        ),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """All that is held on one number, whole, as one JSON document."""
    from gateway.cli import numbers_privacy

    raise typer.Exit(
        numbers_privacy.export(manner_of(context, config, False), number, to=to, recordings=recordings)
    )


@numbers_app.command("erase")
def erase_number(
    context: typer.Context,
    number: Number,
    why: Annotated[
        str, typer.Option("--why", help="Which request orders it; never the number.", parser=_note, metavar="TEXT")
    ],
    by: Annotated[str, typer.Option("--by", help="Who answers for it.", parser=_name, metavar="WHO")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    with_open_tickets: Annotated[
        bool, typer.Option("--with-open-tickets", help="Close its open tickets unanswered.")
    ] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Erase all that is held on one number, for good; what is counted stays."""
    from gateway.cli import numbers_privacy

    request = numbers_privacy.Request(number, by, why, yes, with_open_tickets)
    raise typer.Exit(numbers_privacy.erase(manner_of(context, config, as_json), request))


@numbers_app.command("erasures")
def list_erasures(context: typer.Context, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """What was erased: when, by whom, why, how much. Not whose number it was."""
    from gateway.cli import numbers_privacy

    raise typer.Exit(numbers_privacy.erasures(manner_of(context, config, as_json)))
