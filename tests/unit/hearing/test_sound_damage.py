"""Recordings with bytes changed or cut off: read, or refused in words; never anything else."""

import struct
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from drivers.hearing.convert import load_any_wav
from drivers.hearing.riff import WavError
from tests.examples import examples

pytestmark = pytest.mark.unit

KINDS = {
    "pcm": ("WAV", "PCM_16"),
    "float": ("WAV", "FLOAT"),
    "double": ("WAVEX", "DOUBLE"),
    "ima": ("WAV", "IMA_ADPCM"),
    "gsm": ("WAV", "GSM610"),
    "rf64": ("RF64", "PCM_24"),
    "w64": ("W64", "PCM_16"),
    "flac": ("FLAC", "PCM_16"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
    "ogg": ("OGG", "VORBIS"),
    "aiff": ("AIFF", "PCM_16"),
    "au": ("AU", "ULAW"),
}
KNOWN_SIZES = st.sampled_from([0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF])


@cache
def whole(folder: Path, kind: str) -> bytes:
    file = folder / f"whole.{kind}"
    file_format, coding = KINDS[kind]
    signal = np.random.default_rng(1).normal(0, 0.1, (4000, 2 if kind in ("pcm", "double") else 1))
    soundfile.write(file, signal, 8000, format=file_format, subtype=coding)
    return file.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    length=st.floats(0, 1),
    changes=st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), max_size=6),
    words=st.lists(st.tuples(st.integers(0, 30), KNOWN_SIZES), max_size=2),
)
@example(length=1.0, changes=[], words=[])
def test_whatever_happened_to_it(tmp_path_factory, kind, length, changes, words):
    folder = tmp_path_factory.getbasetemp()
    content = bytearray(whole(folder, kind))
    for at, value in changes:
        content[at] = value
    for at, value in words:
        content[4 * at : 4 * at + 4] = struct.pack("<I", value)
    file = folder / f"damaged.{kind}"
    file.write_bytes(content[: round(length * len(content))])
    told = heard(file)
    assert told is None or (told.startswith(f"{file}: ") and "\n" not in told)


def heard(file):
    """None where samples came of it, else why not."""
    try:
        samples = load_any_wav(file)
    except WavError as error:
        return str(error)
    return None if samples.dtype == np.int16 and len(samples) else "no samples, and no word"
