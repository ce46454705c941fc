"""Single frequencies measured in 10 ms hops: how much of a hop's power is this tone, how loud, how high.

A hop is the tone only if its power is nearly all of the power there (purity), its frequency lies in the band, and
its level agrees with the hop before: a second tone close by beats, and shows in it. Nearly all hops of a call fail
in the first comparison, which is why it comes before all the others and works on powers, not on decibels.
"""

from dataclasses import dataclass
from math import atan2, cos, pi, sin
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.frames import FRAME, Signal

HOP: Final = 80
HOPS_PER_SECOND: Final = 100
_HOP_SECONDS: Final = HOP / 8000
_BAND: Final = 27.0  # Hz: the ±25 of GB/T 3380 and what the estimate may err
_PURITY: Final = 0.84  # of the power: noise and distortion may be 10 dB under the tone, and waver
_DROOP: Final = 0.775  # power an off-centre tone at the edge of the band keeps in a rectangular window of a hop
_SHARE: Final = 0.95 * _PURITY * _DROOP * HOP / 2  # of a hop's energy: less in the phasor, and it is no tone
_LEVELS: Final = (10**-3.6, 1.0)  # mean square, -36…0 dBFS: the network's -30…-5 with some margin
_LEVEL_STEP: Final = 10**0.15  # ratio of powers from hop to hop, 1.5 dB
_FAINT: Final = 10**-5.0 * HOP  # energy of a hop at -50 dBFS: a frame below it has no tone, hardly an edge


class Hop(NamedTuple):
    """10 ms of a signal."""

    parts: list[float]
    """Real and imaginary part of each frequency's phasor, one after the other."""
    energy: float
    """Sum of squares."""
    hot: bool
    """Whether it may be one of the tones; False for nearly all that is none."""
    samples: Signal


NOTHING: Final = Hop([0.0] * 32, 0.0, hot=False, samples=np.zeros(HOP))
"""What a hop of a frame below -50 dBFS is taken for."""
_SILENCE: Final = (NOTHING, NOTHING)


@dataclass(frozen=True, slots=True)
class Pure:
    """A hop that is the tone. `frequency` in Hz, `power` its mean square (1.0 = 0 dBFS)."""

    frequency: float
    power: float


class ToneMeter:
    """Phasors of some frequencies, which must be multiples of 50 Hz (half cycles in a hop)."""

    def __init__(self, frequencies: tuple[float, ...]) -> None:
        assert all(frequency % 50 == 0 for frequency in frequencies), frequencies
        turns = 2 * np.pi * np.outer(np.arange(HOP), frequencies) / 8000
        rotors = np.stack([np.cos(turns), -np.sin(turns)], axis=2)
        self._rotors: NDArray[np.float64] = np.ascontiguousarray(rotors.reshape(HOP, -1))

    def measure(self, frame: Signal) -> tuple[Hop, Hop]:
        """The two hops of a frame of 160 samples, DC taken away."""
        return self.measure_all(frame[None])[0]

    def measure_all(self, frames: Signal) -> list[tuple[Hop, Hop]]:
        """The same of several frames at once, a row each: fifteen cost little more than one."""
        assert frames.shape[1] == FRAME
        halves = frames.reshape(-1, HOP)
        energies = np.einsum("ij,ij->i", halves, halves)
        faint = (energies[::2] + energies[1::2] < _FAINT).tolist()
        if all(faint):
            return [_SILENCE] * len(faint)
        parts = halves.dot(self._rotors)
        squares = parts * parts
        hot = (np.maximum.reduce(squares[:, ::2] + squares[:, 1::2], axis=1) > _SHARE * energies).tolist()
        hops = list(map(Hop, parts.tolist(), energies.tolist(), hot, halves))
        pairs = zip(faint, hops[::2], hops[1::2], strict=True)
        return [_SILENCE if silent else (first, second) for silent, first, second in pairs]


class Frequency:
    """One of a meter's frequencies: finds it in the meter's hops."""

    def __init__(self, nominal: float, place: int) -> None:
        """`nominal` in Hz; `place` its index among the meter's."""
        self.nominal = nominal
        self._at = 2 * place
        self._turn = 1.0 if nominal * _HOP_SECONDS % 1 == 0 else -1.0  # half a cycle is left over from hop to hop

    def may_be(self, hop: Hop) -> bool:
        """False for the many hops that are surely not the tone."""
        real, imaginary = hop.parts[self._at], hop.parts[self._at + 1]
        return hop.hot and real * real + imaginary * imaginary > _SHARE * hop.energy

    def find(self, before: Hop, hop: Hop) -> Pure | None:
        """The tone, if both hops are full of it."""
        if not self.may_be(hop):
            return None
        here, there = self._phasor(hop), self._phasor(before)
        power, power_before = abs(here) ** 2, abs(there) ** 2
        if not power_before <= power * _LEVEL_STEP or not power <= power_before * _LEVEL_STEP:
            return None
        offset = self._offset(here, there)
        if abs(offset) > _BAND:
            return None
        tone = (power + power_before) / HOP / _droop(offset)  # energy of one hop, mean over both
        if tone < _PURITY * (hop.energy + before.energy) / 2 or not _LEVELS[0] <= tone / HOP <= _LEVELS[1]:
            return None
        return Pure(self.nominal + offset, tone / HOP)

    def reach(self, full: Hop, hop: Hop, frequency: float, *, later: bool) -> float:
        """How far a tone of `frequency` that fills `full` reaches into `hop`, the one after or before it: 0…1."""
        here, there = self._phasor(full), self._phasor(hop)
        power = abs(here) ** 2
        share = min(1.0, (abs(there) ** 2 / power) ** 0.5)
        # What it holds of the tone lies next to `full`, so the phase has turned less than for a whole hop.
        turned = pi * (frequency - self.nominal) * _HOP_SECONDS * (1 + share) * (1 if later else -1)
        cross = there * here.conjugate() * self._turn
        return max(0.0, min(1.0, (cross.real * cos(turned) + cross.imag * sin(turned)) / power))

    def running(self, count: int, hop: Hop) -> complex:
        """The phasor of hop number `count`, whose phase goes on from hop to hop as the tone's is off nominal."""
        return self._phasor(hop) * (self._turn if count % 2 else 1.0)

    def _phasor(self, hop: Hop) -> complex:
        return complex(hop.parts[self._at], hop.parts[self._at + 1])

    def _offset(self, here: complex, before: complex) -> float:
        turned = here * before.conjugate() * self._turn
        return atan2(turned.imag, turned.real) / (2 * pi * _HOP_SECONDS)


def _droop(offset: float) -> float:
    """Power that a tone `offset` Hz off-centre keeps in the window of a hop."""
    x = pi * offset * _HOP_SECONDS
    return (sin(x) / x) ** 2 if abs(x) > 1e-3 else 1.0
