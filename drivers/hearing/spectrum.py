"""The power spectrum of a frame, and the same in sixteen bands."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.frames import FRAME, Signal

_SIZE: Final = 256
HZ_PER_BIN: Final = 8000 / _SIZE
BANDS: Final = 16
"""Of 250 Hz each: a sound of speech leaves most of them free, noise does not."""
_WINDOW: Final[Signal] = np.hanning(FRAME + 2)[1:-1]
_SCALE: Final = 2.0 / (_SIZE * float(_WINDOW @ _WINDOW))


def spectrum_of(frame: Signal) -> NDArray[np.float64]:
    """Power of 129 bins from 0 to 4000 Hz; their sum is about the frame's mean square (full scale 1).

    `frame` is 160 samples, direct current taken away.
    """
    transform = np.fft.rfft(frame * _WINDOW, _SIZE)
    return np.asarray(_SCALE * (transform.real**2 + transform.imag**2))


def bands_of(spectrum: NDArray[np.float64]) -> NDArray[np.float64]:
    """The power of each of the BANDS."""
    return np.asarray(spectrum[:-1].reshape(BANDS, -1).sum(axis=1))
