"""One pass over the calls of a period: every figure of them all and of each group, and the calls to look at."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from heapq import heappush, heappushpop

from gateway.kpi import CallFigures
from gateway.kpi.figures import Figures
from gateway.kpi.groups import KEY_OF, By
from gateway.kpi.tally import Tally

MOST_SHOWN = 20
"""Calls that a report names: a page of them."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What one pass has found."""

    overall: Figures
    groups: Mapping[By, Mapping[str, Figures]]
    """Of each grouping its groups in order."""
    worst: tuple[str, ...]
    """Ids of the calls that broke most clauses, the worst and latest first."""
    broken: int
    """Calls that broke a clause."""


def counted(calls: Iterable[CallFigures], ring_limit: int) -> Counted:
    """Count calls, each once; only what figures need is kept of them. `ring_limit` as of Tally."""
    overall = Tally(ring_limit)
    groups: dict[By, dict[str, Tally]] = {by: defaultdict(partial(Tally, ring_limit)) for by in By}
    keyed = [(KEY_OF[by], tallies) for by, tallies in groups.items()]
    worst = _Worst()
    for call in calls:
        overall.add(call)
        for key_of, tallies in keyed:
            tallies[key_of(call)].add(call)
        if call.broken:
            worst.add(call)
    return Counted(
        overall.figures(),
        {
            by: {key: tallies[key].figures() for key in sorted(tallies, key=by_number)}
            for by, tallies in groups.items()
        },
        worst.calls(),
        worst.seen,
    )


def ended(figures: Figures) -> int:
    """Calls that have ended, calls of ours too: each kept a clause, broke it, or it did not apply."""
    return figures.offered - figures.up + figures.call_backs_made


def not_applicable(figures: Figures, clause: str) -> int:
    """Calls that have ended and to which a clause of the figures did not apply."""
    counted = figures.clauses[clause]
    return max(0, ended(figures) - counted.kept - counted.broken)


def by_number(name: str) -> tuple[str, int, str]:
    """Sorts names as people count: sip1-2 before sip1-10."""
    stem, _, number = name.rpartition("-")
    return (stem, int(number), name) if number.isdecimal() else (name, 0, name)


class _Worst:
    """Of all calls that broke a clause the MOST_SHOWN that broke most, the later of two that broke as many."""

    def __init__(self) -> None:
        self.seen = 0
        self._kept: list[tuple[int, float, str]] = []

    def add(self, call: CallFigures) -> None:
        self.seen += 1
        rank = (len(call.broken), call.offered_at.timestamp(), call.call)
        if len(self._kept) < MOST_SHOWN:
            heappush(self._kept, rank)
        else:
            heappushpop(self._kept, rank)

    def calls(self) -> tuple[str, ...]:
        return tuple(call for _, _, call in sorted(self._kept, reverse=True))
