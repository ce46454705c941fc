"""All call-progress tones of a country, on the line as it is and on what the echo canceller leaves of it.

Beside our own prompt both are listened to: a prompt's echo may hide a tone, and the adapting filter bends one.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from drivers.hearing.cadence import Cadence
from drivers.hearing.frames import Signal
from drivers.hearing.tone_meter import NOTHING, Frequency, Hop, ToneMeter
from drivers.hearing.tone_tables import TONE_TABLES, ToneSpec
from drivers.line import Tone

_OWN: Final = 20  # hops of a tone in our own prompt, 0.2 s: no vowel is so pure for so long
_OWN_ECHO: Final = 60  # hops after it in which its echo may come back
_RECENT: Final = 3  # hops before the present one in which a burst may have begun
_ALIKE: Final = 3  # frames without a prompt after which the last hops of both signals are the same
_SILENCE: Final = (NOTHING, NOTHING)


class Measured(NamedTuple):
    """The hops of one frame."""

    line: tuple[Hop, Hop]
    """As it came."""
    cleaned: tuple[Hop, Hop] | None
    """What the echo canceller leaves of it; None where that is the same."""
    ours: tuple[Hop, Hop]
    """Of our prompt."""


@dataclass(frozen=True, slots=True)
class ToneChange:
    """A tone has been recognised, or one that had been is over."""

    tone: Tone
    sounding: bool


class _OwnTones:
    """Whether our own prompt holds a frequency, whose echo must not be taken for the exchange's."""

    def __init__(self, frequencies: Sequence[Frequency]) -> None:
        self._frequencies = frequencies
        self.reset()

    def reset(self) -> None:
        self._runs = [0] * len(self._frequencies)
        self._left = [0] * len(self._frequencies)
        self._idle = True
        """Neither in a tone nor soon after one."""
        self._before: Hop = NOTHING

    def hear(self, pair: Sequence[Hop]) -> list[bool]:
        """By frequency, after these hops of the prompt."""
        for hop in pair:
            if hop.hot or not self._idle:
                self._hear(hop)
                self._idle = not any(self._left) and not any(self._runs)
            self._before = hop
        return [left > 0 for left in self._left]

    def _hear(self, hop: Hop) -> None:
        for place, frequency in enumerate(self._frequencies):
            pure = frequency.find(self._before, hop)
            self._runs[place] = 0 if pure is None else self._runs[place] + 1
            self._left[place] = _OWN_ECHO if self._runs[place] >= _OWN else max(0, self._left[place] - 1)


class _Listener:
    """All frequencies on one signal: the line, or what is left of it without our echo."""

    def __init__(self, watched: Sequence[tuple[Frequency, tuple[ToneSpec, ...]]]) -> None:
        self.cadences = [Cadence(specs, frequency) for frequency, specs in watched]
        self.reset()

    def reset(self) -> None:
        for cadence in self.cadences:
            cadence.reset()
        self.blank = True
        """Nothing that was heard until now, but for the last hops, matters any more."""
        self._count = 0
        self._recent: tuple[Hop, ...] = (NOTHING,) * _RECENT

    def hear(self, pair: tuple[Hop, Hop], own: Sequence[bool]) -> None:
        """The two hops of a frame; `own` by frequency: a tone in it may be our prompt's."""
        first, second = pair
        if self.blank and not first.hot and not second.hot:
            self._count += 2
            self._recent = (self._recent[-1], first, second)
            return
        for hop in pair:
            self._count += 1
            recent = (*self._recent, hop)
            for cadence, ours in zip(self.cadences, own, strict=True):
                cadence.hear(self._count, recent, own=ours)
            self._recent = recent[1:]
        self.blank = all(cadence.blank for cadence in self.cadences)

    def become(self, other: "_Listener") -> None:
        """Take over what the other has heard."""
        if other.blank:
            self.reset()
        else:
            self.cadences = deepcopy(other.cadences)
        self.blank, self._count, self._recent = other.blank, other._count, other._recent


class ToneDetector:
    """All tones of a country. Raises ValueError for a table it does not know."""

    def __init__(self, table: str) -> None:
        if table not in TONE_TABLES:
            raise ValueError(f"tones {table!r}: unknown; allowed: {', '.join(sorted(TONE_TABLES))}")
        by_frequency: dict[float, list[ToneSpec]] = {}
        for spec in TONE_TABLES[table]:
            by_frequency.setdefault(spec.frequency, []).append(spec)
        self._meter = ToneMeter(tuple(by_frequency))
        watched = [(Frequency(hz, place), tuple(by_frequency[hz])) for place, hz in enumerate(by_frequency)]
        self._line, self._cleaned = _Listener(watched), _Listener(watched)
        self._own = _OwnTones([frequency for frequency, _ in watched])
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._line.reset()
        self._cleaned.reset()
        self._own.reset()
        self._alike = _ALIKE
        self._together = True
        self._told: list[Tone | None] = [None] * len(self._line.cadences)

    @property
    def sounding(self) -> bool:
        """Whether a tone that was recognised is not over."""
        return any(tone is not None for tone in self._told)

    def measure(
        self, lines: Signal, cleaned: Sequence[Signal | None] | None = None, played: Signal | None = None
    ) -> list[Measured]:
        """Frames to be heard one after the other, a row each (160 samples, DC taken away): `lines` as they came,
        `cleaned` of our prompt's echo (None: the same), `played` our prompt (None: nothing)."""
        rest = [] if cleaned is None else [frame for frame in cleaned if frame is not None]
        count = len(lines)
        if played is None and not rest:
            return [Measured(pair, None, _SILENCE) for pair in self._meter.measure_all(lines)]
        ours = lines[:0] if played is None else played
        hops = self._meter.measure_all(np.concatenate([lines, ours, *(frame[None] for frame in rest)]))
        left = iter(hops[count + len(ours) :])
        return [
            Measured(
                hops[at],
                None if cleaned is None or cleaned[at] is None else next(left),
                _SILENCE if played is None else hops[count + at],
            )
            for at in range(count)
        ]

    def hear(self, measured: Measured) -> list[ToneChange]:
        """What began or ended within this frame."""
        own = self._own.hear(measured.ours)
        self._hear_cleaned(measured.line, measured.cleaned, own)
        self._line.hear(measured.line, own)
        if self._line.blank and (self._together or self._cleaned.blank) and not self.sounding:
            return []
        return [change for place in range(len(own)) for change in self._changes(place)]

    def _hear_cleaned(self, line: tuple[Hop, Hop], cleaned: tuple[Hop, Hop] | None, own: list[bool]) -> None:
        """Both signals share a listener, the line's, while nothing tells them apart."""
        self._alike = 0 if cleaned is not None else self._alike + 1
        if self._together and cleaned is not None:
            self._cleaned.become(self._line)
            self._together = False
        elif not self._together and self._alike >= _ALIKE and self._cleaned.blank and self._line.blank:
            self._together = True
        if not self._together:
            self._cleaned.hear(cleaned or line, own)

    def _changes(self, place: int) -> list[ToneChange]:
        listeners = (self._line,) if self._together else (self._line, self._cleaned)
        specs = [listener.cadences[place].sounding for listener in listeners]
        now = [spec.tone for spec in specs if spec is not None]
        told, changes = self._told[place], []
        if told is not None and told not in now:
            changes.append(ToneChange(told, sounding=False))
            told = None
        if told is None and now:
            told = now[0]
            changes.append(ToneChange(told, sounding=True))
        self._told[place] = told
        return changes
