"""DTMF heard in the audio itself (pure): for modems whose own detector is deaf, as some are after a beep.

ITU-T Q.23 gives the frequencies. A key is believed after three whole frames that hold hardly anything but its two
tones: speech does not do that, a key pressed for 80 ms always does.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.fxo.playback import FRAME

_ROWS: Final = (697.0, 770.0, 852.0, 941.0)
_COLUMNS: Final = (1209.0, 1336.0, 1477.0, 1633.0)
_KEYS: Final = ("123A", "456B", "789C", "*0#D")
_BELIEVED: Final = 3
"""Frames of one key in a row that make a press."""
_RELEASED: Final = 2
"""Frames without it that end the press."""
_PURITY: Final = 0.85
"""Least part of the power that lies in the two tones."""
_TWIST: Final = 10**0.9
"""Most that one tone may be stronger than the other: 9 dB (Q.24 asks for 4 to 8)."""
_FAINTEST: Final = (32768 * 10 ** (-38 / 20)) ** 2
"""Least mean square of the frame: -38 dBFS."""
_BANK: Final[NDArray[np.complex128]] = np.exp(
    -2j * np.pi * np.outer(np.arange(FRAME), np.array((*_ROWS, *_COLUMNS))) / 8000.0
)


class DtmfDetector:
    """Hears frames of 160 samples; gives each key once, as it is pressed."""

    def __init__(self) -> None:
        self._candidate: str | None = None
        self._frames = 0
        self._pressed: str | None = None
        self._gone = 0

    def hear(self, samples: NDArray[np.int16]) -> list[str]:
        """The keys whose presses are certain with these samples, any whole number of frames."""
        found = map(self._hear, _keys_in(samples.reshape(-1, FRAME)))
        return [key for key in found if key is not None]

    def _hear(self, key: str | None) -> str | None:
        self._frames = self._frames + 1 if key == self._candidate else 1
        self._candidate = key
        if self._pressed is not None:
            self._gone = 0 if key == self._pressed else self._gone + 1
            if self._gone < _RELEASED:
                return None
            self._pressed = None
        if key is None or self._frames < _BELIEVED:
            return None
        self._pressed, self._gone = key, 0
        return key


def _keys_in(frames: NDArray[np.int16]) -> list[str | None]:
    """The key that each frame (a row) is full of."""
    samples = frames.astype(np.float64)
    totals = np.einsum("ij,ij->i", samples, samples) / FRAME
    # Mean square of each tone: twice the squared magnitude of its bin.
    powers = 2.0 * np.abs(samples @ _BANK / FRAME) ** 2
    return [_key_of(tones, total) for tones, total in zip(powers.tolist(), totals.tolist(), strict=True)]


def _key_of(tones: list[float], total: float) -> str | None:
    low, high = max(tones[:4]), max(tones[4:])
    if total < _FAINTEST or low + high < _PURITY * total or max(low, high) > _TWIST * min(low, high):
        return None
    return _KEYS[tones.index(low)][tones.index(high, 4) - 4]
