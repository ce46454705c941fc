"""What the tests are made of: a dialplan of short waits and prompts, customers' voices, noise."""

import wave
from functools import lru_cache
from pathlib import Path

import numpy as np

from drivers.emulator.audio import noise as emulated_noise
from drivers.emulator.audio import to_int16
from drivers.emulator.callers import spoken
from drivers.voice.espeak import speak
from gateway.dialplan import load_dialplan
from gateway.dialplan.phrases import segments_of
from gateway.prompts.level import levelled

REQUEST = "您好,我家的燃气灶打不着火,请派人来看一下。"
DIALPLAN = "jihua-gas-quick"

QUICK: dict[str, dict[str, float]] = {
    "answer": {"caller_id_wait": 0.8},
    "silent_line": {"wait": 2.5},
    "noisy_line": {"wait": 1.0},
    "message": {"pause": 1.0},
    "further": {"wait": 1.0},
    "hang_up": {"guard": 10.0},
}
"""The waits that differ from the shipped dialplans, seconds."""
A_QUESTION = 2.0
"""Seconds a question waits for its answer's beginning."""


def make_dialplan(folder: Path, standard: str = "jihua-gas") -> str:
    """A shipped dialplan, word for word, with short waits and short recordings; gives its folder's name."""
    quick = folder / f"{standard}-quick"
    recordings = quick / "prompts"
    recordings.mkdir(parents=True)
    shipped = load_dialplan(standard)
    tables = QUICK | {f"questions.{name}": {"wait": A_QUESTION} for name in shipped.questions}
    tables |= {f"flows.{name}": {"pause": 1.0} for name, flow in shipped.flows.items() if flow.pause}
    tables |= {"menu": {"wait": 3.0}} if shipped.menu else {}
    text = [f'base = "{standard}"']
    for table, values in tables.items():
        text += ["", f"[{table}]", *(f"{key} = {value}" for key, value in values.items())]
    (quick / "dialplan.toml").write_text("\n".join([*text, ""]))
    for segment in segments_of(load_dialplan(quick)):
        _write_wav(recordings / f"{segment.key}.wav", _clip("八" if segment.key.startswith("digit") else "请讲话"))
    return quick.name


def voice(text: str = REQUEST, level: float = -22.0) -> list[int]:
    """Somebody who speaks, at `level` dBFS."""
    return [int(sample) for sample in to_int16(spoken(text, level))]


def noise(seconds: float, level: float = -30.0) -> list[int]:
    """A street."""
    return [int(sample) for sample in to_int16(emulated_noise("street", level, 7, seconds))]


@lru_cache
def _clip(text: str) -> bytes:
    samples = levelled(speak(text, words_per_minute=300))
    return samples[np.abs(samples) > 0][:4800].tobytes()


def _write_wav(path: Path, samples: bytes) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(samples)
