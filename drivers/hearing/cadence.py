"""The tones of one frequency: recognised by their cadence, and followed until they are over."""

from collections.abc import Iterator, Sequence
from typing import Final

from drivers.hearing import rules
from drivers.hearing.bursts import Bursts, OpenBurst
from drivers.hearing.exactness import exact
from drivers.hearing.tone_meter import HOPS_PER_SECOND, Frequency, Hop, Pure
from drivers.hearing.tone_tables import ToneSpec

_BEGUN: Final = 10  # pure hops within which the next burst of a cadence is asked about
_THINK: Final = 5  # hops between two looks at a continuous tone
_FEW: Final = 5  # blocks of a second that say enough; where packets are lost there may be less
_SLACK: Final = 1.3  # by which a tone that was recognised may be less exact
_THINK_AGAIN: Final = 20  # hops, once it was recognised
_STRAYS: Final = 12.0  # Hz within which a tone goes on, against what it was recognised by
_DRIFT: Final = 2.0  # ratio of powers within which it does, 3 dB
_BREAK: Final = 0.28  # seconds without it that end a continuous tone; a busy gap lasts 0.31 s or more
_LATE: Final = 0.08  # seconds over its gap that a burst may be late: two lost packets, and three hops to find it
_MISFITS: Final = 2  # bursts of a wrong length, one after the other, that end a cadence


class Cadence:
    """Watches one frequency for the tones that use it."""

    def __init__(self, specs: tuple[ToneSpec, ...], frequency: Frequency) -> None:
        self._continuous = tuple(spec for spec in specs if spec.off is None)
        self._cycled = tuple(spec for spec in specs if spec.off is not None)
        self._frequency = frequency
        self._bursts = Bursts(
            frequency,
            keep=max(rules.bursts_needed(spec) for spec in specs),
            longest_gap=max(rules.longest_gap(spec) for spec in specs),
            level_steps=any(spec.level_steps for spec in specs),
        )
        self.reset()

    def reset(self) -> None:
        self._bursts.reset()
        self.sounding: ToneSpec | None = None
        """The tone that was recognised and is not over."""
        self._as_recognised = (0.0, 0.0)
        self._missing = 0
        self._patience = 0.0
        self._misfits = 0
        self._look_at = 0.0

    @property
    def blank(self) -> bool:
        """Nothing that was heard until now matters any more."""
        return not self._bursts.past and self._bursts.open is None and self.sounding is None

    def hear(self, count: int, recent: Sequence[Hop], *, own: bool) -> None:
        """The last of `recent` is hop number `count`, before it come the three before; `own`: a tone in it may be
        our own prompt's."""
        if self.blank and not self._frequency.may_be(recent[-1]):
            return
        pure = self._bursts.hear(count, recent, own=own)
        if self.sounding is not None and not self._goes_on(self.sounding, pure, count):
            self.sounding = None
        if self.sounding is None:
            self.sounding = self._recognised(pure, count)

    def _recognised(self, pure: Pure | None, count: int) -> ToneSpec | None:
        burst, past = self._bursts.open, self._bursts.past
        if burst is None:
            now = count / HOPS_PER_SECOND
            found = self._exact_one(spec for spec in self._cycled if rules.last_gap_is_enough(spec, past, now))
            if found is not None:
                self._follow(found, past[-1].frequency, past[-1].power)
                self._missing = count - int(past[-1].end * HOPS_PER_SECOND)
            return found
        if pure is None:
            return None
        found = self._begun(burst) or self._lasting(burst, count)
        if found is not None:
            self._follow(found, burst.frequency, burst.power)
        return found

    def _follow(self, spec: ToneSpec, frequency: float, power: float) -> None:
        self._as_recognised = frequency, power
        self._missing = self._misfits = 0
        self._patience = _BREAK
        if spec.off is not None:
            self._patience = rules.gap(spec, self._bursts.past) + _LATE

    def _begun(self, burst: OpenBurst) -> ToneSpec | None:
        """A cadence of which this burst is the next."""
        past = self._bursts.past
        if not past or burst.hops > _BEGUN or not past[-1].same_as(burst):
            return None
        begin = burst.begin / HOPS_PER_SECOND
        return self._exact_one(spec for spec in self._cycled if rules.begins_again(spec, past, begin))

    def _exact_one(self, specs: Iterator[ToneSpec]) -> ToneSpec | None:
        """The first of these cadences, if a machine gives it."""
        spec = next(specs, None)
        if spec is None:
            return None
        blocks = [block for burst in self._bursts.past[-spec.bursts :] for block in burst.blocks]
        return spec if exact(blocks, level_steps=spec.level_steps) else None

    def _lasting(self, burst: OpenBurst, count: int) -> ToneSpec | None:
        """A continuous tone: steady for the last `on` seconds."""
        for spec in self._continuous:
            since = count - spec.on * HOPS_PER_SECOND
            if burst.begin <= since and count >= self._look_at:
                blocks = burst.exactness.since(since)
                steady = burst.steady(since, level_steps=spec.level_steps)
                if steady and len(blocks) >= _FEW and exact(blocks, level_steps=spec.level_steps):
                    return spec
                self._look_at = count + _THINK
        return None

    def _goes_on(self, spec: ToneSpec, pure: Pure | None, count: int) -> bool:
        """Whether what is heard can still be the tone that was recognised."""
        here = pure is not None and self._is_followed(spec, pure)
        self._missing = 0 if here else self._missing + 1
        if self._missing > self._patience * HOPS_PER_SECOND:
            return False
        if spec.off is None:
            return count % _THINK_AGAIN > 0 or self._stays_exact(spec)
        if self._bursts.just_closed and self._bursts.past:
            fits = rules.fits_roughly(spec, self._bursts.past[-1].seconds)
            self._misfits = 0 if fits else self._misfits + 1
        burst = self._bursts.open
        too_long = burst is not None and not rules.may_last(spec, (count - burst.begin) / HOPS_PER_SECOND)
        return self._misfits < _MISFITS and not (here and too_long)

    def _stays_exact(self, spec: ToneSpec) -> bool:
        """Whether a continuous tone still is a machine's: a whistle may be steady for a second."""
        burst = self._bursts.open
        blocks = () if burst is None else tuple(burst.exactness.blocks)
        return len(blocks) < _FEW or exact(blocks, level_steps=spec.level_steps, slack=_SLACK)

    def _is_followed(self, spec: ToneSpec, pure: Pure) -> bool:
        frequency, power = self._as_recognised
        if abs(pure.frequency - frequency) > _STRAYS:
            return False
        return spec.level_steps or (pure.power <= power * _DRIFT and power <= pure.power * _DRIFT)
