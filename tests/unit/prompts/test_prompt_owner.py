"""Recordings that root makes can be made anew by the gateway, whose folder they are in."""

import os
from pathlib import Path

import numpy as np
import pytest

from gateway.prompts.files import write_recording

pytestmark = pytest.mark.unit

SOMEBODY = 54321 if os.geteuid() == 0 else os.geteuid()


def test_what_root_writes_is_whose_the_folder_is(tmp_path: Path) -> None:
    data = tmp_path / "lib"
    data.mkdir()
    os.chown(data, SOMEBODY, -1)
    write_recording(data / "prompts" / "greeting.wav", np.zeros(8, np.int16))
    owners = [path.stat().st_uid for path in (data / "prompts", data / "prompts" / "greeting.wav")]
    assert owners == [SOMEBODY, SOMEBODY]
    assert [file.name for file in (data / "prompts").iterdir()] == ["greeting.wav"]


def test_a_folder_that_nothing_is_in_yet_is_whose_the_next_one_up_is(tmp_path: Path) -> None:
    os.chown(tmp_path, SOMEBODY, -1)
    write_recording(tmp_path / "var" / "prompts" / "greeting.wav", np.zeros(8, np.int16))
    assert (tmp_path / "var").stat().st_uid == SOMEBODY
    assert (tmp_path / "var" / "prompts").stat().st_uid == SOMEBODY
