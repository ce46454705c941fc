"""`sansheng modem …`: its subcommands and their options."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import JsonOption

modem_app = typer.Typer(help="Voice modems.", no_args_is_help=True)


def _named_tty(text: str) -> Path:
    """An empty name would be the folder one stands in."""
    if not text:
        raise typer.BadParameter("the name is empty; give a tty, such as /dev/ttyACM0")
    return Path(text)


@modem_app.command("probe")
def modem_probe(
    port: Annotated[Path, typer.Argument(help="A tty's path.", metavar="PORT", parser=_named_tty)],
    off_hook: Annotated[
        bool,
        typer.Option("--off-hook", help="Also seize the line for four seconds: full duplex? what audio rate?"),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """What a modem is, can and cannot do, and its [\\[lines]] block; the line is on-hook after it, ^C or not."""
    from gateway.cli.modem import probe

    raise typer.Exit(probe(str(port), as_json=as_json, off_hook=off_hook))
