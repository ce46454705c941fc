"""What verdicts are right, from measured levels and the definitions in drivers/line/vocabulary.py.

Within TOLERANCE of a threshold both neighbours are right. The definitions name no stretch of time over which a
level or a share of clipped samples is taken; where the stretches of one scene disagree, what each says is right.
"""

import numpy as np
from numpy.typing import NDArray

from drivers.line import Verdict
from gateway.prompts.speech_level import active_level

RATE = 8000
Signal = NDArray[np.float64]
TOLERANCE = 1.5
"""dB on either side of a threshold."""
SILENT_BELOW, NOISY_FROM, FAINT_BELOW, LOUD_ABOVE = -50.0, -45.0, -38.0, -10.0
"""dBFS, from the definitions of the verdicts."""
VOICE_OVER_NOISE = 10.0
"""dB, from the same."""
CLIPPED_SHARE = 0.001
"""Share of samples over which a voice is loud, from the same."""
STRETCH = 1.0
"""Seconds over which levels and clipped samples are looked at within a scene."""

SILENT = frozenset({Verdict.SILENT})
NOISY = frozenset({Verdict.NOISY})
OPEN = frozenset({Verdict.SILENT, Verdict.NOISY})


def rms_dbfs(signal: Signal) -> float:
    """RMS without the mean, 20·log10; −200 for digital silence."""
    return 20 * float(np.log10(max(float(np.std(signal)), 1e-10)))


def clipped_shares(signal: Signal) -> tuple[float, float]:
    """The smallest and the largest share of samples beyond full scale (±1.0) in a STRETCH."""
    beyond = np.abs(signal) >= 1.0
    return _extremes(beyond.astype(np.float64))


def voice(said: Signal, mixed: Signal, noise: Signal | None = None) -> frozenset[Verdict]:
    """What is right for the voice `said`, which with `noise` and all else is `mixed`, before the codec."""
    level = active_level(said)
    right: set[Verdict] = set()
    least, most = clipped_shares(mixed)
    if most > CLIPPED_SHARE:
        right.add(Verdict.LOUD)  # even over noise, where noisy is as right
    if noise is not None:
        over = level - rms_dbfs(noise)
        if over < VOICE_OVER_NOISE + TOLERANCE:
            right.add(Verdict.NOISY)
        if over < VOICE_OVER_NOISE - TOLERANCE:
            return frozenset(right)
    if level > LOUD_ABOVE - TOLERANCE:
        right.add(Verdict.LOUD)
    if level < FAINT_BELOW + TOLERANCE:
        right.add(Verdict.FAINT)
    if level < SILENT_BELOW + TOLERANCE:
        right.add(Verdict.SILENT)
    if FAINT_BELOW - TOLERANCE <= level <= LOUD_ABOVE + TOLERANCE and least <= CLIPPED_SHARE:
        right.add(Verdict.SPEECH)
    return frozenset(right)


def unvoiced(signal: Signal) -> frozenset[Verdict]:
    """What is right for a sound without voice; from −50 to −45 dBFS the definitions leave it open."""
    quietest, loudest = (10 * np.log10(max(power, 1e-20)) for power in _extremes((signal - signal.mean()) ** 2))
    right = set()
    if loudest >= SILENT_BELOW - TOLERANCE:
        right.add(Verdict.NOISY)
    if quietest < NOISY_FROM + TOLERANCE:
        right.add(Verdict.SILENT)
    return frozenset(right)


def _extremes(values: Signal) -> tuple[float, float]:
    """The smallest and the largest mean of a STRETCH, taken every half of one."""
    size = min(int(STRETCH * RATE), len(values))
    sums = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(0, len(values) - size + 1, max(size // 2, 1))
    means = (sums[at + size] - sums[at]) / size
    return float(means.min()), float(means.max())
