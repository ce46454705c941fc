"""What the tests are made of: a dialplan of short waits and prompts, customers' voices, noise."""

import re
import shutil
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
DIALPLAN = "jihua-quick"
SHIPPED = Path(__file__).parents[2] / "dialplans" / "jihua-gas"

QUICK = {
    "answer.caller_id_wait": 0.8,
    "silent_line.wait": 2.5,
    "noisy_line.wait": 1.0,
    "noisy_line.release_wait": 1.0,
    "message.pause": 1.0,
    "further.wait": 1.0,
    "hang_up.guard": 10.0,
}
"""The waits that differ from the shipped dialplan, seconds."""


def make_dialplan(folder: Path) -> str:
    """The shipped dialplan, word for word, with short waits and short recordings; gives its folder's name."""
    quick = folder / DIALPLAN
    shutil.copytree(SHIPPED, quick)
    file = quick / "dialplan.toml"
    file.write_text(_with_values(file.read_text(), QUICK))
    recordings = quick / "prompts"
    recordings.mkdir(exist_ok=True)
    for segment in segments_of(load_dialplan(quick)):
        _write_wav(recordings / f"{segment.key}.wav", _clip("八" if segment.key.startswith("digit") else "请讲话"))
    return DIALPLAN


def voice(text: str = REQUEST, level: float = -22.0) -> list[int]:
    """Somebody who speaks, at `level` dBFS."""
    return [int(sample) for sample in to_int16(spoken(text, level))]


def noise(seconds: float, level: float = -30.0) -> list[int]:
    """A street."""
    return [int(sample) for sample in to_int16(emulated_noise("street", level, 7, seconds))]


def _with_values(text: str, values: dict[str, float]) -> str:
    for key, value in values.items():
        table, _, name = key.partition(".")
        pattern = rf"(^\[{table}\](?:\n|.)*?^{name} *= *)[\d.]+"
        text, found = re.subn(pattern, rf"\g<1>{value}", text, count=1, flags=re.MULTILINE)
        assert found, key
    return text


@lru_cache
def _clip(text: str) -> bytes:
    samples = levelled(speak(text, words_per_minute=300))
    return samples[np.abs(samples) > 0][:4800].tobytes()


def _write_wav(path: Path, samples: bytes) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(samples)
