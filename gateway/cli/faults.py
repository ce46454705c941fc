"""How commands show faults: one a line, plain, so that editors and scripts can read them."""

from collections.abc import Iterable

import typer

from gateway.config import Fault


def show_faults(faults: Iterable[Fault]) -> None:
    """Each fault once as `file:line: key: …` on standard output."""
    for line in dict.fromkeys(str(fault) for fault in faults):
        typer.echo(line)
