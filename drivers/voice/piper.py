"""Piper: a natural voice from a neural model that the site brings. An optional package, `sansheng[piper]`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drivers.onnx import keep_quiet
from drivers.voice.errors import BrokenModelError, EngineMissingError, VoiceError
from drivers.voice.espeak import with_pauses
from drivers.voice.resample import signal_to_telephone_rate

SLOWEST, FASTEST = 2.2, 0.6
"""Piper's length_scale, 1.0 being the pace the model learnt: past these, voices drawl or swallow sounds."""
_BETWEEN_SENTENCES = 0.25
"""Seconds: Piper speaks sentence by sentence and leaves none of the pause a speaker makes there."""
_INSTALL = "pip install 'sansheng[piper]'"


class PiperModel:
    """One model file, loaded. Loading takes about a second, speaking a tenth of the time spoken."""

    def __init__(self, model: Path) -> None:
        """`model` is the .onnx file; Piper's `<model>.json` lies beside it.

        Raises EngineMissingError without the package, BrokenModelError where the files are missing or not Piper's.
        """
        self._model = model
        _checked_files(model)
        try:
            keep_quiet()
            from piper import PiperVoice
        except ImportError as error:
            raise EngineMissingError(
                f"the voice piper needs the package piper-tts ({error}); {_INSTALL}"
            ) from error
        try:
            self._voice: Any = PiperVoice.load(model, download_dir=model.parent)
        except Exception as error:  # onnxruntime's own errors have no other base
            message = f"{model}: not a Piper model ({_first_line(error)}); copy the .onnx and its .json again"
            raise BrokenModelError(message) from error

    def speak(self, text: str, *, length_scale: float = 1.0) -> NDArray[np.float64]:
        """Synthesise `text`: a signal at 8000 Hz, full scale 1.0, with what silence the model puts around it.

        `length_scale` stretches speech, from FASTEST to SLOWEST. A text without anything to speak gives an empty
        array. The model draws at random: no two results are the same. Raises VoiceError; ValueError for a scale
        out of range.
        """
        if not FASTEST <= length_scale <= SLOWEST:
            raise ValueError(f"length_scale {length_scale}: {FASTEST} to {SLOWEST} is allowed")
        try:
            chunks = list(self._chunks(with_pauses(text), length_scale))
        except ModuleNotFoundError as error:
            message = f"{self._model}: needs a package more ({error}); pip install 'piper-tts[zh]'"
            raise EngineMissingError(message) from error
        except Exception as error:  # as above; a text may upset the model's phonemes, too
            raise VoiceError(f"{self._model}: cannot speak {text[:20]!r} ({_first_line(error)})") from error
        return np.concatenate(chunks) if chunks else np.zeros(0)

    def _chunks(self, text: str, length_scale: float) -> Iterator[NDArray[np.float64]]:
        from piper import SynthesisConfig

        pause = np.zeros(0)
        for chunk in self._voice.synthesize(text, SynthesisConfig(length_scale=length_scale)):
            signal = np.atleast_1d(np.asarray(chunk.audio_float_array, dtype=np.float64))
            yield pause
            yield signal_to_telephone_rate(np.nan_to_num(signal), chunk.sample_rate)
            pause = np.zeros(round(_BETWEEN_SENTENCES * 8000))


def config_file(model: Path) -> Path:
    """Piper's description of the model, `<model>.onnx.json`."""
    return model.with_name(f"{model.name}.json")


def _checked_files(model: Path) -> None:
    for file in (model, config_file(model)):
        try:
            with file.open("rb") as stream:
                beginning = stream.read(1)
        except OSError as error:
            cure = "a Piper voice is two files, NAME.onnx and NAME.onnx.json: copy both"
            raise BrokenModelError(f"{file}: cannot be read ({error.strerror}); {cure}") from error
        if not beginning:
            raise BrokenModelError(f"{file}: is empty; copy it again")
    try:
        described = json.loads(config_file(model).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        message = f"{config_file(model)}: not JSON ({_first_line(error)}); copy the model's .json again"
        raise BrokenModelError(message) from error
    if not isinstance(described, dict) or "phoneme_id_map" not in described:
        message = f"{config_file(model)}: does not describe a Piper voice; copy the .json that came with the model"
        raise BrokenModelError(message)


def _first_line(error: BaseException) -> str:
    lines = str(error).split("\n")
    return f"{type(error).__name__}: {lines[0][:200]}"
