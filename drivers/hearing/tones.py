"""Call-progress tones from hops: purity first, then cadence over whole cycles, then silence on the rest.

A false hang-up is far worse than a late one: a tone is believed only when every burst has the right length, the
frequency and the level of the one before, and the gaps between are quiet.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from drivers.hearing.frames import FRAME, Signal
from drivers.hearing.tone_meter import HOP, HOPS_PER_SECOND, Hop, Sound, ToneMeter
from drivers.hearing.tone_tables import TONE_TABLES, ToneSpec
from drivers.line import Tone

_TOLERANCE: Final = 0.1  # of a cadence, GB/T 3380
_GRID: Final = 0.02  # seconds by which a hop grid may misread an edge
_BRIDGE: Final = 4  # hops: a lost packet or a click shorter than this belongs to what surrounds it
_SAME_FREQUENCY: Final = 6.0  # Hz between bursts, and spread within one
_SAME_LEVEL: Final = 2.0  # dB between bursts, and spread within one
_EDGE: Final = 2  # hops at each end of a burst that are not measured


@dataclass(slots=True)
class _Segment:
    """A run of hops of one kind, short interruptions bridged."""

    sound: Sound
    hops: int = 0
    whole: bool = True
    """Its beginning was heard."""
    frequencies: list[float] = field(default_factory=list)
    levels: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return self.hops / HOPS_PER_SECOND

    def add(self, hop: Hop) -> None:
        self.hops += 1
        if hop.sound is Sound.TONE and self.sound is Sound.TONE:
            self.frequencies.append(hop.frequency)
            self.levels.append(hop.level)

    def steady(self, level_steps: bool) -> bool:
        """One frequency and, unless the level may step, one level all along."""
        inner = slice(_EDGE, -_EDGE)
        frequencies, levels = self.frequencies[inner], self.levels[inner]
        if len(frequencies) < self.hops * 0.8 - 2 * _EDGE or not frequencies:
            return False
        return float(np.ptp(frequencies)) <= 2 * _SAME_FREQUENCY and (
            level_steps or float(np.ptp(levels)) <= _SAME_LEVEL
        )

    def same_as(self, other: "_Segment") -> bool:
        return (
            abs(float(np.median(self.frequencies)) - float(np.median(other.frequencies))) <= _SAME_FREQUENCY
            and abs(float(np.median(self.levels)) - float(np.median(other.levels))) <= _SAME_LEVEL
        )


def _fits(seconds: float, nominal: float) -> bool:
    return abs(seconds - nominal) <= nominal * _TOLERANCE + _GRID


class _Cadence:
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
        self._sounding: ToneSpec | None = None

    def hear(self, halves: Signal, powers: tuple[float, float]) -> list[Tone]:
        """Tones recognised within this frame."""
        heard = []
        for hop in self._meter.measure(halves, powers):
            self._place(hop)
            tone = self._recognise()
            if tone is not None:
                heard.append(tone)
        return heard

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

    def _recognise(self) -> Tone | None:
        if self._sounding is not None:
            if self._goes_on(self._sounding):
                return None
            self._sounding = None
        for spec in self._specs:
            if self._continuous(spec) if spec.off is None else self._cycled(spec):
                self._sounding = spec
                return spec.tone
        return None

    def _goes_on(self, spec: ToneSpec) -> bool:
        """Whether what is heard can still be the tone that was recognised."""
        if self._now.sound is Sound.OTHER:
            return False
        longest = spec.off if self._now.sound is Sound.QUIET else spec.on
        if spec.off is None:
            return self._now.sound is Sound.TONE
        return longest is not None and self._now.seconds <= longest * (1 + _TOLERANCE) + 2 * _GRID

    def _continuous(self, spec: ToneSpec) -> bool:
        now = self._now
        return now.sound is Sound.TONE and now.seconds >= spec.on and now.steady(spec.level_steps)

    def _cycled(self, spec: ToneSpec) -> bool:
        """The last `cycles` on-off pairs fit and the next burst has just begun."""
        if self._now.sound is not Sound.TONE or len(self._past) < 2 * spec.cycles or not self._goes_on(spec):
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


class ToneDetector:
    """All tones of a country. Raises ValueError for a table it does not know."""

    def __init__(self, table: str) -> None:
        if table not in TONE_TABLES:
            raise ValueError(f"tones {table!r}: unknown; allowed: {', '.join(sorted(TONE_TABLES))}")
        by_frequency: dict[float, list[ToneSpec]] = {}
        for spec in TONE_TABLES[table]:
            by_frequency.setdefault(spec.frequency, []).append(spec)
        self._cadences = [_Cadence(tuple(specs)) for specs in by_frequency.values()]

    def reset(self) -> None:
        """Forget what was heard."""
        for cadence in self._cadences:
            cadence.reset()

    def hear(self, frame: Signal) -> list[Tone]:
        """Tones recognised within this frame (160 samples, DC taken away)."""
        assert len(frame) == FRAME
        halves = frame.reshape(2, HOP)
        squares = np.einsum("ij,ij->i", halves, halves) / HOP
        powers = (float(squares[0]), float(squares[1]))
        return [tone for cadence in self._cadences for tone in cadence.hear(halves, powers)]
