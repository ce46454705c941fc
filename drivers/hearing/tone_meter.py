"""One frequency watched in 10 ms hops: is the line holding this tone alone, is it quiet, or is it something else.

A hop is the tone only if its power is nearly all of the power there (purity), its frequency lies in the band, and
frequency and level agree with the hop before: a second tone close by beats, and shows in both.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.frames import FRAME, Signal
from drivers.hearing.levels import FLOOR_DBFS, power_dbfs

HOP: Final = 80
HOPS_PER_SECOND: Final = 100
_HOP_SECONDS: Final = HOP / 8000
_BAND: Final = 27.0  # Hz: the ±25 of GB/T 3380 and what the estimate may err
_PURITY: Final = 0.9  # of the power: noise and distortion may be 10 dB under the tone
_LEVELS: Final = (-36.0, 0.0)  # dBFS: the network's -30…-5 with some margin
_MAX_LEVEL_STEP: Final = 1.5  # dB from hop to hop
_MAX_FREQUENCY_STEP: Final = 10.0  # Hz from hop to hop; 400+450 Hz swings by 50
_QUIET_BELOW_TONE: Final = 10.0  # dB
_QUIET: Final = -45.0  # dBFS, while no tone was heard yet


class Sound(Enum):
    """What a hop holds."""

    TONE = "tone"
    QUIET = "quiet"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Hop:
    """10 ms of the line. `frequency` and `level` (dBFS) mean something for TONE only."""

    sound: Sound
    frequency: float
    level: float


class ToneMeter:
    """Hops of one nominal frequency, which must be a multiple of 50 Hz (whole cycles in a frame)."""

    def __init__(self, frequency: float) -> None:
        self._nominal = frequency
        turns = np.exp(-2j * np.pi * frequency * np.arange(FRAME) / 8000)
        self._rotors: NDArray[np.complex128] = turns.reshape(2, HOP)
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._phasor = 0j
        self._power = 0.0
        self._last_frequency = 0.0
        self._last_level = FLOOR_DBFS
        self._tone_level: float | None = None

    def measure(self, halves: Signal, powers: tuple[float, float]) -> tuple[Hop, Hop]:
        """The two hops of a frame: `halves` of shape (2, 80), DC taken away, and their mean squares."""
        phasors = np.einsum("ij,ij->i", halves, self._rotors)
        return self._hop(complex(phasors[0]), powers[0]), self._hop(complex(phasors[1]), powers[1])

    def _hop(self, phasor: complex, power: float) -> Hop:
        turned = phasor * self._phasor.conjugate()
        offset = float(np.angle(turned)) / (2 * np.pi * _HOP_SECONDS) if turned else 0.0
        droop = float(np.sinc(offset * _HOP_SECONDS))  # what an off-centre tone loses in a rectangular window
        here, before = abs(phasor), abs(self._phasor)
        tone_power = (here**2 + before**2) / (HOP * droop) ** 2  # mean over both hops of amplitude²/2
        total = (power + self._power) / 2
        level, frequency = power_dbfs(tone_power), self._nominal + offset
        pure = (
            tone_power >= _PURITY * total
            and abs(offset) <= _BAND
            and _LEVELS[0] <= level <= _LEVELS[1]
            and abs(20 * np.log10(max(here, 1e-9) / max(before, 1e-9))) <= _MAX_LEVEL_STEP
            and abs(frequency - self._last_frequency) <= _MAX_FREQUENCY_STEP
        )
        self._phasor, self._power, self._last_frequency = phasor, power, frequency
        if pure:
            self._tone_level = level
            return Hop(Sound.TONE, frequency, level)
        quiet = _QUIET if self._tone_level is None else max(_QUIET, self._tone_level - _QUIET_BELOW_TONE)
        return Hop(Sound.QUIET if power_dbfs(power) <= quiet else Sound.OTHER, 0.0, level)
