"""Sample-rate conversion down to the telephone's 8000 Hz, with a proper low-pass filter before it."""

import numpy as np
import soxr
from numpy.typing import NDArray

TELEPHONE_RATE = 8000
"""Hz; the rate of G.711 and of every recording in this product."""
_QUALITY = "VHQ"
"""soxr's best: flat to 3.7 kHz, past the telephone channel's 3.4 kHz (ITU-T G.712), and 80 dB down from 4 kHz on,
so that nothing folds back into what is heard."""


def to_telephone_rate(samples: NDArray[np.int16], rate: int) -> NDArray[np.int16]:
    """Resample `samples` from `rate` Hz (at least 8000) to 8000 Hz; levels are kept, the length to one sample."""
    return np.asarray(_resampled(samples, rate), dtype=np.int16)


def signal_to_telephone_rate(signal: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """As to_telephone_rate, of a signal in any unit."""
    return np.asarray(_resampled(signal, rate), dtype=np.float64)


def _resampled(samples: NDArray[np.int16] | NDArray[np.float64], rate: int) -> object:
    if rate < TELEPHONE_RATE:
        raise ValueError(f"rate {rate}: only rates from {TELEPHONE_RATE} Hz up can be brought down")
    if rate == TELEPHONE_RATE or len(samples) == 0:
        return samples
    return soxr.resample(samples, rate, TELEPHONE_RATE, quality=_QUALITY)
