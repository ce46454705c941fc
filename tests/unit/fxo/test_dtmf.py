"""Keys heard in the audio: all of them, through noise and twist, and never in speech."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.fxo.digits import PressMerger
from drivers.fxo.dtmf import DtmfDetector
from drivers.voice.espeak import speak

pytestmark = pytest.mark.unit

LAYOUT = {
    key: (row, column)
    for row, keys in zip((697, 770, 852, 941), ("123A", "456B", "789C", "*0#D"), strict=True)
    for column, key in zip((1209, 1336, 1477, 1633), keys, strict=True)
}


def tone(key: str, seconds: float, level: float = -20.0, twist: float = 0.0) -> np.ndarray:
    t = np.arange(int(seconds * 8000)) / 8000
    row, column = LAYOUT[key]
    peak = 32768 * 10 ** (level / 20)
    return peak * (np.sin(2 * np.pi * row * t) + 10 ** (twist / 20) * np.sin(2 * np.pi * column * t))


def keys_in(audio: np.ndarray) -> str:
    detector = DtmfDetector()
    whole = audio[: len(audio) // 160 * 160].clip(-32768, 32767).astype(np.int16)
    portions = np.split(whole, range(480, len(whole), 480))
    return "".join(key for portion in portions for key in detector.hear(portion))


def dialled(keys: str, on: float = 0.08, off: float = 0.08, start: int = 37, **how: float) -> np.ndarray:
    pause = np.zeros(int(off * 8000))
    return np.concatenate([np.zeros(start), *(part for key in keys for part in (tone(key, on, **how), pause))])


@given(st.text(alphabet="".join(LAYOUT), max_size=8), st.integers(0, 159), st.floats(-30, -10), st.floats(-7, 7))
def test_12_12_every_key_once_at_any_level_and_twist(keys: str, start: int, level: float, twist: float) -> None:
    assert keys_in(dialled(keys, start=start, level=level, twist=twist)) == keys


def test_12_12_a_long_press_is_one_key() -> None:
    assert keys_in(dialled("5", on=2.0)) == "5"


def test_12_12_in_line_noise() -> None:
    audio = dialled("801#", level=-20)
    noise = np.random.default_rng(3).normal(0, 32768 * 10 ** (-35 / 20), len(audio))
    assert keys_in(audio + noise) == "801#"


def test_12_12_speech_and_noise_press_nothing() -> None:
    speech = speak("您好，我家的燃气灶打不着火，请派人来看一下。一二三四五六七八九零，电话号码是八零一。")
    assert keys_in(speech.astype(float)) == ""
    assert keys_in(np.random.default_rng(4).normal(0, 3000, 80_000)) == ""


def test_12_12_two_witnesses_of_one_press_count_once() -> None:
    presses = PressMerger()
    seen = [("ears", 0.0), ("modem", 0.1), ("ears", 0.3), ("modem", 0.4), ("modem", 2.0), ("ears", 5.0)]
    assert [presses.witness(source, "5", at) for source, at in seen] == [True, False, True, False, True, True]
