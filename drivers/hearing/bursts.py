"""Hops of one frequency become bursts: where each began and ended, to a few milliseconds, and how steady it was.

A grid of 10 ms would misread a cadence by more than its tolerance leaves between two countries; the share of the
hop at an edge that the tone fills tells where in it the edge lies.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from drivers.hearing.exactness import Block, Exactness
from drivers.hearing.tone_meter import HOP, HOPS_PER_SECOND, NOTHING, Frequency, Hop, Pure

_BRIDGE: Final = 8  # hops: three lost packets in a row and the hop they spoil are no gap; busy's lasts 31
_NOISE: Final = 4  # hops in a row louder than quiet that spoil a gap; fewer are a click
_QUIET_BELOW: Final = (
    10**-0.7 * HOP
)  # to energy from power: 7 dB under the tone: noise 10 dB under it wavers by a few
_QUIET: Final = 10**-4.5 * HOP  # energy of a hop at -45 dBFS: quiet beside any tone
_SAME_FREQUENCY: Final = 3.0  # Hz between bursts
_SAME_LEVEL: Final = 10**0.2  # ratio of powers between bursts, 2 dB
_SPREAD: Final = 5.0  # Hz within a burst: by noise 10 dB under it a tone seems to move by 4, a whistle moves more
_SPREAD_LEVEL: Final = 10**0.15  # ratio of powers within it, 1.5 dB: the same noise makes 0.8
_PEAKS: Final = 0.1  # of its hops at either end of the range: an echo's peaks and repeated packets do not count
_JOINS: Final = 12.0  # Hz that a hop may stray from its burst
_JOINS_LEVEL: Final = 2.0  # ratio of powers, 3 dB
_FOLLOW: Final = 0.2  # weight of a hop in what the next is compared with
_PURE_SHARE: Final = 0.6  # of its hops: each lost packet spoils three
_EDGES: Final = 3  # hops at the ends of a burst that can't be pure
_MEASURED: Final = 200  # newest pure hops that are kept: 2 s, more than any tone needs
_FLICKER: Final = 4  # pure hops: fewer are chance, not a burst
_BACK: Final = 3  # hops before the first pure one into which a tone may reach
_FULL: Final = 0.85  # of a hop: the tone may reach into the next one too
_TRACE: Final = 0.12  # of a hop: less is noise


@dataclass(frozen=True, slots=True)
class Burst:
    """A tone that was keyed on and off again. `begin` and `end` in seconds; `power` a mean square."""

    begin: float
    end: float
    frequency: float
    power: float
    steady: bool
    blocks: tuple[Block, ...] = ()
    """What was measured of it where no packet was lost."""

    @property
    def seconds(self) -> float:
        return self.end - self.begin

    def same_as(self, other: "Burst | OpenBurst") -> bool:
        return (
            abs(self.frequency - other.frequency) <= _SAME_FREQUENCY
            and self.power <= other.power * _SAME_LEVEL
            and other.power <= self.power * _SAME_LEVEL
        )


class OpenBurst:
    """A tone that is sounding. Times in hops."""

    def __init__(self, begin: float, hop: int, pure: Pure, exactness: Exactness) -> None:
        self.exactness = exactness
        self.begin = begin
        self.end = float(hop)
        self.last = hop
        """Number of the newest pure hop; the first of all is 1."""
        self._last_frequency, self._last_power = pure.frequency, pure.power
        self._pure: deque[tuple[int, float, float]] = deque(maxlen=_MEASURED)
        self._pure.append((hop, pure.frequency, pure.power))

    @property
    def hops(self) -> int:
        """Pure hops of it."""
        return len(self._pure)

    @property
    def frequency(self) -> float:
        """Median in Hz."""
        return sorted(pure[1] for pure in self._pure)[len(self._pure) // 2]

    @property
    def power(self) -> float:
        """Median mean square."""
        return sorted(pure[2] for pure in self._pure)[len(self._pure) // 2]

    def takes(self, pure: Pure, *, level_steps: bool) -> bool:
        """Whether a hop goes on with this tone."""
        if abs(pure.frequency - self._last_frequency) > _JOINS:
            return False
        here, there = pure.power, self._last_power
        return level_steps or (here <= there * _JOINS_LEVEL and there <= here * _JOINS_LEVEL)

    def add(self, hop: int, pure: Pure) -> None:
        self.last, self.end = hop, float(hop)
        self._last_frequency += _FOLLOW * (pure.frequency - self._last_frequency)
        self._last_power += _FOLLOW * (pure.power - self._last_power)
        self._pure.append((hop, pure.frequency, pure.power))

    def steady(self, since: float, *, level_steps: bool) -> bool:
        """Whether nearly all hops from `since` on were one frequency and, unless it may step, one level."""
        inner = [pure for pure in self._pure if pure[0] > since]
        if len(inner) < _PURE_SHARE * (self.last - max(since, self.begin) - _EDGES) or not inner:
            return False
        first, last = round(_PEAKS * len(inner)), -1 - round(_PEAKS * len(inner))
        frequencies = sorted(pure[1] for pure in inner)
        if frequencies[last] - frequencies[first] > _SPREAD:
            return False
        powers = sorted(pure[2] for pure in inner)
        return level_steps or powers[last] <= powers[first] * _SPREAD_LEVEL

    def closed(self, *, level_steps: bool) -> Burst:
        begin, end = self.begin / HOPS_PER_SECOND, self.end / HOPS_PER_SECOND
        steady = self.steady(self.last - _MEASURED, level_steps=level_steps)
        return Burst(begin, end, self.frequency, self.power, steady, tuple(self.exactness.blocks))


class Bursts:
    """The bursts of one frequency, and whether the gaps between them were quiet."""

    def __init__(self, frequency: Frequency, *, keep: int, longest_gap: float, level_steps: bool) -> None:
        """Keeps the newest `keep` bursts, with no gap over `longest_gap` seconds nor a noise between them."""
        self._frequency = frequency
        self._keep, self._level_steps = keep, level_steps
        self._longest_gap = longest_gap
        self.reset()

    def reset(self) -> None:
        self.past: list[Burst] = []
        self.open: OpenBurst | None = None
        self.just_closed = False
        self._full: Hop = NOTHING
        self._quiet = _QUIET
        self._noise = 0

    def hear(self, count: int, recent: Sequence[Hop], *, own: bool) -> Pure | None:
        """The newest hop, number `count`, is the last of `recent`; `own`: a tone in it may be our own prompt's.
        Gives the tone if the hop belongs to the open burst."""
        hop = recent[-1]
        self.just_closed = False
        pure = self._frequency.find(recent[-2], hop)
        if pure is not None and not own and self._take(count, recent, pure):
            self._noise = 0
            return pure
        self._noise = self._noise + 1 if hop.energy > self._quiet or (own and pure is not None) else 0
        if self.open is not None:
            self._miss(self.open, count, hop)
        elif self.past and (
            self._noise >= _NOISE or count / HOPS_PER_SECOND - self.past[-1].end > self._longest_gap
        ):
            self.past.clear()
        return None

    def _take(self, count: int, recent: Sequence[Hop], pure: Pure) -> bool:
        """Whether the hop is one of the open burst, or of one that begins here: in the place of chance hops, but
        not for one hop whose phase jumps, as it does where a packet is repeated."""
        if self.open is not None and self.open.takes(pure, level_steps=self._level_steps):
            self.open.add(count, pure)
        elif self.open is None or (self.open.hops < _FLICKER and count > self.open.last + 1):
            if self.past and pure.power * HOP < self._quiet:
                return False
            exactness = Exactness(self._frequency.nominal)
            self.open = OpenBurst(self._begin(count, recent, pure), count, pure, exactness)
        else:
            return False
        self.open.exactness.add(count, self._frequency.running(count, recent[-1]), recent[-1])
        self._full = recent[-1]
        self._quiet = max(_QUIET, pure.power * _QUIET_BELOW)
        return True

    def _begin(self, count: int, recent: Sequence[Hop], pure: Pure) -> float:
        begin = float(count - 1)
        for back in range(2, _BACK + 2):
            reach = self._frequency.reach(recent[-back + 1], recent[-back], pure.frequency, later=False)
            if reach < _TRACE:
                break
            begin -= reach
            if reach < _FULL:
                break
        return begin

    def _miss(self, burst: OpenBurst, count: int, hop: Hop) -> None:
        """A hop without the tone: where it ended, or a hole in it."""
        missed = count - burst.last
        if missed <= 2 and burst.end == count - 1:
            reach = self._frequency.reach(self._full, hop, burst.frequency, later=True)
            burst.end += 1.0 if reach >= _FULL else reach if reach >= _TRACE else 0.0
            self._full = hop
        if missed < _BRIDGE:
            return
        self.open = None
        if burst.hops < _FLICKER:
            return
        self.past = [*self.past, burst.closed(level_steps=self._level_steps)][-self._keep :] if self._keep else []
        self.just_closed = True
        if self._noise >= _NOISE:
            self.past.clear()
