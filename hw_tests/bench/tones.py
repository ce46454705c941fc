"""Test sounds: a tone, a key."""

import numpy as np

from hw_tests.bench.far_end import Samples
from hw_tests.bench.measure import COLUMNS, KEYS, ROWS


def tone(frequency: float, level: float, seconds: float) -> Samples:
    """A sine at `level` dBFS (of its root mean square)."""
    at = np.arange(round(8000 * seconds)) / 8000
    wave = 32768 * 10 ** (level / 20) * 2**0.5 * np.sin(2 * np.pi * frequency * at)
    return np.rint(wave).astype(np.int16)


def dtmf(key: str, level: float = -14.0, seconds: float = 0.1) -> Samples:
    """A key's two tones (ITU-T Q.23), together at `level` dBFS. Raises ValueError for what is no key."""
    place = KEYS.index(key)
    return tone(ROWS[place // 4], level - 3, seconds) + tone(COLUMNS[place % 4], level - 3, seconds)
