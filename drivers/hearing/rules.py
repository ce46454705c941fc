"""The rules by which bursts are a country's cadence (pure functions of the bursts and the time).

A false hang-up is far worse than a late one: every burst must have the right length, the frequency and the level
of the one before, and the gaps between must be quiet. An exchange's cadence is exact, so within the ±10 % that it
may be off, bursts must equal bursts and gaps gaps.
"""

from collections.abc import Sequence
from typing import Final

from drivers.hearing.bursts import Burst
from drivers.hearing.tone_tables import ToneSpec

_TOLERANCE: Final = 0.1  # of a cadence, GB/T 3380
_PACKET: Final = 0.02  # seconds by which a lost packet displaces an edge
_EDGES: Final = 0.006  # seconds by which both edges of a burst may be misread
_PERIOD: Final = 0.003  # the same for a cycle, of which several are averaged
_EQUAL: Final = _PACKET + 0.004  # seconds between bursts of a cadence, and between gaps: one packet at an edge
_DAMAGED: Final = 2 * _PACKET + _EDGES  # two packets lost in a row at an edge
_ALIKE: Final = 3  # bursts and gaps of a damaged cadence that must be whole
_LONG: Final = (4, 5)  # cycles over which a damaged cadence is looked at
_NEARLY: Final = 0.96  # of the longest that the cycles may take: then the last gap need not be over


def fits_roughly(spec: ToneSpec, seconds: float) -> bool:
    """Whether a burst may be one of the tone's, packets lost at its edges."""
    return _fits(seconds, spec.on, _DAMAGED)


def may_last(spec: ToneSpec, seconds: float) -> bool:
    """Whether a burst that is not over may be one of the tone's."""
    return seconds <= spec.on * (1 + _TOLERANCE) + _DAMAGED


def longest_gap(spec: ToneSpec) -> float:
    """Seconds after which the next burst is missing; 0 for a continuous tone."""
    return spec.off * (1 + _TOLERANCE) + _DAMAGED if spec.off else 0.0


def gap(spec: ToneSpec, past: Sequence[Burst]) -> float:
    """How long the gaps of a recognised cadence last, seconds."""
    seen = _gaps(past[-spec.cycles :], None)
    return max(seen) if seen else longest_gap(spec)


def bursts_needed(spec: ToneSpec) -> int:
    """How many bursts the rules look at."""
    if spec.off is None:
        return 0
    return spec.cycles if spec.cycles == 1 else max(_LONG)


def begins_again(spec: ToneSpec, past: Sequence[Burst], begin: float) -> bool:
    """Whether `past`, followed by a burst that has begun at `begin`, is the tone."""
    if spec.cycles == 1:
        bursts = past[-1:]
        return _one_tone(bursts, 1) and _all_fit(spec, bursts, _gaps(bursts, begin), _DAMAGED)
    return _whole(spec, past[-spec.cycles :], begin) or any(_damaged(spec, past[-n:], begin, n) for n in _LONG)


def last_gap_is_enough(spec: ToneSpec, past: Sequence[Burst], now: float) -> bool:
    """Whether `past` and the quiet since is the tone already: its cycles are slow ones, and the next burst would
    tell too late."""
    bursts = past[-spec.cycles :]
    if spec.off is None or spec.cycles == 1 or not _one_tone(bursts, spec.cycles):
        return False
    cycle = (bursts[-1].begin - bursts[0].begin) / (spec.cycles - 1)
    due = bursts[-1].begin + cycle
    early = spec.cycles * (spec.on + spec.off) * (1 + _TOLERANCE) * _NEARLY
    return (
        bursts[0].begin + early <= now <= due
        and now - bursts[-1].end >= spec.off * (1 - _TOLERANCE)
        and _exact(spec, bursts, _gaps(bursts, None), cycle)
    )


def _whole(spec: ToneSpec, bursts: Sequence[Burst], begin: float) -> bool:
    if not _one_tone(bursts, spec.cycles):
        return False
    return _exact(spec, bursts, _gaps(bursts, begin), (begin - bursts[0].begin) / spec.cycles)


def _exact(spec: ToneSpec, bursts: Sequence[Burst], gaps: list[float], cycle: float) -> bool:
    lengths = [burst.seconds for burst in bursts]
    assert spec.off is not None
    return (
        _all_fit(spec, bursts, gaps, _EDGES)
        and max(lengths) - min(lengths) <= _EQUAL
        and max(gaps) - min(gaps) <= _EQUAL
        and _fits(cycle, spec.on + spec.off, _PERIOD)
    )


def _damaged(spec: ToneSpec, bursts: Sequence[Burst], begin: float, cycles: int) -> bool:
    """Lost packets have displaced some edges, but most are where they belong, and the cycle is right."""
    assert spec.off is not None
    if not _one_tone(bursts, cycles):
        return False
    gaps = _gaps(bursts, begin)
    cycle = (begin - bursts[0].begin) / cycles
    return (
        _all_fit(spec, bursts, gaps, _DAMAGED)
        and _fits(cycle, spec.on + spec.off, _PERIOD + _PACKET / cycles)
        and _mostly_alike([burst.seconds for burst in bursts], spec.on)
        and _mostly_alike(gaps, spec.off)
    )


def _mostly_alike(lengths: list[float], nominal: float) -> bool:
    ordered = sorted(lengths)
    runs = (ordered[at : at + _ALIKE] for at in range(len(ordered) - _ALIKE + 1))
    return any(run[-1] - run[0] <= _EQUAL and _fits(run[_ALIKE // 2], nominal, _EDGES) for run in runs)


def _one_tone(bursts: Sequence[Burst], count: int) -> bool:
    return len(bursts) == count and all(burst.steady and burst.same_as(bursts[0]) for burst in bursts)


def _gaps(bursts: Sequence[Burst], begin: float | None) -> list[float]:
    begins = [burst.begin for burst in bursts[1:]]
    if begin is not None:
        begins.append(begin)
    return [after - burst.end for burst, after in zip(bursts, begins, strict=False)]


def _all_fit(spec: ToneSpec, bursts: Sequence[Burst], gaps: list[float], slack: float) -> bool:
    assert spec.off is not None
    off = spec.off
    return all(_fits(burst.seconds, spec.on, slack) for burst in bursts) and all(
        _fits(gap, off, slack) for gap in gaps
    )


def _fits(seconds: float, nominal: float, slack: float) -> bool:
    return abs(seconds - nominal) <= nominal * _TOLERANCE + slack
