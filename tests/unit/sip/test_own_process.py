"""Processes of our own: which code they run, and what they are not told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from drivers import own_process
from tests.installed_over import install_over

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


def test_another_version_that_was_installed_meanwhile_is_not_mixed_with_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_process.command("drivers.sip.worker")
    install_over("99.0", tmp_path, monkeypatch)
    with pytest.raises(own_process.OtherVersion) as told:
        own_process.command("drivers.sip.worker")
    assert "99.0 was installed while " in str(told.value)
    assert "restart the gateway" in str(told.value)
    assert isinstance(told.value, OSError), "as what cannot be started"


def test_a_program_that_is_just_being_replaced_is_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(own_process.OtherVersion, match="no version of it is installed"):
        own_process.command("drivers.sip.worker")
