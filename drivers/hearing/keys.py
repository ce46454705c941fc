"""Keys heard in the voice itself (DTMF, ITU-T Q.23), for callers whose telephone tells them in no other way. Pure.

What is demanded of a receiver is Q.24's. Speech must not be taken for a key: so for 40 ms on end nearly all that
is heard must be two tones, one of each group, neither much stronger than the other.
"""

from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.levels import FULL_SCALE
from drivers.hearing.wav import SAMPLE_RATE

_ROWS: Final = (697.0, 770.0, 852.0, 941.0)
_COLUMNS: Final = (1209.0, 1336.0, 1477.0, 1633.0)
_KEYS: Final = ("123A", "456B", "789C", "*0#D")
_OFFSETS: Final = (-0.014, 0.0, 0.014)
"""Where beside its frequency a tone is looked for: 1.5 % must be accepted (Q.24 §2)."""
_WINDOW: Final = 160
"""Samples, 20 ms: both tones of the shortest key are in three windows in a row, be they where they may."""
_HOP: Final = 80
_PRESSED: Final = 3
"""Windows in a row with the same key, so 40 ms: the shortest that must be accepted (Q.24 §2)."""
_RELEASED: Final = 3
"""Windows in a row without it: an interruption of 10 ms spoils two, the shortest pause (40 ms) four."""
_PURE: Final = 0.7
"""Least share of a window's power that the two tones have: a window three quarters of which are a key has 0.75,
tones of one level 3.5 % beside, which Q.24 §2 wants refused, have 0.6, and a key 12 dB above a noise 0.94."""
_FAINTEST: Final = 10 ** (-38.0 / 10)
"""Power of either tone. −25 dBm0, which is −31 dBFS, must be accepted (Q.24 table A-1), its twist beside."""
_ROW_STRONGER: Final = 10 ** (9.0 / 10)
_COLUMN_STRONGER: Final = 10 ** (7.0 / 10)
"""Twist: 8 dB and 6 dB must be accepted (Q.24 table A-1, ETSI ES 201 235-3 §4.2.3)."""


def _waves() -> NDArray[np.float32]:
    """By which a window is multiplied: a cosine for each tone at each of its offsets, then the sines."""
    hertz = [tone * (1 + offset) for tone, offset in product(_ROWS + _COLUMNS, _OFFSETS)]
    angles = 2 * np.pi * np.outer(np.arange(_WINDOW), hertz) / SAMPLE_RATE
    return np.hstack([np.cos(angles), np.sin(angles)]).astype(np.float32)


_WAVES: Final = _waves()
_SHAPE: Final = (2, len(_ROWS), len(_OFFSETS))
"""Rows and columns · tones · offsets."""


class Keys:
    """One leg's: feed it everything that is heard."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.float32)
        self._last = ""
        self._streak = 0
        """Windows in a row that held `_last`."""
        self._down = ""
        """The key that was told and is not yet released."""

    def hear(self, samples: NDArray[np.int16]) -> list[str]:
        """The keys that these samples complete, each once a press, 40 to 50 ms after it began: 0-9, *, #, A-D."""
        heard = np.concatenate([self._rest, samples.astype(np.float32) / np.float32(FULL_SCALE)])
        count = max(0, (len(heard) - _WINDOW) // _HOP + 1)
        self._rest = heard[count * _HOP :]
        pressed: list[str] = []
        for key in _keys_in(heard, count):
            self._streak = self._streak + 1 if key == self._last else 1
            self._last = key
            if key and key != self._down and self._streak == _PRESSED:
                self._down = key
                pressed.append(key)
            elif key != self._down and self._streak >= _RELEASED:
                self._down = ""
        return pressed


def _keys_in(heard: NDArray[np.float32], count: int) -> list[str]:
    """The key in each of so many windows; empty: none."""
    if not count:
        return []
    hops = heard[: (count + 1) * _HOP].reshape(-1, _HOP)
    windows = np.concatenate([hops[:-1], hops[1:]], axis=1)
    windows -= np.add.reduce(windows, axis=1, keepdims=True) / np.float32(_WINDOW)
    power = np.einsum("ij,ij->i", windows, windows) / np.float32(_WINDOW)
    # A tone's power is |X|²·2/N², so that a window of it alone has all its power there.
    parts = windows.dot(_WAVES)
    parts *= parts
    half = parts.shape[1] // 2
    tones = (parts[:, :half] + parts[:, half:]).reshape(count, *_SHAPE)
    groups = np.maximum.reduce(tones, axis=(2, 3)) * np.float32(2 / _WINDOW**2)
    found = [""] * count
    for window in np.flatnonzero(np.add.reduce(groups, axis=1) > _PURE * power):  # hardly ever any, but in a key
        row, column = groups[window]
        if min(row, column) > _FAINTEST and row < column * _ROW_STRONGER and column < row * _COLUMN_STRONGER:
            low, high = np.maximum.reduce(tones[window], axis=2).argmax(axis=1)
            found[window] = _KEYS[low][high]
    return found
