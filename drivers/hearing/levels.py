"""Levels in dBFS: 20·log10(rms/32768), so a full-scale square wave is 0 and a full-scale sine −3.01."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

FLOOR_DBFS: Final = -96.0
"""Level given to digital silence: one step of 16 bits is −90.3, so nothing real lies lower."""
FULL_SCALE: Final = 32768.0


def power_dbfs(mean_square: float) -> float:
    """dBFS of a mean square given in full-scale units (1.0 = 0 dBFS); never below FLOOR_DBFS."""
    return max(FLOOR_DBFS, 10.0 * math.log10(max(mean_square, 1e-12)))


def level_dbfs(samples: NDArray[np.int16]) -> float:
    """dBFS of samples with their mean (DC) taken away; FLOOR_DBFS for none."""
    if not len(samples):
        return FLOOR_DBFS
    return power_dbfs(float(np.var(samples.astype(np.float64))) / FULL_SCALE**2)
