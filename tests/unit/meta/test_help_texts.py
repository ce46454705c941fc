"""Help is shown as it is written: a name in brackets is no markup to be swallowed."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from gateway.cli.main import app

pytestmark = pytest.mark.unit


def commands(command: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each command with its name in words; typer brings a click of its own, whose classes are not click's."""
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, *path, name)


WRITTEN = [
    (path, text)
    for path, command in commands(typer.main.get_command(app))
    for text in (command.help, *(getattr(parameter, "help", None) for parameter in command.params))
    if text and "[" in text
]


def test_some_help_names_tables_of_the_config() -> None:
    assert ("password",) in dict(WRITTEN)


@pytest.mark.parametrize(("path", "text"), WRITTEN, ids=lambda value: " ".join(value)[:30])
def test_brackets_are_shown(path: tuple[str, ...], text: str) -> None:
    shown = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "200", "TERMINAL_WIDTH": "200"}).output
    written = text.replace("\\[", "[").partition("\f")[0]
    assert flat(written) in flat(shown)


def flat(text: str) -> str:
    return re.sub(r"[\s│]+", " ", text).strip()
