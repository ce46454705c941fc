"""Processes of our own: which code they run, and what they are not told."""

import os
import subprocess
from pathlib import Path

import pytest

from drivers import own_process

pytestmark = pytest.mark.unit


def test_a_folder_of_our_packages_name_is_not_taken_for_it(tmp_path: Path) -> None:
    (tmp_path / "drivers").mkdir()
    (tmp_path / "drivers" / "__init__.py").write_text("raise SystemExit('not ours')")
    command = own_process.command("drivers.own_process")
    assert subprocess.run(command, cwd=tmp_path, check=False).returncode == 0


def test_secrets_are_kept_back_and_the_rest_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SANSHENG_COMMAND_KEY", "SANSHENG_RECORDS_PASSWORD", "SANSHENG_SIP1_PASSWORD"):
        monkeypatch.setenv(name, "three rings")
    assert "three rings" not in own_process.environment().values()
    assert own_process.environment()["PATH"] == os.environ["PATH"]
