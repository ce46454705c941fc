"""Whether a tone is made by a machine: one exact frequency, one level, hardly a harmonic.

A held note of a flute, a whistle or a hum lies in a tone's band for as long as a breath lasts, and hop by hop it
is as pure; but it trembles in pitch or loudness, or has overtones. Over 100 ms both are measured to a tenth of a
hertz and of a decibel, which noise 10 dB under the tone allows. A note that is exact in all three is an exchange's
tone to anyone who has only the sound; its length is what tells then (clearing.py).
"""

from cmath import exp, phase
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log10, pi
from statistics import fmean
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.frames import Signal
from drivers.hearing.tone_meter import HOP, HOPS_PER_SECOND, Hop

_HOPS: Final = 10  # of a block, 100 ms
_HALF: Final = _HOPS // 2  # also the step from block to block
_KEPT: Final = 60  # blocks, 3 s
_HOP_SECONDS: Final = 1 / HOPS_PER_SECOND
_TIMES: Final[NDArray[np.float64]] = np.arange(_HOPS * HOP) / 8000
_WINDOW: Final[NDArray[np.float64]] = np.hanning(_HOPS * HOP + 1)[:-1] / (_HOPS * HOP / 2)
_STRAY: Final = 0.06  # rad that a hop may be off a block's course,
_STRAY_NOISE: Final = 6.0  # and as many standard deviations as the noise explains
_JUMP: Final = 0.05  # rad that its turn from one hop to the next may,
_JUMP_NOISE: Final = 5.0  # and as many standard deviations
_TORN: Final = 3  # turns of a block that do where a packet was repeated; those of a bent tone do in their number
_ABRUPT: Final = 0.6  # of a jump, to either neighbour
_BENT: Final = 0.4  # of the blocks: more, and it is a vibrato
_PEAKS: Final = 0.1  # of the blocks at either end of the range
# Over 1.2 s of China's tones at random on random lines the blocks' frequencies spread by 0.17 Hz and their levels
# by 0.23 dB at most, over noise 10 dB under them by 0.35 Hz and 0.55 dB; the levels of held notes with a tremolo
# of 3 % by 0.34 dB or more, the frequencies of whistles by 0.3 Hz or more in 95 of 100.
_SPREAD: Final = 0.18  # Hz between the blocks,
_SPREAD_NOISE: Final = 0.8  # and so much more by the root of noise to tone
_SPREAD_LEVEL: Final = 0.1  # dB, and the same
_SPREAD_LEVEL_NOISE: Final = 1.6
_SECOND: Final = 10**-1.8  # power of the second harmonic to the tone's; an exchange's is 30 dB down or more
_THIRD: Final = 10**-1.6  # of the third, which a line that limits adds


@dataclass(frozen=True, slots=True)
class Block:
    """100 ms of a tone. `frequency` in Hz, `level` in dB; the others are powers, to the tone's."""

    end: int
    frequency: float
    level: float
    second: float
    third: float
    noise: float
    straight: bool
    """Whether its phase ran on evenly, as a machine's does."""


class Exactness:
    """Measures the unbroken runs of a tone."""

    def __init__(self, nominal: float) -> None:
        """`nominal`: Hz that the phasors are of."""
        self._nominal = nominal
        self._run: list[tuple[complex, Signal]] = []
        self._last = -1
        self.blocks: deque[Block] = deque(maxlen=_KEPT)

    def add(self, count: int, phasor: complex, hop: Hop) -> None:
        """Hop number `count` is the tone; its `phasor`'s phase goes on from hop to hop."""
        if count != self._last + 1:
            self._run = []  # and this hop may be the tone's only in part
        elif len(self._run) == _HOPS:  # the last of which, with a hop after it, was a whole one
            self._measure(count - 1)
            self._run = [*self._run[_HALF:], (phasor, hop.samples)]
        else:
            self._run.append((phasor, hop.samples))
        self._last = count

    def since(self, hop: float) -> list[Block]:
        """The blocks that began after that hop."""
        return [block for block in self.blocks if block.end - _HOPS >= hop]

    def _measure(self, end: int) -> None:
        phasors = [phasor for phasor, _ in self._run]
        offset = _course(phasors)
        frequency = self._nominal + offset
        signal = np.concatenate([samples for _, samples in self._run])
        turning = np.exp(-2j * pi * frequency * _TIMES)
        windowed = signal * _WINDOW
        power, second, third = self._powers(windowed, turning)
        noise = max(0.0, float(signal.dot(signal)) / len(signal) / power - 1 - second - third)
        if not _torn(phasors, noise):
            straight = _strays(phasors, offset) <= _STRAY + _STRAY_NOISE * (noise / HOP) ** 0.5
            self.blocks.append(Block(end, frequency, 10 * log10(power), second, third, noise, straight))

    @staticmethod
    def _powers(windowed: NDArray[np.float64], turning: NDArray[np.complex128]) -> tuple[float, float, float]:
        """Mean square of the tone, and its harmonics' to it."""
        turned = turning * turning
        parts = [abs(complex(windowed.dot(one))) ** 2 for one in (turning, turned, turned * turning)]
        return 2 * parts[0], parts[1] / parts[0], parts[2] / parts[0]


