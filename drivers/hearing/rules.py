"""The rules by which bursts are a country's cadence (pure functions of the bursts and the time).

A false hang-up is far worse than a late one: every burst must have the right length, the frequency and the level
of the one before, and the gaps between must be quiet. An exchange's cadence is exact, so within the ±10 % that it
may be off, bursts must equal bursts and gaps gaps.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from drivers.hearing.bursts import Burst
from drivers.hearing.tone_tables import ToneSpec

_TOLERANCE: Final = 0.1  # of a cadence, GB/T 3380
_PACKET: Final = 0.02  # seconds by which a lost packet displaces an edge
_EDGES: Final = 0.006  # seconds by which both edges of a burst may be misread
_PERIOD: Final = 0.003  # the same for a cycle, of which several are averaged
_EQUAL: Final = 0.02  # seconds between the first bursts, and between the gaps: a packet lost at one edge
_GRID: Final = 0.004  # seconds by which an edge may be misread
_DAMAGED: Final = 2 * _PACKET + _EDGES  # two packets lost in a row at an edge
_RIGHT: Final = 3  # ends of a damaged cadence's bursts, and begins but one, that must be where they belong
_LOST: Final = 2  # begins that need not
_LONGEST: Final = 5  # bursts that are looked at
_NEARLY: Final = 0.955  # of the longest that the cycles may take: then the last gap need not be over


def fits_roughly(spec: ToneSpec, seconds: float) -> bool:
    """Whether a burst may be one of the tone's, packets lost at its edges."""
    return any(_fits(seconds, on, _DAMAGED) for on, _ in spec.cycle)


def may_last(spec: ToneSpec, seconds: float) -> bool:
    """Whether a burst that is not over may be one of the tone's."""
    return seconds <= spec.on * (1 + _TOLERANCE) + _DAMAGED


def longest_gap(spec: ToneSpec) -> float:
    """Seconds after which the next burst is missing; 0 for a continuous tone."""
    return spec.off * (1 + _TOLERANCE) + _DAMAGED if spec.off else 0.0


def gap(spec: ToneSpec, past: Sequence[Burst]) -> float:
    """How long the gaps of a recognised cadence last, seconds."""
    bursts = past[-spec.cycles :]
    return max((after.begin - one.end for one, after in pairwise(bursts)), default=longest_gap(spec))


def bursts_needed(spec: ToneSpec) -> int:
    """How many bursts the rules look at."""
    if spec.off is None:
        return 0
    return spec.bursts + len(spec.before[:1]) if spec.cycles == 1 else _LONGEST


def begins_again(spec: ToneSpec, past: Sequence[Burst], begin: float) -> bool:
    """Whether `past`, followed by a burst that has begun at `begin`, is the tone."""
    if spec.before:
        return _figure(spec, past, begin)
    chain = _chain(spec, past, begin)
    if spec.cycles == 1:
        return len(chain) > 0
    if _first_cycles(spec, chain):
        cycle = (begin - chain[-spec.cycles].begin) / spec.cycles
        if _exact(spec, chain[-spec.cycles :], begin, cycle):
            return True
    return _damaged(spec, chain, begin)


def last_gap_is_enough(spec: ToneSpec, past: Sequence[Burst], now: float) -> bool:
    """Whether `past` and the quiet since is the tone already: its cycles are slow ones, and the next burst would
    tell too late."""
    if spec.off is None or len(past) < spec.cycles or spec.cycles == 1:
        return False
    early = spec.cycles * (spec.on + spec.off) * (1 + _TOLERANCE) * _NEARLY
    if now < past[-spec.cycles].begin + early or now - past[-1].end < spec.off * (1 - _TOLERANCE):
        return False
    chain = _chain(spec, past, now)
    if not _first_cycles(spec, chain):
        return False
    cycle = (chain[-1].begin - chain[-spec.cycles].begin) / (spec.cycles - 1)
    return now <= chain[-1].begin + cycle and _exact(spec, chain[-spec.cycles :], None, cycle)


