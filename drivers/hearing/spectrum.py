"""The power spectrum of a frame, and the same in sixteen bands."""

from functools import cached_property
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

    `frame` is 160 samples, direct current taken away, or rows of them.
    """
    transform = np.fft.rfft(frame * _WINDOW, _SIZE)
    return np.asarray(_SCALE * (transform.real**2 + transform.imag**2))


class Spectra:
    """The same of several frames, a row each, all at once when one is wanted: five cost little more."""

    def __init__(self, frames: Signal) -> None:
        """They must not be changed afterwards."""
        self._frames = frames

    @cached_property
    def all(self) -> NDArray[np.float64]:
        """A row each."""
        return spectrum_of(self._frames)

    @cached_property
    def bands(self) -> NDArray[np.float64]:
        """The power of each of the BANDS, a row a frame."""
        return np.asarray(np.add.reduce(self.all[:, :-1].reshape(-1, BANDS, (_SIZE // 2) // BANDS), axis=2))
