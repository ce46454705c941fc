"""Sound files with bytes changed or cut off: read, or refused in words; never anything else."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.hearing.wav import WavError
from gateway.prompts.files import read_recording
from gateway.prompts.importing import MARGIN
from gateway.prompts.level import finished
from gateway.prompts.sound_file import SoundFileError, read_sound
from tests.examples import examples
from tests.unit.prompts.studio import talent

pytestmark = pytest.mark.unit

KINDS = {"wav": "PCM_16", "flac": "PCM_24", "mp3": "MPEG_LAYER_III", "ogg": "VORBIS", "aiff": "FLOAT"}


@cache
def whole(folder: Path, ending: str) -> bytes:
    file = folder / f"whole.{ending}"
    soundfile.write(file, talent("请讲", 22050), 22050, subtype=KINDS[ending])
    return file.read_bytes()


@given(
    ending=st.sampled_from(sorted(KINDS)),
    changes=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), max_size=6),
    kept=st.floats(0.001, 1),
)
@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_is_survived(tmp_path: Path, ending: str, changes: list[tuple[int, int]], kept: float) -> None:
    data = bytearray(whole(tmp_path, ending))
    for at, value in changes:
        data[at] = value
    file = tmp_path / f"damaged.{ending}"
    file.write_bytes(data[: max(1, int(len(data) * kept))])
    try:
        samples = finished(read_sound(file), MARGIN)
    except SoundFileError:
        return
    assert samples.dtype == np.int16
    assert len(samples) <= 201 * 8000


def test_a_wav_that_ends_in_mid_recording_is_refused(tmp_path: Path) -> None:
    data = whole(tmp_path, "wav")
    file = tmp_path / "further.wav"
    file.write_bytes(data[: len(data) // 2])
    with pytest.raises(SoundFileError, match="ends in mid-recording"):
        read_sound(file)
    soundfile.write(file, np.zeros(8000), 8000, subtype="PCM_16")
    file.write_bytes(file.read_bytes()[:-2000])
    with pytest.raises(WavError, match="ends in mid-recording"):
        read_recording(file)


def test_a_wav_from_a_pipe_does_not_know_its_length(tmp_path: Path) -> None:
    data = bytearray(whole(tmp_path, "wav"))
    data[40:44] = b"\xff\xff\xff\xff"
    file = tmp_path / "further.wav"
    file.write_bytes(data)
    assert len(read_sound(file)) > 0
