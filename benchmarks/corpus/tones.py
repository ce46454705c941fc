"""Scenes of China's call-progress tones, by GB/T 3380, each within its tolerances."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from benchmarks.corpus import labels
from benchmarks.corpus.draw import Draw, Recipe, Signal, Sound, silent
from benchmarks.corpus.spoken import at_level
from benchmarks.material import cadence, coloured, hiss, hum, level, white
from drivers.line import Tone


@dataclass(frozen=True, slots=True)
class _Kind:
    """A tone's figures: Hz, and seconds on, off, on, … (none for a continuous one)."""

    name: str
    tone: Tone | None
    hertz: float
    pattern: tuple[float, ...]
    seconds: float
    """How long a scene of it lasts: what is needed to know it, and as much again."""


_KINDS = (
    # GB/T 3380. The vacant number tone is here to be taken for none by which a call is cleared.
    _Kind("dial", Tone.DIAL, 450.0, (), 6.0),
    _Kind("busy", Tone.BUSY, 450.0, (0.35, 0.35), 7.0),
    _Kind("congestion", Tone.CONGESTION, 450.0, (0.7, 0.7), 8.4),
    _Kind("ringback", Tone.RINGBACK, 450.0, (1.0, 4.0), 12.0),
    _Kind("vacant number", None, 450.0, (0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4, 0.4), 8.4),
    _Kind("howler", Tone.HOWLER, 950.0, (), 7.0),
)
_HERTZ_OFF = 25.0  # GB/T 3380: ±25 Hz for each of them
_CADENCE_OFF = 0.1  # and ±10 %
_WEAKEST, _STRONGEST = -30.0, -5.0
"""dBFS of a tone while it is on."""
_AT_THE_LIMIT = 0.15
"""Share of scenes that lie at the very limits of frequency and cadence."""
_PLAIN, _NOISY, _EDGE, _AFTER_SPEECH, _LOSSY = 16, 6, 4, 6, 6


def recipes() -> Iterator[Recipe]:
    """All of them."""
    for kind in _KINDS:
        for detail, count, make in (
            ("", _PLAIN, partial(_alone, kind=kind)),
            (", noise 15 dB below", _NOISY, partial(_over_noise, kind=kind, below=(15.0, 25.0))),
            (", noise 10 dB below", _EDGE, partial(_over_noise, kind=kind, below=(10.0, 10.0))),
            (", after speech", _AFTER_SPEECH, partial(_after_speech, kind=kind)),
            (", packets lost", _LOSSY, partial(_lossy, kind=kind)),
        ):
            for _ in range(count):
                yield Recipe("tone", kind.name + detail, make)


def _alone(draw: Draw, kind: _Kind) -> Sound:
    dbfs = draw.between(_WEAKEST, _STRONGEST)
    tone, how = _made(draw, kind, dbfs)
    path = draw.path(("alaw", "ulaw", "linear16", "linear8"), lossy=0.0)
    return Sound(tone, labels.SILENT, how, path, tone=kind.tone)


def _lossy(draw: Draw, kind: _Kind) -> Sound:
    sound = _alone(draw, kind)
    return replace(sound, path=replace(sound.path, loss=draw.between(0.01, 0.1)))


def _over_noise(draw: Draw, kind: _Kind, below: tuple[float, float]) -> Sound:
    dbfs = draw.between(-25, -8)
    over = draw.between(*below)
    tone, how = _made(draw, kind, dbfs, level_steps=False)
    name, make = draw.one((("white", white), ("pink", _pink), ("hiss", hiss), ("hum", _hum)))
    noise = make((len(tone) + 0.5) / 8000, dbfs - over, draw.seed())
    weak = dbfs - over < labels.SILENT_BELOW - labels.TOLERANCE
    return Sound(
        tone + noise,
        labels.SILENT if weak else labels.OPEN,  # in the gaps of a tone there is the noise alone
        f"{how} over {name}",
        draw.path(lossy=0.0),
        noise_dbfs=labels.rms_dbfs(noise),
        snr_db=over,
        tone=kind.tone,
    )


def _after_speech(draw: Draw, kind: _Kind) -> Sound:
    speaker = draw.speaker()
    said = at_level(speaker.say(draw.between(3, 5), draw.rng), draw.between(-30, -16))
    before = np.concatenate([said, silent(draw.between(0, 0.6))])
    sound = _alone(draw, kind)
    return replace(sound, before=before, source=f"{sound.source} after {speaker.name}")


def _made(draw: Draw, kind: _Kind, dbfs: float, level_steps: bool = True) -> tuple[Signal, str]:
    """The tone within its tolerances, `dbfs` while it is on (a howler mostly rises to it), and its figures."""
    limit = draw.rng.random() < _AT_THE_LIMIT
    hertz = kind.hertz + _off(draw, limit) * _HERTZ_OFF
    if kind.tone is Tone.HOWLER and level_steps and draw.rng.random() < 0.7:
        step = draw.between(1.0, 2.0)
        return _rising(
            kind.seconds, dbfs, hertz, step
        ), f"{hertz:.1f} Hz, steps of {step:.1f} s up to {dbfs:.0f} dBFS"
    if not kind.pattern:
        return cadence(kind.seconds, dbfs, (kind.seconds,), hertz), f"{hertz:.1f} Hz at {dbfs:.1f} dBFS"
    on, off = 1 + _off(draw, limit) * _CADENCE_OFF, 1 + _off(draw, limit) * _CADENCE_OFF
    pattern = tuple(seconds * (off if i % 2 else on) for i, seconds in enumerate(kind.pattern))
    figures = "/".join(f"{seconds:.3f}" for seconds in pattern)
    return cadence(kind.seconds, dbfs, pattern, hertz), f"{hertz:.1f} Hz {figures} s at {dbfs:.1f} dBFS"


def _off(draw: Draw, limit: bool) -> float:
    """How far off the middle, −1 to 1."""
    return draw.one((-1.0, 1.0)) if limit else draw.between(-1, 1)


def _rising(seconds: float, dbfs: float, hertz: float, step: float) -> Signal:
    """GB/T 3380's howler, which rises in five steps: by 4 dB each to `dbfs`, but from _WEAKEST at least."""
    tone = cadence(seconds, dbfs, (seconds,), hertz)
    steps = np.minimum(np.arange(len(tone)) / 8000 // step, 4) - 4
    return tone * 10 ** (min(4.0, (dbfs - _WEAKEST) / 4) * steps / 20)


def _pink(seconds: float, dbfs: float, seed: int) -> Signal:
    return coloured(seconds, dbfs, 1.0, seed)


def _hum(seconds: float, dbfs: float, seed: int) -> Signal:
    return level(hum(seconds, dbfs, seed=seed), dbfs)
