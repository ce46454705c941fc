"""Noises by name, with parameters drawn anew for each scene."""

from collections.abc import Callable
from typing import Final

import numpy as np

from benchmarks.corpus.draw import RATE, Draw, Signal
from benchmarks.corpus.speakers import music
from benchmarks.material import coloured, crackle, engine, far_off, hiss, hum, level, white


def _white(draw: Draw, seconds: float) -> tuple[Signal, str]:
    return white(seconds, -20, draw.seed()), "white noise"


def _pink(draw: Draw, seconds: float) -> tuple[Signal, str]:
    slope = draw.between(0.8, 1.2)
    return coloured(seconds, -20, slope, draw.seed()), f"pink noise, 1/f^{slope:.2f}"


def _brown(draw: Draw, seconds: float) -> tuple[Signal, str]:
    slope = draw.between(1.8, 2.2)
    return coloured(seconds, -20, slope, draw.seed()), f"brown noise, 1/f^{slope:.2f}"


def _hum(draw: Draw, seconds: float) -> tuple[Signal, str]:
    mains, tilt = draw.between(49.8, 50.2), draw.between(0.5, 1.5)
    return hum(seconds, -20, mains, tilt, draw.seed()), f"hum of {mains:.2f} Hz, harmonics 1/k^{tilt:.1f}"


def _crackle(draw: Draw, seconds: float) -> tuple[Signal, str]:
    rate = draw.between(15, 60)
    return crackle(seconds, -20, rate, draw.seed()), f"crackle, {rate:.0f} pops a second"


def _hiss(draw: Draw, seconds: float) -> tuple[Signal, str]:
    return hiss(seconds, -20, draw.seed()), "line hiss"


def _crowd(draw: Draw, seconds: float) -> tuple[Signal, str]:
    voices, reverberation = int(draw.rng.integers(12, 25)), draw.between(0.5, 1.2)
    out = np.zeros(int(seconds * RATE))
    for _ in range(voices):
        out += draw.speaker().say(seconds, draw.rng) * 10 ** (draw.between(-8, 0) / 20)
    return far_off(out, reverberation, draw.seed()), f"crowd of {voices}, reverberation {reverberation:.1f} s"


def _music(draw: Draw, seconds: float) -> tuple[Signal, str]:
    return music(draw.split, seconds, draw.rng)


def _engine(draw: Draw, seconds: float) -> tuple[Signal, str]:
    firing = draw.between(22, 80)
    return engine(seconds, -20, firing, draw.seed()), f"engine, {firing:.0f} firings a second"


KINDS: Final[dict[str, Callable[[Draw, float], tuple[Signal, str]]]] = {
    "white": _white,
    "pink": _pink,
    "brown": _brown,
    "hum": _hum,
    "crackle": _crackle,
    "hiss": _hiss,
    "crowd": _crowd,
    "music": _music,
    "engine": _engine,
}
"""Makers of each noise: from random choices and seconds, the noise at any level and what it is."""


def make(name: str, draw: Draw, seconds: float, dbfs: float) -> tuple[Signal, str]:
    """`seconds` of the noise at an rms of `dbfs`, and what it is with its parameters. Raises RecordingsError."""
    noise, how = KINDS[name](draw, seconds)
    return level(noise, dbfs), how
