"""All call-progress tones of a country, on the line as it is and on what the echo canceller leaves of it.

Beside our own prompt both are listened to: a prompt's echo may hide a tone, and the adapting filter bends one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from drivers.hearing.cadence import Cadence
from drivers.hearing.frames import FRAME, Signal
from drivers.hearing.tone_meter import HOP, Sound, ToneMeter
from drivers.hearing.tone_tables import TONE_TABLES, ToneSpec
from drivers.line import Tone

_OWN: Final = 20  # hops of a tone in our own prompt, 0.2 s: no vowel is so pure for so long
_OWN_ECHO: Final = 60  # hops after it in which its echo may come back

_Halves = tuple[Signal, tuple[float, float]]
_NOTHING: Final[_Halves] = (np.zeros((2, HOP)), (0.0, 0.0))


@dataclass(frozen=True, slots=True)
class ToneChange:
    """A tone has been recognised, or one that had been is over."""

    tone: Tone
    sounding: bool


class _OwnTones:
    """Whether our own prompt holds a tone of this frequency, whose echo must not be taken for the exchange's."""

    def __init__(self, frequency: float) -> None:
        self._meter = ToneMeter(frequency)
        self.reset()

    def reset(self) -> None:
        self._meter.reset()
        self._run = 0
        self._left = 0

    def hear(self, halves: Signal, powers: tuple[float, float]) -> bool:
        for hop in self._meter.measure(halves, powers):
            self._run = self._run + 1 if hop.sound is Sound.TONE else 0
            self._left = _OWN_ECHO if self._run >= _OWN else max(0, self._left - 1)
        return self._left > 0


class _Watch:
    """One frequency on the line as it is, without its echo, and in our own prompt."""

    def __init__(self, specs: tuple[ToneSpec, ...]) -> None:
        self._line, self._cleaned = Cadence(specs), Cadence(specs)
        self._own = _OwnTones(specs[0].frequency)
        self.reset()

    def reset(self) -> None:
        self._line.reset()
        self._cleaned.reset()
        self._own.reset()
        self.sounding: Tone | None = None

    def hear(self, line: _Halves, cleaned: _Halves, played: _Halves | None) -> list[ToneChange]:
        own = self._own.hear(*(played or _NOTHING))
        self._line.hear(*line, own=own)
        self._cleaned.hear(*cleaned, own=own)
        specs = (self._line.sounding, self._cleaned.sounding)
        now = [spec.tone for spec in specs if spec is not None]
        changes = []
        if self.sounding is not None and self.sounding not in now:
            changes.append(ToneChange(self.sounding, sounding=False))
            self.sounding = None
        if self.sounding is None and now:
            self.sounding = now[0]
            changes.append(ToneChange(now[0], sounding=True))
        return changes


def _halves(frame: Signal) -> _Halves:
    assert len(frame) == FRAME
    halves = frame.reshape(2, HOP)
    squares = np.einsum("ij,ij->i", halves, halves) / HOP
    return halves, (float(squares[0]), float(squares[1]))


class ToneDetector:
    """All tones of a country. Raises ValueError for a table it does not know."""

    def __init__(self, table: str) -> None:
        if table not in TONE_TABLES:
            raise ValueError(f"tones {table!r}: unknown; allowed: {', '.join(sorted(TONE_TABLES))}")
        by_frequency: dict[float, list[ToneSpec]] = {}
        for spec in TONE_TABLES[table]:
            by_frequency.setdefault(spec.frequency, []).append(spec)
        self._watches = [_Watch(tuple(specs)) for specs in by_frequency.values()]

    def reset(self) -> None:
        """Forget what was heard."""
        for watch in self._watches:
            watch.reset()

    @property
    def sounding(self) -> bool:
        """Whether a tone that was recognised is not over."""
        return any(watch.sounding is not None for watch in self._watches)

    def hear(self, line: Signal, cleaned: Signal | None = None, played: Signal | None = None) -> list[ToneChange]:
        """What began or ended within this frame (160 samples, DC taken away): `line` as it came, `cleaned` of our
        prompt's echo (None: the same), `played` our prompt (None: nothing)."""
        as_it_is = _halves(line)
        rest = as_it_is if cleaned is None else _halves(cleaned)
        ours = None if played is None else _halves(played)
        return [change for watch in self._watches for change in watch.hear(as_it_is, rest, ours)]
