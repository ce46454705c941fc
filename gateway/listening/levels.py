"""Level and noise floor of a recording, frame by frame, for the picture.

The floor is a line for the eye. The ears judge a voice by another one, which exists while there is a voice alone
(drivers.hearing.noise).
"""

from array import array
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.frames import FRAME, frames_in
from drivers.hearing.levels import FLOOR_DBFS, FULL_SCALE

_NOISE_WINDOW: Final = frames_in(1.2)
_NOISE_SHARE: Final = 10  # percentile; in 1.2 s of talk there is a gap between words, but seldom two
_AT_ONCE: Final = 4096  # frames: what is sorted at the same time

Levels = NDArray[np.float32]


class LevelTrace:
    """Keeps a number for each frame heard: an hour is 720 kB."""

    def __init__(self) -> None:
        self._powers = array("f")

    def add(self, samples: NDArray[np.int16]) -> None:
        """Whole frames, in their order."""
        frames = samples.reshape(-1, FRAME) / FULL_SCALE
        self._powers.frombytes(frames.var(axis=1).astype(np.float32).tobytes())

    def dbfs(self) -> Levels:
        """The level of each frame in dBFS, its direct current taken away."""
        powers = np.frombuffer(self._powers, dtype=np.float32)
        decibels: Levels = np.maximum(FLOOR_DBFS, 10 * np.log10(np.maximum(powers, 1e-12))).astype(np.float32)
        return decibels


def noise_floor(levels: Levels) -> Levels:
    """For each frame the dBFS that the weakest tenth of the last 1.2 s (at first, of what there is) keep under."""
    if not len(levels):
        return levels
    first = np.full(_NOISE_WINDOW - 1, np.inf, dtype=np.float32)
    floor = np.empty_like(levels)
    whole = np.concatenate([first, levels])
    for start in range(0, len(levels), _AT_ONCE):
        count = min(_AT_ONCE, len(levels) - start)
        windows = np.lib.stride_tricks.sliding_window_view(
            whole[start : start + count + _NOISE_WINDOW - 1], _NOISE_WINDOW
        )
        ranked = np.sort(windows, axis=1)
        there = np.minimum(np.arange(start, start + count) + 1, _NOISE_WINDOW)
        floor[start : start + count] = ranked[np.arange(count), there * _NOISE_SHARE // 100]
    return floor
