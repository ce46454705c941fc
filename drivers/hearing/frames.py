"""The grid on which the ears work: 20 ms frames of 8000 Hz audio, full scale 1.0."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

FRAME: Final = 160
"""Samples of a frame."""
FRAMES_PER_SECOND: Final = 50

Signal = NDArray[np.float64]


def frames_in(seconds: float) -> int:
    """How many whole frames that is."""
    return round(seconds * FRAMES_PER_SECOND)
