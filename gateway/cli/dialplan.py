"""`sansheng dialplan page` and `schema`: what a supervisor, and his editor, read about a dialplan."""

from collections.abc import Sequence

import typer

from gateway.cli.faults import show_faults
from gateway.config import ConfigErrors, Fault
from gateway.dialplan import load_dialplan
from gateway.dialplan.page import MADE, PAGE, page_of
from gateway.dialplan.schema import schema_text


def page(names: Sequence[str], *, write: bool) -> int:
    """Print the page of each dialplan, or write it beside its dialplan.toml, where no page by hand stands.

    Gives the exit code: 0, or 1 where a dialplan has a fault, or its page cannot be written.
    """
    faults: list[Fault] = []
    for name in names:
        try:
            dialplan = load_dialplan(name)
        except ConfigErrors as errors:
            faults += errors.faults
            continue
        if not write:
            typer.echo(page_of(dialplan), nl=False)
            continue
        file = dialplan.folder / PAGE
        try:
            if file.exists() and MADE not in file.read_text(encoding="utf-8", errors="replace"):
                faults.append(Fault(file, 1, "", "was written by hand; move it away, or leave out --write"))
                continue
            file.write_text(page_of(dialplan), encoding="utf-8")
        except OSError as error:
            faults.append(Fault(file, 1, "", f"cannot be written ({error.strerror}); leave out --write to see it"))
        else:
            typer.echo(str(file))
    show_faults(faults)
    return 1 if faults else 0


def schema() -> int:
    """Print the JSON Schema of dialplan.toml. Gives the exit code, 0."""
    typer.echo(schema_text(), nl=False)
    return 0
