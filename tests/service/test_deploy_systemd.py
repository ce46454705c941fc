"""deploy/systemd: the unit as systemd's own examination sees it, and what our code and docs take from it."""

import re
import subprocess
from pathlib import Path

import pytest

from gateway.service_manager import LOOK
from tests.broker import tool

pytestmark = pytest.mark.service

DEPLOY = Path(__file__).parents[2] / "deploy"
UNIT = DEPLOY / "systemd" / "sansheng.service"
EXPOSURE = 30
"""Tenths: 3.0 of 10."""


def examined(*words: str) -> tuple[int, str]:
    done = subprocess.run(
        [tool("systemd-analyze", "systemd"), "--no-pager", *words], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def value(key: str) -> str:
    (found,) = re.findall(rf"(?m)^{key}=(.*)$", UNIT.read_text())
    return str(found)


def test_it_is_exposed_to_no_more_than_three_of_ten() -> None:
    code, told = examined("security", "--offline=true", f"--threshold={EXPOSURE}", str(UNIT))
    assert code == 0, told
    assert "Overall exposure level" in told


def test_systemd_knows_every_key_and_value(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/usr/bin/sansheng", "/bin/true"))
    code, told = examined("verify", "--man=no", str(unit))
    assert (code, told) == (0, "")


def test_the_loop_tells_that_it_turns_before_it_is_held_for_dead() -> None:
    assert int(value("WatchdogSec")) >= 3 * LOOK


def test_the_gateway_alone_is_asked_to_stop() -> None:
    assert value("KillMode") == "mixed"
    assert value("Type") == "notify"
    assert value("NotifyAccess") == "main"
