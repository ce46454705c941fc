"""A wrong value of an option is told in words of ours, with what is allowed: no library's words reach a user."""

import inspect
import re
import typing
from collections.abc import Iterator
from enum import Enum
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from gateway.cli.main import app
from gateway.cli.report_command import GROUPINGS
from gateway.kpi.groups import By

pytestmark = pytest.mark.unit

HUGE = "9" * 5000
WRONG = [
    ("listen x.wav --channel two", "a whole number from 1 on"),
    ("listen x.wav --channel 0", "a whole number from 1 on"),
    ("listen x.wav --channel 1.5", "a whole number from 1 on"),
    (f"listen x.wav --channel {HUGE}", "a whole number from 1 on"),
    ("listen x.wav --channel ²", "a whole number from 1 on"),
    ("listen x.wav --jobs 257", "a whole number from 1 to 256"),
    ("tickets show x", "a whole number from 1 to 2147483647"),
    ("tickets answer abc --text x", "a whole number from 1 to 2147483647"),
    ("dialplan walk --wait long", "seconds from 0.5 to 3600"),
    ("dialplan walk --wait nan", "seconds from 0.5 to 3600"),
    ("dialplan walk --answers -1", "seconds from 0 to 3600"),
    ("report --by month", "agent, line, hour, day"),
    ("tickets list --state done", "open, answered, closed"),
]


@pytest.mark.parametrize(("line", "allowed"), WRONG, ids=lambda text: text[:40])
def test_what_is_allowed_is_told(line: str, allowed: str) -> None:
    words = line.split()
    done = CliRunner().invoke(app, words, env={"COLUMNS": "200", "TERMINAL_WIDTH": "200"})
    told = re.sub(r"[\s│╭╮╰╯─]+", " ", done.output)
    assert done.exit_code == 2
    assert f"allowed: {allowed}" in told
    assert len(told) < 500
    assert not any(phrase in told for phrase in ("Input should", "Value error", "unable to parse"))


def test_every_option_that_is_no_text_has_a_reader_of_ours() -> None:
    readers = {name: info.parser for name, info in numbers_and_choices(typer.main.get_command(app))}
    assert "sansheng listen --channel" in {f"sansheng {name}" for name in readers}
    assert [name for name, reader in readers.items() if reader is None] == []


def test_reports_can_be_grouped_by_all_that_there_is() -> None:
    assert set(GROUPINGS) == {by.value for by in By}


def numbers_and_choices(command: Any, *path: str) -> Iterator[tuple[str, Any]]:
    """Each option or argument that is a number or one of an enumeration, by its command line."""
    if command.callback is not None:
        callback = inspect.unwrap(command.callback)
        for name, hint in typing.get_type_hints(callback, include_extras=True).items():
            kind, *extras = typing.get_args(hint) or (hint,)
            if extras and any(issubclass(one, (int, float, Enum)) for one in kinds(kind) if one is not bool):
                yield f"{' '.join(path)} --{name}", extras[0]
    for name, inner in getattr(command, "commands", {}).items():
        yield from numbers_and_choices(inner, *path, name)


def kinds(hint: Any) -> list[type]:
    return [kind for kind in (hint, *typing.get_args(hint)) if isinstance(kind, type)]
