"""Which version this is can be asked of the command: the first thing that a report of a fault needs."""

from importlib.metadata import version

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app

pytestmark = pytest.mark.unit


def test_the_command_tells_its_version() -> None:
    told = CliRunner().invoke(app, ["--version"])
    assert (told.exit_code, told.output) == (0, f"sansheng {version('sansheng')}\n")


def test_the_command_alone_still_shows_its_help() -> None:
    shown = CliRunner().invoke(app, [])
    assert "three rings" in shown.output
    assert "doctor" in shown.output