def _figure(spec: ToneSpec, past: Sequence[Burst], begin: float) -> bool:
    """Whether the last bursts are whole cycles of unlike bursts, with none more or less before them. A packet may
    be lost at an edge: no other cadence comes near."""
    bursts = past[-spec.bursts :]
    if len(bursts) < spec.bursts or not all(burst.steady and burst.same_as(bursts[-1]) for burst in bursts):
        return False
    heard = [
        (one.seconds, after - one.end)
        for one, after in zip(bursts, [*(burst.begin for burst in bursts[1:]), begin], strict=True)
    ]
    wanted = spec.cycle * spec.cycles
    gap_before = bursts[0].begin - past[-spec.bursts - 1].end if len(past) > spec.bursts else None
    return (
        all(map(_pair_fits, heard, wanted))
        and _fits(begin - bursts[0].begin, sum(on + off for on, off in wanted), _PACKET + _EDGES)
        and (gap_before is None or _fits(gap_before, wanted[-1][1], _DAMAGED))
    )


def _pair_fits(heard: tuple[float, float], wanted: tuple[float, float]) -> bool:
    return all(_fits(one, due, _PACKET + _EDGES) for one, due in zip(heard, wanted, strict=True))


def _chain(spec: ToneSpec, past: Sequence[Burst], begin: float) -> list[Burst]:
    """The newest bursts that may be one run of the tone, packets lost at their edges."""
    assert spec.off is not None
    chain: list[Burst] = []
    for burst in reversed(past):
        fits = fits_roughly(spec, burst.seconds) and _fits(begin - burst.end, spec.off, _DAMAGED)
        if not (fits and burst.steady and burst.same_as(past[-1])):
            break
        chain.insert(0, burst)
        begin = burst.begin
    return chain


def _first_cycles(spec: ToneSpec, chain: Sequence[Burst]) -> bool:
    """Whether it has just gone on for long enough. If it was not believed then, some edges were not right."""
    return spec.cycles <= len(chain) <= spec.cycles + 1


def _exact(spec: ToneSpec, bursts: Sequence[Burst], begin: float | None, cycle: float) -> bool:
    """Whether all is as it must be, up to a next burst at `begin` (None: not yet)."""
    assert spec.off is not None
    lengths = [burst.seconds for burst in bursts]
    gaps = [after.begin - burst.end for burst, after in pairwise(bursts)]
    if begin is not None:
        gaps.append(begin - bursts[-1].end)
    return (
        all(_fits(length, spec.on, _EDGES) for length in lengths)
        and all(_fits(one, spec.off, _EDGES) for one in gaps)
        and max(lengths) - min(lengths) <= _EQUAL
        and max(gaps) - min(gaps) <= _EQUAL
        and _fits(cycle, spec.on + spec.off, _PERIOD)
    )


def _damaged(spec: ToneSpec, chain: Sequence[Burst], begin: float) -> bool:
    """Lost packets have displaced some edges; but what they leave whole lies on the exact grid of an exchange,
    from which uneven beeps wander away, and none begins before its time."""
    begins = [*(burst.begin for burst in chain), begin]
    ends = [burst.end for burst in chain]
    if len(ends) <= spec.cycles:
        return False
    pairs = ((i, j) for i in range(len(begins)) for j in range(i + spec.cycles, len(begins)))
    return any(_on_grid(spec, begins, ends, i, (begins[j] - begins[i]) / (j - i)) for i, j in pairs)


def _on_grid(spec: ToneSpec, begins: list[float], ends: list[float], first: int, cycle: float) -> bool:
    """Whether enough begins and ends lie where a cadence of this cycle and through `begins[first]` has them."""
    assert spec.off is not None
    if not _fits(cycle, spec.on + spec.off, _PERIOD):
        return False
    grid = [begins[first] + (k - first) * cycle for k in range(len(begins))]
    late = [begin - due for begin, due in zip(begins, grid, strict=True)]
    right = sum(abs(one) <= _GRID for one in late)
    if min(late) < -_GRID or right < max(len(late) - _LOST, _RIGHT + 1):
        return False
    on = sorted(end - due for end, due in zip(ends, grid, strict=False))
    runs = (on[at : at + _RIGHT] for at in range(len(on) - _RIGHT + 1))
    return any(run[-1] - run[0] <= 2 * _GRID and _is_cadence(spec, run[_RIGHT // 2], cycle) for run in runs)


def _is_cadence(spec: ToneSpec, on: float, cycle: float) -> bool:
    assert spec.off is not None
    return _fits(on, spec.on, _EDGES) and _fits(cycle - on, spec.off, _EDGES)


def _fits(seconds: float, nominal: float, slack: float) -> bool:
    return abs(seconds - nominal) <= nominal * _TOLERANCE + slack
