"""Call-progress tones from hops: purity first, then cadence over whole cycles, then silence on the rest.

A false hang-up is far worse than a late one: a tone is believed only when every burst has the right length, the
frequency and the level of the one before, and the gaps between are quiet.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.frames import Signal
from drivers.hearing.tone_meter import HOPS_PER_SECOND, Hop, Sound, ToneMeter
from drivers.hearing.tone_tables import ToneSpec

_TOLERANCE: Final = 0.1  # of a cadence, GB/T 3380
_GRID: Final = 0.02  # seconds by which a hop grid may misread an edge
_BRIDGE: Final = 4  # hops: a lost packet or a click shorter than this belongs to what surrounds it
_SAME_FREQUENCY: Final = 6.0  # Hz between bursts, and half the spread within one
_SAME_LEVEL: Final = 2.0  # dB between bursts, and spread within one
_EDGE: Final = 2  # hops at each end of a burst that are not measured
_MEASURED: Final = 200  # newest hops of a segment that are kept: 2 s, more than any burst takes
_SPREAD: Final = (5.0, 95.0)  # percentiles: the peaks of an echo under a tone are no wavering of it
_TONE_SHARE: Final = 0.85  # of the hops of a continuous tone; 1.1 s of ringback in 1.5 s are 0.73
_QUIET_SHARE: Final = 0.06  # of them may be lost packets
_THINK: Final = 5  # hops between two looks at a continuous tone
_DRIFT: Final = 3.0  # dB within which a tone goes on, against what it was recognised by
_BREAK: Final = 0.28  # seconds without it that end a continuous tone; a busy gap lasts 0.31 s or more
_LATE: Final = 0.12  # seconds over its longest gap that a burst may be late
_MISFITS: Final = 2  # bursts of a wrong length, one after the other, that end a cadence


@dataclass(slots=True)
class _Segment:
    """A run of hops of one kind, short interruptions bridged."""

    sound: Sound
    hops: int = 0
    whole: bool = True
    """Its beginning was heard."""
    pure: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=_MEASURED))
    """Frequency and level of the newest hops that were the tone."""

    @property
    def seconds(self) -> float:
        return self.hops / HOPS_PER_SECOND

    def add(self, hop: Hop) -> None:
        self.hops += 1
        if hop.sound is Sound.TONE and self.sound is Sound.TONE:
            self.pure.append((hop.frequency, hop.level))

    def steady(self, level_steps: bool) -> bool:
        """One frequency and, unless the level may step, one level all along."""
        inner = list(self.pure)[_EDGE:-_EDGE]
        if len(inner) < min(self.hops, _MEASURED) * 0.8 - 2 * _EDGE or not inner:
            return False
        return _steady(inner, level_steps)

    def same_as(self, other: "_Segment") -> bool:
        frequency, level = self.middle()
        other_frequency, other_level = other.middle()
        return abs(frequency - other_frequency) <= _SAME_FREQUENCY and abs(level - other_level) <= _SAME_LEVEL

    def middle(self) -> tuple[float, float]:
        """Median frequency and level."""
        frequency, level = np.median(np.array(self.pure), axis=0)
        return float(frequency), float(level)


def _steady(pure: list[tuple[float, float]], level_steps: bool) -> bool:
    low, high = np.percentile(np.array(pure), _SPREAD, axis=0)
    spread: NDArray[np.float64] = high - low
    return bool(spread[0] <= 2 * _SAME_FREQUENCY and (level_steps or spread[1] <= _SAME_LEVEL))


def _fits(seconds: float, nominal: float) -> bool:
    return abs(seconds - nominal) <= nominal * _TOLERANCE + _GRID


class Cadence:
    """Watches one frequency for the tones that use it."""

    def __init__(self, specs: tuple[ToneSpec, ...]) -> None:
        self._specs = specs
        self._meter = ToneMeter(specs[0].frequency)
        self._most = 2 * max(spec.cycles for spec in specs)
        self.reset()

    def reset(self) -> None:
        self._meter.reset()
        self._past: list[_Segment] = []
        self._now = _Segment(Sound.OTHER, whole=False)
        self._odd: list[Hop] = []
        self._recent: deque[Hop] = deque(maxlen=_MEASURED)
        self._heard = 0
        self.sounding: ToneSpec | None = None
        """The tone that was recognised and is not over."""
        self._as_recognised = (0.0, 0.0)
        self._missing = 0
        self._misfits = 0

    def hear(self, halves: Signal, powers: tuple[float, float], *, own: bool) -> None:
        """A frame in two halves with their powers; `own`: a tone in it may be our own prompt's."""
        for hop in self._meter.measure(halves, powers):
            if own and hop.sound is Sound.TONE:
                hop = Hop(Sound.OTHER, hop.frequency, hop.level)
            self._heard += 1
            self._recent.append(hop)
            self._place(hop)
            if self.sounding is not None and not self._goes_on(self.sounding, hop):
                self.sounding = None
            if self.sounding is None:
                self._recognise()

    def _place(self, hop: Hop) -> None:
        """Lengthen the present segment, or open the next once `_BRIDGE` hops in a row differ from it."""
        if hop.sound is self._now.sound:
            for odd in self._odd:
                self._now.add(odd)
            self._odd.clear()
            self._now.add(hop)
            return
        self._odd.append(hop)
        if len(self._odd) < _BRIDGE:
            return
        kinds = [odd.sound for odd in self._odd]
        if kinds[-1] is not kinds[-2]:
            return  # still changing: wait for two alike
        self._past = [*self._past, self._now][-self._most :]
        self._now = _Segment(kinds[-1])
        for odd in self._odd:
            self._now.add(odd)
        self._odd.clear()
        self._count_misfit(self._past[-1])

    def _count_misfit(self, burst: _Segment) -> None:
        if self.sounding is not None and burst.sound is Sound.TONE:
            self._misfits = 0 if _fits(burst.seconds, self.sounding.on) else self._misfits + 1

    def _recognise(self) -> None:
        if self._now.sound is not Sound.TONE:
            return
        for spec in self._specs:
            if self._continuous(spec) if spec.off is None else self._cycled(spec):
                self.sounding = spec
                self._as_recognised = self._now.middle()
                self._missing = self._misfits = 0
                return

    def _goes_on(self, spec: ToneSpec, hop: Hop) -> bool:
        """Whether what is heard can still be the tone that was recognised."""
        frequency, level = self._as_recognised
        same = abs(hop.frequency - frequency) <= 2 * _SAME_FREQUENCY
        same = same and (spec.level_steps or abs(hop.level - level) <= _DRIFT)
        here = self._now.sound is Sound.TONE and hop.sound is Sound.TONE and same
        self._missing = 0 if here else self._missing + 1
        if spec.off is None:
            return self._missing <= _BREAK * HOPS_PER_SECOND
        if self._misfits >= _MISFITS or (here and not self._may_last(spec)):
            return False
        return self._missing <= (spec.off * (1 + _TOLERANCE) + _LATE) * HOPS_PER_SECOND

    def _may_last(self, spec: ToneSpec) -> bool:
        return self._now.seconds <= spec.on * (1 + _TOLERANCE) + 2 * _GRID

    def _continuous(self, spec: ToneSpec) -> bool:
        """Nearly all hops of the last `on` seconds are one steady tone; looked at every 50 ms."""
        count = round(spec.on * HOPS_PER_SECOND)
        if self._heard % _THINK or len(self._recent) < count:
            return False
        recent = list(self._recent)[-count:]
        pure = [(hop.frequency, hop.level) for hop in recent if hop.sound is Sound.TONE]
        quiet = sum(hop.sound is Sound.QUIET for hop in recent)
        if len(pure) < _TONE_SHARE * count or quiet > _QUIET_SHARE * count:
            return False
        return _steady(pure, spec.level_steps)

    def _cycled(self, spec: ToneSpec) -> bool:
        """The last `cycles` on-off pairs fit and the next burst has just begun."""
        if len(self._past) < 2 * spec.cycles or not self._may_last(spec):
            return False
        pairs = self._past[-2 * spec.cycles :]
        bursts, gaps = pairs[0::2], pairs[1::2]
        assert spec.off is not None
        return (
            all(b.sound is Sound.TONE and b.whole and _fits(b.seconds, spec.on) for b in bursts)
            and all(g.sound is Sound.QUIET and _fits(g.seconds, spec.off) for g in gaps)
            and all(b.steady(spec.level_steps) and b.same_as(bursts[0]) for b in bursts)
            and self._now.same_as(bursts[0])
        )
