"""Recordings that are missing, and those that cannot be played."""

from pathlib import Path

import numpy as np
import pytest

from gateway.config import GatewayConfig
from gateway.doctor.finding import Status
from gateway.doctor.recordings import check_recordings
from gateway.prompts.files import write_recording
from tests.unit.doctor.tree import Tree, config_of, cured, sip

pytestmark = pytest.mark.unit


def site(folder: Path, voice: str) -> GatewayConfig:
    (folder / "mine").mkdir()
    (folder / "mine/dialplan.toml").write_text(f'base = "jihua-gas"\nvoice = "{voice}"\n')
    return config_of(folder, sip("127.0.0.1:5062"), dialplan="mine")


def test_with_a_voice_that_speaks_nothing_is_missing_and_nothing_made(tree: Tree, tmp_path: Path) -> None:
    (found,) = check_recordings(tree.scene(site(tmp_path, "cmn")))
    assert found.status is Status.OK
    assert not (tmp_path / "var").exists()


def test_missing_recordings_are_one_fault_with_how_to_make_them(tree: Tree, tmp_path: Path) -> None:
    (found,) = check_recordings(tree.scene(site(tmp_path, "recorded")))
    assert found.status is Status.FAULT
    assert "are missing: " in found.finding
    assert ".wav and " in found.finding
    assert f"sansheng prompts import FOLDER -c {tmp_path}/gateway.toml" in cured(found)


def test_a_recording_that_cannot_be_played_is_told_beside_the_missing(tree: Tree, tmp_path: Path) -> None:
    config = site(tmp_path, "recorded")
    write_recording(tmp_path / "mine/prompts/digit-0.wav", np.zeros(800, np.int16))
    silent, missing = check_recordings(tree.scene(config))
    assert "digit-0.wav:1: holds no sound" in silent.finding
    assert f"sansheng prompts check -c {tmp_path}/gateway.toml" in cured(silent)
    assert "digit-0.wav" not in missing.finding
