"""`sansheng calls [show ID]` and its options; what it does is imported when it is asked for."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption


def calls(
    what: Annotated[str | None, typer.Argument(help="`show`, to see one call.", metavar="[show ID]")] = None,
    call_id: Annotated[str | None, typer.Argument(help="Its id, or how it begins.", hidden=True)] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    since: Annotated[
        str | None, typer.Option(help="Only calls offered since, as 2026-11-01, today, 7d or with time.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Only calls offered before that, in the same form.")] = None,
    line: Annotated[str | None, typer.Option(help="Only calls of this line.", metavar="ID")] = None,
    broken: Annotated[bool, typer.Option("--broken", help="Only calls that broke a clause.")] = False,
    as_json: JsonOption = False,
    html: Annotated[
        Path | None,
        typer.Option(help="With `show`: draw the call as a page, into this file.", metavar="FILE", readable=False),
    ] = None,
    show_numbers: Annotated[
        bool, typer.Option("--show-numbers", help="With --html: the customer's whole number, and his name.")
    ] = False,
) -> None:
    """Call records; `calls show ID` tells one call's timeline with the clause each step keeps or breaks."""
    from gateway.cli.faults import or_faults
    from gateway.cli.on_record import Choice, draw_call, list_calls, show_call

    choice = Choice(since, until, line, broken)
    if show_numbers and html is None:
        raise typer.BadParameter("--show-numbers goes with --html; in words, numbers are whole")
    if what is None and html is None:
        raise typer.Exit(or_faults(lambda: list_calls(config, choice, as_json=as_json)))
    if what != "show" or call_id is None:
        raise typer.BadParameter("it is `sansheng calls` or `sansheng calls show ID [--html FILE]`")
    if choice != Choice():
        raise typer.BadParameter("--since, --until, --line and --broken choose among calls; `show ID` is one")
    if html is None:
        raise typer.Exit(or_faults(lambda: show_call(config, call_id, as_json=as_json)))
    if as_json:
        raise typer.BadParameter("--html draws the call, --json prints it: one of them")
    file = html
    raise typer.Exit(or_faults(lambda: draw_call(config, call_id, file, show_numbers=show_numbers)))