def exact(blocks: Sequence[Block], *, level_steps: bool, slack: float = 1.0) -> bool:
    """Whether they can be one machine's tone; True for none at all. `slack` widens what they may spread."""
    straight = [block for block in blocks if block.straight]
    if len(straight) < (1 - _BENT) * len(blocks):
        return False
    if not straight:
        return True
    noise = fmean(block.noise for block in straight) ** 0.5
    spread = slack * (_SPREAD + _SPREAD_NOISE * noise)
    spread_level = slack * (_SPREAD_LEVEL + _SPREAD_LEVEL_NOISE * noise)
    return (
        _range(block.frequency for block in straight) <= spread
        and (level_steps or _range(block.level for block in straight) <= spread_level)
        and fmean(block.second for block in straight) <= _SECOND
        and fmean(block.third for block in straight) <= _THIRD
    )


def _range(figures: Iterable[float]) -> float:
    """Between the peaks that do not count."""
    ordered = sorted(figures)
    cut = round(_PEAKS * len(ordered))
    return ordered[-1 - cut] - ordered[cut]


def _course(phasors: Sequence[complex]) -> float:
    """Hz by which the tone is off nominal: how far the second half's phase is from the first's."""
    rough = sum(after * one.conjugate() for one, after in pairwise(phasors))
    turn = rough.conjugate() / abs(rough)
    first, second, back = 0j, 0j, 1 + 0j
    for one, other in zip(phasors[:_HALF], phasors[_HALF:], strict=True):
        first += one * back
        second += other * back
        back *= turn
    fine = second * first.conjugate() * turn**_HALF
    return (phase(rough) + phase(fine) / _HALF) / (2 * pi * _HOP_SECONDS)


def _strays(phasors: Sequence[complex], offset: float) -> float:
    """The most that a hop's phase is off a steady tone's, rad."""
    turn = exp(-2j * pi * offset * _HOP_SECONDS)
    straight, back = [], 1 + 0j
    for one in phasors:
        straight.append(one * back)
        back *= turn
    middle = sum(straight).conjugate()
    return max(abs(phase(one * middle)) for one in straight)


def _torn(phasors: Sequence[complex], noise: float) -> bool:
    """Whether its phase jumps at a few places: from one hop to the next, where a vibrato's pitch takes several."""
    turns = [phase(after * one.conjugate()) for one, after in pairwise(phasors)]
    middle, limit = sorted(turns)[len(turns) // 2], _JUMP + _JUMP_NOISE * (2 * noise / HOP) ** 0.5
    places = [k for k, turn in enumerate(turns) if abs(turn - middle) > limit]
    return len(places) <= _TORN and any(_abrupt(turns, k, middle) for k in places)


def _abrupt(turns: Sequence[float], place: int, middle: float) -> bool:
    """Whether neither neighbour goes a good part of the way."""
    beside = [*turns[max(0, place - 1) : place], *turns[place + 1 : place + 2]]
    return min(abs(turns[place] - turn) for turn in beside) > _ABRUPT * abs(turns[place] - middle)
