"""How loud speech is: the active speech level of ITU-T Recommendation P.56 (2011), method B.

The plain mean over a recording falls with every pause in it. Method B takes the mean over the time in which
somebody speaks: a two-stage envelope of 0.03 s is compared with thresholds 6 dB apart; after each crossing 0.2 s
more count as speech, which bridges the gaps between syllables; and the threshold that lies 15.9 dB under the level
that it gives itself is the true one, found by interpolation between two of them.

The band filter that P.56 permits before the meter is not applied: recordings of 8000 Hz are telephone band
already, and their mean (DC) is taken away.
"""

import numpy as np
from numpy.typing import NDArray

RATE = 8000
"""Hz of every recording."""
TIME_CONSTANT = 0.03
"""Seconds; P.56's T."""
HANGOVER = 0.2
"""Seconds; P.56's H."""
MARGIN = 15.9
"""dB between the threshold and the active level; P.56's M."""
_THRESHOLDS = 2.0 ** np.arange(-15, 0)
"""P.56's c_j for 16 bits: a factor of 2 apart, up to half of full scale."""
_KEPT = float(np.exp(-1 / (RATE * TIME_CONSTANT)))
"""P.56's g."""
_NOTHING = 1e-18
"""A share of the average that is lost in rounding."""
_SILENCE = 2.0**-16
"""Half a step of 16 bits: what rounds to nothing."""

Signal = NDArray[np.float64]
"""Samples at 8000 Hz, full scale 1.0."""


def as_signal(samples: NDArray[np.int16] | Signal) -> Signal:
    """16-bit samples as a signal; a signal as it is."""
    if samples.dtype == np.int16:
        return samples.astype(np.float64) / 32768.0
    return samples.astype(np.float64, copy=False)


def active_level(samples: NDArray[np.int16] | Signal) -> float:
    """dBFS while somebody speaks (a full-scale square wave is 0); −inf for nothing but silence.

    Never above the peak, which a click shorter than the meter's memory would else be.
    """
    signal = as_signal(samples)
    magnitudes = np.abs(signal - signal.mean()) if len(signal) else signal
    peak = float(magnitudes.max(initial=0.0))
    if peak < _SILENCE:
        return float("-inf")
    return min(_method_b(magnitudes), 2 * _decibels(peak))


def _method_b(magnitudes: Signal) -> float:
    energy = float(np.sum(magnitudes**2))
    smooth = envelope(magnitudes)
    before: tuple[float, float] | None = None
    level = _decibels(energy / len(magnitudes))
    for threshold in _THRESHOLDS:
        active = _active_samples(smooth, threshold)
        if not active:
            break
        level = _decibels(energy / active)
        excess = level - 2 * _decibels(threshold) - MARGIN
        if excess <= 0:
            return level if before is None else _crossing(before, (level, excess))
        before = (level, excess)
    return level


def envelope(magnitudes: Signal) -> Signal:
    """Two exponential averages, one after the other: P.56's p and q."""
    return _averaged(_averaged(magnitudes))


def _averaged(values: Signal) -> Signal:
    """y[i] = g · y[i−1] + (1 − g) · x[i], by doubling: each pass adds as many as it has already."""
    average = (1 - _KEPT) * values
    reach = 1
    while reach < len(values) and (left := _KEPT**reach) > _NOTHING:
        average[reach:] += left * average[:-reach].copy()
        reach *= 2
    return average


def _active_samples(smooth: Signal, threshold: float) -> int:
    """Samples at or above `threshold`, or not later than HANGOVER after one."""
    (loud,) = np.nonzero(smooth >= threshold)
    apart = np.diff(loud, append=len(smooth))
    return int(np.minimum(apart, 1 + round(HANGOVER * RATE)).sum())


def _crossing(before: tuple[float, float], after: tuple[float, float]) -> float:
    """The level where the excess over the margin is nothing, on the line between two thresholds."""
    share = before[1] / (before[1] - after[1])
    return before[0] + share * (after[0] - before[0])


def _decibels(power: float) -> float:
    return 10 * float(np.log10(power))
