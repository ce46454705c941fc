"""Levels of recordings: measured over the words, not the pauses; set so that a prompt is neither loud nor soft."""

import numpy as np
from numpy.typing import NDArray

RATE = 8000
"""Hz of every recording."""
ACTIVE_LEVEL = -21.0
"""dBFS aimed at while somebody speaks (JH-15): some −15 dBm0, as 0 dBm0 is −6.2 dBFS in G.711; the usual level of
announcements. Nearly every prompt reaches it without passing PEAK, so digits are no louder than the words."""
PEAK = -6.0
"""dBFS that no sample passes: room for the exchange's gain and for µ-law's rounding."""
PAUSE_BELOW = 20.0
"""dB under the loudest 20 ms: what lies lower is a pause, not speech."""
_FRAME = 160  # samples, 20 ms
_FULL_SCALE = 32768.0


def active_level(samples: NDArray[np.int16]) -> float:
    """dBFS over the frames in which somebody speaks; −inf for nothing."""
    powers = _frame_powers(samples)
    if not len(powers) or powers.max() == 0:
        return float("-inf")
    spoken = powers[powers > powers.max() * 10 ** (-PAUSE_BELOW / 10)]
    return float(10 * np.log10(spoken.mean()))


def peak_level(samples: NDArray[np.int16]) -> float:
    """dBFS of the largest sample; −inf for nothing."""
    peak = np.abs(samples.astype(np.float64)).max(initial=0.0)
    return float(20 * np.log10(peak / _FULL_SCALE)) if peak else float("-inf")


def clipped_share(samples: NDArray[np.int16]) -> float:
    """The share of samples at full scale, 0 to 1."""
    return float(np.mean(np.abs(samples.astype(np.int32)) >= 32767)) if len(samples) else 0.0


def levelled(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """`samples` at ACTIVE_LEVEL, or as near to it as PEAK lets them be."""
    peak = peak_level(samples)
    if peak == float("-inf"):
        return samples
    gain = min(ACTIVE_LEVEL - active_level(samples), PEAK - peak)
    scaled: NDArray[np.int16] = np.rint(samples * 10 ** (gain / 20)).astype(np.int16)
    return scaled


def padded(samples: NDArray[np.int16], seconds: float) -> NDArray[np.int16]:
    """`samples` with silence before and after."""
    silence = np.zeros(round(seconds * RATE), dtype=np.int16)
    return np.concatenate((silence, samples, silence))


def _frame_powers(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    """Mean squares of each 20 ms, full scale = 1; the last, shorter frame included."""
    short = -len(samples) % _FRAME
    frames = np.pad(samples.astype(np.float64) / _FULL_SCALE, (0, short)).reshape(-1, _FRAME)
    powers: NDArray[np.float64] = np.mean(frames**2, axis=1)
    return powers
