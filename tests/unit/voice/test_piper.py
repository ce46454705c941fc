"""Piper: a model is loaded and spoken with; whatever is missing or broken is told with its cure."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from drivers.voice.errors import BrokenModelError, EngineMissingError, VoiceError
from drivers.voice.espeak import speak
from drivers.voice.piper import PiperModel
from tests.unit.voice.piper_model import DESCRIPTION, TONE, write_model

pytestmark = pytest.mark.unit


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path)


def test_a_text_is_spoken_at_the_telephones_rate(model: Path) -> None:
    signal = PiperModel(model).speak("您好,请讲")
    assert np.abs(signal).max() == pytest.approx(1.0, abs=0.02)
    spectrum = np.abs(np.fft.rfft(signal))
    assert int(np.argmax(spectrum)) * 8000 / len(signal) == pytest.approx(TONE, abs=2)


def test_the_length_scale_stretches(model: Path) -> None:
    voice = PiperModel(model)
    plain, slow = voice.speak("您好请讲"), voice.speak("您好请讲", length_scale=2.0)
    assert len(slow) / len(plain) == pytest.approx(2.0, abs=0.02)
    with pytest.raises(ValueError, match="length_scale 3"):
        voice.speak("您好", length_scale=3.0)


def test_sentences_have_a_pause_between_them(model: Path) -> None:
    voice = PiperModel(model)
    both = voice.speak("您好。请讲。")
    alone = len(voice.speak("您好。")) + len(voice.speak("请讲。"))
    assert len(both) - alone == pytest.approx(0.25 * 8000, abs=2)


def test_nothing_to_say_is_nothing(model: Path) -> None:
    assert len(PiperModel(model).speak("")) == 0


def test_both_engines_live_in_one_process(model: Path) -> None:
    """Each brings an espeak-ng of its own."""
    before = len(speak("您好请讲"))
    assert len(PiperModel(model).speak("您好请讲")) > 0
    assert len(speak("您好请讲")) == pytest.approx(before, rel=0.02)


def test_the_package_that_is_missing_is_named(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "piper", None)
    with pytest.raises(
        EngineMissingError, match=r"needs the package piper-tts .*; pip install 'sansheng\[piper\]'"
    ):
        PiperModel(model)


def test_files_that_are_missing_are_named(model: Path) -> None:
    with pytest.raises(
        BrokenModelError, match=r"nix.onnx: cannot be read \(No such file.*\); a Piper voice is two"
    ):
        PiperModel(model.with_name("nix.onnx"))
    model.with_name("tone.onnx.json").unlink()
    with pytest.raises(BrokenModelError, match=r"tone.onnx.json: cannot be read .*copy both"):
        PiperModel(model)


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(BrokenModelError, match=r"cannot be read \(Is a directory\)"):
        PiperModel(tmp_path)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "tone.onnx: is empty; copy it again"),
        (b"<html>not found</html>", "tone.onnx: not a Piper model .*; copy the .onnx and its .json again"),
        (bytes(5000), "tone.onnx: not a Piper model"),
    ],
)
def test_a_broken_model_is_told(model: Path, content: bytes, expected: str) -> None:
    model.write_bytes(content)
    with pytest.raises(BrokenModelError, match=expected) as told:
        PiperModel(model)
    assert "\n" not in str(told.value)


def test_a_model_cut_short_is_told(model: Path) -> None:
    model.write_bytes(model.read_bytes()[:200])
    with pytest.raises(BrokenModelError, match="not a Piper model"):
        PiperModel(model)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "tone.onnx.json: is empty"),
        ("<html>", "tone.onnx.json: not JSON"),
        ("[1]", "tone.onnx.json: does not describe a Piper voice"),
        ('{"phoneme_id_map": {}}', "tone.onnx: not a Piper model .*num_symbols"),
    ],
)
def test_a_broken_description_is_told(model: Path, content: str, expected: str) -> None:
    model.with_name("tone.onnx.json").write_text(content)
    with pytest.raises(BrokenModelError, match=expected):
        PiperModel(model)


def test_a_model_that_cannot_speak_is_told(model: Path) -> None:
    description = json.dumps({**DESCRIPTION, "espeak": {"voice": "klingonese"}})
    model.with_name("tone.onnx.json").write_text(description)
    with pytest.raises(VoiceError, match=r"tone.onnx: cannot speak '您好'"):
        PiperModel(model).speak("您好")
