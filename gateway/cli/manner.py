"""What the subcommands of one command have in common: options that may stand before or after the subcommand."""

import getpass
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import WHERE_ELSE, default_config

ConfigOption = Annotated[
    Path | None,
    typer.Option("-c", "--config", help="gateway.toml", readable=False, show_default=WHERE_ELSE),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
ShowOption = Annotated[bool, typer.Option("--show-numbers", help="Customers' numbers whole (WD-11).")]


@dataclass(frozen=True, slots=True)
class Manner:
    """Which gateway's, and how it is shown."""

    config: Path
    as_json: bool
    show_numbers: bool


def manner_of(context: typer.Context, config: Path | None, as_json: bool, show_numbers: bool = False) -> Manner:
    """What is said after the subcommand, and what was said before it."""
    said = context.obj if isinstance(context.obj, Manner) else Manner(default_config(), False, False)
    return Manner(config or said.config, as_json or said.as_json, show_numbers or said.show_numbers)


def whoever_types() -> str:
    """The name of the user at this terminal, to be noted with what he changes."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"  # no name in the system, as in some containers
