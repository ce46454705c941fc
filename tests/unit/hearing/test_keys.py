"""Keys heard in the voice: what Q.24 demands of a receiver, and that nobody's speech is one."""

import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.emulator.audio import noise, to_int16
from drivers.emulator.callers import spoken
from drivers.hearing.g711 import decode_alaw, encode_alaw
from drivers.hearing.keys import Keys

pytestmark = pytest.mark.unit

GRID = ("123A", "456B", "789C", "*0#D")
ROWS, COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
EVERY_KEY = "".join(GRID)


def tones(
    key: str, seconds: float = 0.1, *, row: float = -15, column: float = -15, off: float = 0.0, phase: float = 0.0
) -> NDArray[np.float64]:
    """A key; `row` and `column`: each tone's level in dBFS, `off`: how far beside its frequency."""
    low = next(number for number, keys in enumerate(GRID) if key in keys)
    times = np.arange(round(seconds * 8000)) / 8000
    waves = [(ROWS[low], row), (COLUMNS[GRID[low].index(key)], column)]
    return sum(
        10 ** (level / 20) * 2**0.5 * np.sin(2 * np.pi * hertz * (1 + off) * times + phase)
        for hertz, level in waves
    )


def pause(seconds: float) -> NDArray[np.float64]:
    return np.zeros(round(seconds * 8000))


def keys(*parts: NDArray[np.float64], piece: int = 800) -> str:
    """What is heard of these in a row, as a line gives it: through A-law, `piece` samples at a time."""
    heard = np.concatenate([*parts, pause(0.1)])
    linear = np.round(np.clip(heard, -1, 1) * 32767).astype(np.int16)
    samples = decode_alaw(encode_alaw(linear))
    ears = Keys()
    return "".join(
        key for begin in range(0, len(samples), piece) for key in ears.hear(samples[begin : begin + piece])
    )


@pytest.mark.parametrize("piece", [1, 80, 160, 173, 800, 8000])
def test_every_key_once_a_press_however_it_comes(piece: int):
    parts = [part for key in EVERY_KEY + "5511" for part in (tones(key, 0.1), pause(0.1))]
    assert keys(*parts, piece=piece) == EVERY_KEY + "5511"


def test_the_shortest_keys_and_pauses_wherever_they_begin():
    for late in range(0, 160, 7):
        parts = [part for key in EVERY_KEY + "55" for part in (tones(key, 0.04, phase=late), pause(0.04))]
        assert keys(np.zeros(late), *parts) == EVERY_KEY + "55", late


@pytest.mark.parametrize(("row", "column"), [(-10, -10), (-31, -31), (-11, -19), (-17, -11), (-31, -37)])
@pytest.mark.parametrize("off", [-0.015, 0.0, 0.015])
def test_levels_twists_and_frequencies_that_must_be_accepted(row: float, column: float, off: float):
    for key in EVERY_KEY:
        assert keys(tones(key, 0.06, row=row, column=column, off=off)) == key


@pytest.mark.parametrize("off", [-0.035, 0.035])
def test_tones_too_far_beside_are_no_key(off: float):
    assert [key for key in EVERY_KEY if keys(tones(key, 0.2, off=off))] == []


def test_an_interruption_is_no_second_press_and_a_burst_none_at_all():
    assert keys(tones("7"), pause(0.01), tones("7")) == "7"
    assert [key for key in EVERY_KEY if keys(tones(key, 0.02))] == []


def test_one_tone_twisted_tones_and_three_are_no_key():
    assert keys(tones("5", 0.2, row=-60)) == keys(tones("5", 0.2, column=-60)) == ""
    assert keys(tones("5", 0.2, row=-30, column=-15)) == keys(tones("5", 0.2, row=-15, column=-30)) == ""
    assert keys(tones("5", 0.2) + tones("9", 0.2)) == ""


def test_a_key_in_a_street():
    street = noise("street", -32.0, 3, 4.0) / 32768
    pressed = np.concatenate([part for key in "0123456789" for part in (tones(key), pause(0.1))])
    mixed = street[: len(pressed)] + pressed
    assert keys(mixed) == "0123456789"


def test_no_speech_is_a_key():
    said = "您好,我家的燃气灶打不着火,请派人来看一下。一二三四五六七八九十,电话一三八零零一三八零零零。"
    for level in (-30.0, -22.0, -12.0):
        ears = Keys()
        assert ears.hear(to_int16(spoken(said, level))) == []
