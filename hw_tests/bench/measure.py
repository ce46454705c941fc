"""Measuring a recording: a tone's level, frequency and drop-outs, the noise, keys, without the product's ears.

Levels are dBFS, 20·log10(rms/32768); times are seconds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hw_tests.bench.far_end import Samples

RATE = 8000
HOP = 80
"""Samples of 10 ms: the shortest drop-out that is told."""
DROP = 6.0
"""dB under the tone's own level at which a hop is a drop-out."""
SLIP = 0.5
"""Radians by which a steady tone's phase may turn from hop to hop; lost or doubled samples turn it by more."""
ROWS = (697.0, 770.0, 852.0, 941.0)
COLUMNS = (1209.0, 1336.0, 1477.0, 1633.0)
KEYS = "123A456B789C*0#D"
"""ITU-T Q.23."""


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone as it arrived."""

    level: float
    frequency: float
    length: float
    """From its beginning to its end, drop-outs included."""
    gaps: tuple[float, ...]
    """Length of each drop-out."""
    slips: int
    """Places where samples are missing or doubled without a drop-out."""


def level(samples: Samples | NDArray[np.float64]) -> float:
    """Level of all of it; -120 for digital silence or nothing."""
    return 20 * float(np.log10(max(_rms(samples), 32768e-6) / 32768))


def find_tone(samples: Samples, near: float) -> Tone | None:
    """The tone of about `near` Hz in a recording with quiet around it; None if there is none above -60 dBFS."""
    hops = samples[: len(samples) // HOP * HOP].reshape(-1, HOP).astype(np.float64)
    levels = (
        20 * np.log10(np.maximum(np.sqrt(np.mean(hops**2, axis=1)), 1e-3) / 32768) if len(hops) else np.zeros(0)
    )
    if not len(levels) or levels.max() < -60:
        return None
    usual = float(np.median(levels[levels > levels.max() - 2 * DROP]))
    on = levels > usual - DROP
    first, last = int(np.argmax(on)), len(on) - 1 - int(np.argmax(on[::-1]))
    on = on[first : last + 1]
    sounding = hops[first : last + 1][on]
    middle = sounding[1:-1] if len(sounding) > 2 else sounding
    return Tone(
        level=level(middle.ravel()),
        frequency=_frequency(_longest(hops[first : last + 1], on), near),
        length=len(on) * HOP / RATE,
        gaps=tuple(run * HOP / RATE for run in _runs(~on)),
        slips=_slips(hops[first : last + 1], on, near),
    )


def keys(samples: Samples) -> str:
    """The DTMF keys in a recording: two consecutive hops or more of 20 ms with one row and one column alone."""
    hop = 160
    at = np.arange(hop) / RATE
    found, last, run = "", "", 0
    for begin in range(0, len(samples) - hop + 1, hop):
        piece = samples[begin : begin + hop].astype(np.float64)
        key = _key(piece, at)
        run = run + 1 if key == last else 1
        if key and run == 2:
            found += key
        last = key
    return found


def _key(piece: NDArray[np.float64], at: NDArray[np.float64]) -> str:
    energy = float(np.mean(piece**2))
    if energy < (32768 * 10 ** (-45 / 20)) ** 2:
        return ""
    powers = [2 * abs(np.mean(piece * np.exp(-2j * np.pi * f * at))) ** 2 for f in (*ROWS, *COLUMNS)]
    row, column = int(np.argmax(powers[:4])), int(np.argmax(powers[4:]))
    pure = powers[row] + powers[4 + column] > 0.7 * energy
    both = min(powers[row], powers[4 + column]) > 0.05 * energy
    return KEYS[4 * row + column] if pure and both else ""


def _rms(samples: NDArray[np.int16] | NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2))) if len(samples) else 0.0


def _runs(flags: NDArray[np.bool_]) -> list[int]:
    """Lengths of the runs of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [int(end - begin) for begin, end in zip(edges[::2], edges[1::2], strict=True)]


def _longest(hops: NDArray[np.float64], on: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The longest piece without a drop-out."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], on.astype(np.int8), [0]))))
    begin, end = max(zip(edges[::2], edges[1::2], strict=True), key=lambda edge: edge[1] - edge[0])
    return hops[begin:end].ravel()


def _frequency(wave: NDArray[np.float64], near: float) -> float:
    """Of the strongest line within a third of `near`, between the bins by a parabola through its neighbours."""
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave)), 8 * len(wave)))
    step = RATE / (8 * len(wave))
    low, high = int(near / 1.33 / step), int(near * 1.33 / step)
    peak = low + int(np.argmax(spectrum[low:high]))
    left, top, right = np.log(spectrum[peak - 1 : peak + 2] + 1e-9)
    return (peak + 0.5 * float((left - right) / (left - 2 * top + right))) * step


def _slips(hops: NDArray[np.float64], on: NDArray[np.bool_], near: float) -> int:
    """Jumps of the phase between neighbouring hops that both sound. A clock that differs turns it slowly."""
    at = np.arange(hops.size).reshape(hops.shape) / RATE
    phase = np.angle(np.sum(hops * np.exp(-2j * np.pi * near * at), axis=1))
    turn = np.angle(np.exp(1j * np.diff(phase)))
    both = on[1:] & on[:-1]
    both[:1] = both[-1:] = False  # the first and the last hop sound in part only
    steady = float(np.median(turn[both])) if both.any() else 0.0
    jumps = both & (np.abs(np.angle(np.exp(1j * (turn - steady)))) > SLIP)
    return len(_runs(jumps))
