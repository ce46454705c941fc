"""`sansheng dialplan …`: its subcommands and their options."""

from typing import Annotated

import typer

from gateway.cli.options import JsonOption, OptionalConfig
from gateway.cli.values import seconds

dialplan_app = typer.Typer(help="Dialplans: the service standards.", no_args_is_help=True)


@dialplan_app.command("walk")
def dialplan_walk(
    dialplan: Annotated[str | None, typer.Argument(help="Shipped name or folder.")] = None,
    config: OptionalConfig = None,
    line: Annotated[
        str, typer.Option(help="silent, noisy, talking, loud, faint, waiting or on-hold.", metavar="LINE")
    ] = "talking",
    driver: Annotated[
        str | None,
        typer.Option(
            help="The kind of line, fxo or sip; default: the config's first, else sip.", metavar="DRIVER"
        ),
    ] = None,
    date: Annotated[str | None, typer.Option(help="The day of the call, as 2026-02-17; default: today.")] = None,
    time: Annotated[str | None, typer.Option(help="When it begins to ring, as 23:59:50; default: 10:00.")] = None,
    timezone: Annotated[str | None, typer.Option(help="The site's zone; default: Asia/Shanghai.")] = None,
    agent: Annotated[str | None, typer.Option(help="Who greets, 1 to 8 digits; default: 801.")] = None,
    trainee: Annotated[bool, typer.Option("--trainee", help="The agent is a trainee.")] = False,
    overflow: Annotated[
        bool, typer.Option("--overflow", help="More customers call than agents are there.")
    ] = False,
    keys: Annotated[
        str | None, typer.Option(help="What is pressed at the menu, then at each question: 3 or ,13812345678#")
    ] = None,
    wait: Annotated[
        float | None,
        typer.Option(
            help="How long the agent lets the customer wait.", parser=seconds(0.5, 3600), metavar="SECONDS"
        ),
    ] = None,
    phrase: Annotated[
        list[str] | None, typer.Option(help="What the agent has said to him; may be repeated.")
    ] = None,
    stay: Annotated[bool, typer.Option("--stay", help="The customer never hangs up.")] = False,
    answers: Annotated[
        float | None,
        typer.Option(help="After how long an agent answers.", parser=seconds(0, 3600), metavar="SECONDS"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """A call by a dialplan, in virtual time: when what is said, by which clause, and what ends it."""
    from gateway.cli.walk import WalkOptions, walk

    options = WalkOptions(
        dialplan,
        config,
        line,
        date,
        time,
        timezone,
        agent,
        trainee,
        overflow,
        keys,
        wait,
        tuple(phrase or ()),
        stay,
        driver,
        answers,
    )
    raise typer.Exit(walk(options, as_json=as_json))


@dialplan_app.command("page")
def dialplan_page(
    dialplan: Annotated[list[str], typer.Argument(help="Shipped names or folders.")],
    write: Annotated[bool, typer.Option("--write", help="Write README.md beside each dialplan.toml.")] = False,
) -> None:
    """A dialplan as a page: its standard clause by clause, and everything a caller can hear."""
    from gateway.cli.dialplan import page

    raise typer.Exit(page(dialplan, write=write))


@dialplan_app.command("schema")
def dialplan_schema() -> None:
    """The JSON Schema of dialplan.toml, with which editors complete and check."""
    from gateway.cli.dialplan import schema

    raise typer.Exit(schema())
