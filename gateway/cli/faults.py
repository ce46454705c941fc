"""How commands show faults: one a line, plain, so that editors and scripts can read them."""

from collections.abc import Callable, Iterable

import typer

from gateway.config import ConfigErrors, Fault


def show_faults(faults: Iterable[Fault]) -> None:
    """Each fault once as `file:line: key: …` on standard output."""
    for line in dict.fromkeys(str(fault) for fault in faults):
        typer.echo(line)


def or_faults(command: Callable[[], int]) -> int:
    """Run a command; where its config is wrong, show that and give exit code 1."""
    try:
        return command()
    except ConfigErrors as errors:
        show_faults(errors.faults)
        return 1
