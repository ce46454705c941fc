"""What the tests record: dialplans of their own, voices and tones, and files as voice talents send them."""

from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from drivers.hearing.wav import WavWriter
from drivers.voice.espeak import speak
from gateway.config.places import SHIPPED_DIALPLANS
from gateway.dialplan import Dialplan, load_dialplan
from gateway.prompts.speech_level import RATE, as_signal

JIHUA = (SHIPPED_DIALPLANS / "jihua-gas" / "dialplan.toml").read_text()


def own_dialplan(folder: Path, text: str = JIHUA) -> Dialplan:
    """A dialplan in `folder`, whose prompts/ a test may fill."""
    (folder / "prompts").mkdir(parents=True, exist_ok=True)
    (folder / "dialplan.toml").write_text(text)
    return load_dialplan(folder)


def tone(seconds: float, amplitude: float = 4500) -> NDArray[np.int16]:
    """−20 dBFS unless told otherwise."""
    return (amplitude * np.sin(np.arange(int(seconds * RATE)) * 0.3)).astype(np.int16)


def record(dialplan: Dialplan, key: str, samples: NDArray[np.int16]) -> Path:
    """As a supervisor does who has a WAV of the right format."""
    file = dialplan.folder / "prompts" / f"{key}.wav"
    with WavWriter(file) as writer:
        writer.write(samples)
    return file


def talent(text: str, rate: int = 44100, gain: float = 0.5) -> NDArray[np.float64]:
    """`text` as a studio sends it: a second of silence before it, three quarters after it, at any rate."""
    spoken = as_signal(speak(text, words_per_minute=95)) * gain
    padded = np.concatenate((np.zeros(RATE), spoken, np.zeros(RATE * 3 // 4)))
    return np.asarray(soxr.resample(padded, RATE, rate))
