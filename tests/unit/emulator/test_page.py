"""docs/emulator.md names everything that can be asked of the emulator, and nothing else."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from drivers.emulator import CADENCES, FIRMWARES, PERSONALITIES, Faults
from drivers.emulator.__main__ import CALLERS, _parser
from drivers.emulator.faults import CALLER_ID_FORMS, RUNGS

pytestmark = pytest.mark.unit

PAGE = Path("docs/emulator.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_column(text: str) -> set[str]:
    """The names between backticks in a table's first column."""
    cells = (row.split("|")[1] for row in text.splitlines() if row.startswith("| `"))
    return {name for cell in cells for name in re.findall(r"`([a-z0-9_]+)`", cell)}


def test_every_switch_is_told() -> None:
    assert first_column(section("Faults")) == {item.name for item in fields(Faults)} - {"seed"}
    for word in (*CALLER_ID_FORMS, *RUNGS):
        assert f"`{word}`" in section("Faults")


def test_every_personality_and_firmware_is_told() -> None:
    text = section("Personalities")
    assert first_column(text) == set(PERSONALITIES)
    assert all(f"`{firmware}`" in text for _, firmware in FIRMWARES)


def test_every_option_and_caller_is_told() -> None:
    text = section("From the shell")
    options = {option for action in _parser()._actions for option in action.option_strings if option[1] == "-"}
    assert set(re.findall(r"--[a-z][a-z-]+", text)) == options - {"--help"}
    assert all(f"`{caller}`" in text for caller in CALLERS)
    assert "|".join(CADENCES) in text.replace("\\|", "|")
