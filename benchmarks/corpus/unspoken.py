"""Scenes without a voice: noises and silences."""

from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.corpus import labels, noises
from benchmarks.corpus.draw import SOUND, Draw, Recipe, Sound, silent
from benchmarks.corpus.line import Path
from benchmarks.material import comfort_noise, hiss, level, white

_LEVELS = ((-14, -6), (-20, -14), (-26, -20), (-32, -26), (-38, -32), (-43.4, -38))
"""dBFS: bands of noise that must be told."""
_UNCERTAIN = (-52, -44)
"""dBFS: around the thresholds."""
_CODECS = ("alaw", "alaw", "ulaw", "linear16", "linear8")


def recipes() -> Iterator[Recipe]:
    """All of them."""
    for name in noises.KINDS:
        for band in (*_LEVELS, *_LEVELS, _UNCERTAIN):
            yield Recipe("noise", name, partial(noisy, name=name, low=band[0], high=band[1]))
    for detail, make, count in _SILENCES:
        for _ in range(count):
            yield Recipe("silence", detail, make)


def noisy(draw: Draw, name: str, low: float, high: float, seconds: float = SOUND) -> Sound:
    """A noise alone."""
    dbfs = draw.between(low, high)
    noise, how = noises.make(name, draw, seconds, dbfs)
    path = draw.path(_CODECS if dbfs > -38 else _CODECS[:-1])
    return Sound(noise, labels.unvoiced(noise), how, path, noise_dbfs=labels.rms_dbfs(noise))


def idle(draw: Draw, seconds: float = SOUND) -> Sound:
    """The idle line's own hiss."""
    dbfs = draw.between(-72, -51.6)
    make = draw.one((white, hiss))
    return Sound(
        make(seconds, dbfs, draw.seed()),
        labels.SILENT,
        "idle line's hiss",
        draw.path(_CODECS[:-1]),
        noise_dbfs=dbfs,
        idle_dbfs=-75.0,
    )


def digital(draw: Draw, seconds: float = SOUND) -> Sound:
    """Zeros from beginning to end."""
    return Sound(silent(seconds), labels.SILENT, "zeros", draw.path(_CODECS), idle_dbfs=None)


def comfort(draw: Draw, seconds: float = SOUND) -> Sound:
    """Comfort noise: shaped, weak, its level renewed now and then."""
    dbfs = draw.between(-70, -53)
    noise = level(comfort_noise(seconds, draw.seed()), dbfs)
    return Sound(noise, labels.unvoiced(noise), "comfort noise", draw.path(_CODECS[:-1]), noise_dbfs=dbfs)


def direct_current(draw: Draw, seconds: float = SOUND) -> Sound:
    """Direct current all along, over the idle line's hiss."""
    dc = draw.between(0.01, 0.2) * draw.one((-1, 1))
    path = Path(draw.one(("alaw", "ulaw", "linear16")), dc=dc)
    return Sound(silent(seconds), labels.SILENT, f"direct current of {dc:.3f} full scales", path)


_SILENCES: tuple[tuple[str, Callable[[Draw], Sound], int], ...] = (
    ("idle hiss", idle, 16),
    ("digital", digital, 6),
    ("comfort noise", comfort, 12),
    ("direct current", direct_current, 8),
)
