"""Section 12.12: one event for each key press, whatever the firmware makes of it; false codes are none."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.fxo.codecs import Coding
from drivers.fxo.digits import KEYS, DigitFilter, Keypad
from drivers.fxo.dtmf import DtmfDetector
from drivers.fxo.far_end import FarEnd
from drivers.fxo.profiles import PROFILES
from drivers.fxo.recording import CallRecording
from drivers.fxo.supervision import HangUpVote
from tests.examples import examples

pytestmark = pytest.mark.unit

ROWS, COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
LAYOUT = "123A456B789C*0#D"
PRESSES = st.lists(st.sampled_from(sorted(KEYS)), min_size=1, max_size=12)


def reported(keys: list[str], seed: int, *, framed: bool) -> list[tuple[float, str]]:
    """What a modem reports of these presses: each code once or again every 70 to 100 ms while the key is held; the
    keys 200 to 400 ms apart. Without frames two presses are told by a pause of over 120 ms."""
    dice, now, codes = random.Random(seed), 10.0, []
    for key in keys:
        codes += [(now, "/")] if framed else []
        for _ in range(dice.randint(1, 4)):
            codes.append((now + 0.01, key))
            now += dice.uniform(0.07, 0.1)
        codes += [(now, "~")] if framed else []
        now += dice.uniform(0.13, 0.4)
    return codes


@settings(deadline=None)
@given(PRESSES, st.integers(0, 999), st.booleans())
def test_12_12_a_key_told_three_times_is_one_and_two_quick_presses_are_two(
    keys: list[str], seed: int, framed: bool
) -> None:
    pressed: list[str] = []
    keypad = Keypad(framed, pressed.append)
    for at, code in reported(keys, seed, framed=framed):
        keypad.coded(code, at, doubtful=framed)
    assert pressed == keys


def test_12_12_presses_read_at_once_keep_the_distance_they_had_on_the_line() -> None:
    pressed: list[str] = []
    keypad, recording = Keypad(False, pressed.append), CallRecording()
    vote = HangUpVote(2, PROFILES["v253"].events)
    far_end = FarEnd("leg", Coding.ULAW, "cn", vote, recording, lambda _: None, lambda _: None)
    far_end.stream_began(0.0)
    read_at = 2.0
    far_end.audio_received(bytes([0xFF] * 15_000), lambda _begin, _samples: None, read_at)
    keypad.coded("5", far_end.line_time(read_at), doubtful=False)
    far_end.audio_received(bytes([0xFF] * 1_000), lambda _begin, _samples: None, read_at)
    keypad.coded("5", far_end.line_time(read_at), doubtful=False)
    assert pressed == ["5", "5"]
    assert far_end.line_time(9.0) > 8.0, "nothing is received: the line's time goes on"


def test_12_12_bare_codes_are_debounced_for_120_ms() -> None:
    digits = DigitFilter()
    found = [digits.feed("5", at) for at in (1.0, 1.119, 1.238, 1.36)]
    assert found == ["5", None, None, "5"]


@given(st.lists(st.tuples(st.sampled_from(sorted(KEYS)), st.floats(0.0, 1.0)), max_size=30))
def test_12_12_bare_codes_while_playing_are_false(codes: list[tuple[str, float]]) -> None:
    pressed: list[str] = []
    keypad, now = Keypad(False, pressed.append), 0.0
    for code, pause in codes:
        now += pause
        keypad.coded(code, now, doubtful=True)
    assert not pressed


def tone(key: str, seconds: float, *, twist: float = 0.0, level: float = 3000.0) -> NDArray[np.float64]:
    at = np.arange(round(8000 * seconds)) / 8000
    place = LAYOUT.index(key)
    low, high = ROWS[place // 4], COLUMNS[place % 4]
    return level * (np.sin(2 * np.pi * low * at) + 10 ** (twist / 20) * np.sin(2 * np.pi * high * at))


def ears(sound: NDArray[np.float64]) -> list[tuple[float, str]]:
    """Keys our own ears hear, and when."""
    detector, found = DtmfDetector(), []
    frames = sound[: len(sound) // 160 * 160].reshape(-1, 160).astype(np.int16)
    for number, frame in enumerate(frames):
        found += [(number * 0.02, key) for key in detector.hear(frame)]
    return found


@settings(deadline=None, max_examples=examples(20))
@given(PRESSES, st.floats(-4.0, 8.0), st.integers(0, 99))
def test_12_12_a_deaf_modems_keys_are_heard_in_the_audio_and_a_hearing_ones_count_once(
    keys: list[str], twist: float, seed: int
) -> None:
    dice = random.Random(seed)
    noise = np.random.default_rng(seed)
    sound = [np.zeros(800)]
    for key in keys:
        sound += [tone(key, dice.uniform(0.1, 0.2), twist=twist), np.zeros(round(8000 * dice.uniform(0.1, 0.3)))]
    line = np.concatenate(sound)
    heard = ears(line + noise.normal(0, 20, len(line)))
    assert [key for _, key in heard] == keys
    pressed: list[str] = []
    keypad = Keypad(False, pressed.append)
    for at, key in heard:  # the modem's own detector tells each a little later
        keypad.heard(key, at)
        keypad.coded(key, at + 0.05, doubtful=False)
    assert pressed == keys


def test_12_12_speech_like_sound_is_no_key() -> None:
    at = np.arange(8000 * 20) / 8000
    voice = sum(np.sin(2 * np.pi * 140 * n * at + n) / n for n in range(1, 24))
    swell = 2500 * (1 + np.sin(2 * np.pi * 3 * at)) * voice
    assert not ears(np.clip(swell, -32000, 32000))
