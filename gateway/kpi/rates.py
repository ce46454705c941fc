"""Shares and spreads, the same everywhere. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

DECIMALS = 4
"""Of a share from 0 to 1: hundredths of a per cent, which is one call in ten thousand."""
P95 = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`, as counted. It is held against a goal as it is; it is rounded only where it is shown."""

    part: int = 0
    whole: int = 0

    @property
    def exact(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None

    def misses(self, goal: float) -> bool:
        """Whether it is less than `goal`, from 0 to 1: the one rule by which figures and alarms tell. Nothing
        misses none. 49 of 50 are 0.98, whatever a machine makes of it."""
        return self.whole > 0 and self.part < _exactly(goal) * self.whole

    def rounded(self, decimals: int = DECIMALS, goal: float = 1.0) -> float | None:
        """From 0 to 1 in so many decimals; None of nothing. What lies below or above 0, 1 or the goal is never
        rounded to it: 97.996 % is no 98 %."""
        if not self.whole:
            return None
        scale = 10**decimals
        exact = Fraction(self.part, self.whole)
        told = Fraction(round(exact * scale), scale)
        for mark in (Fraction(0), _exactly(goal), Fraction(1)):
            if exact < mark <= told:
                told = Fraction(floor(exact * scale), scale)
            elif told <= mark < exact:
                told = Fraction(ceil(exact * scale), scale)
        return float(told)


NO_SHARE = Share()
"""Of nothing."""


def per_cent(goal: float) -> str:
    """A goal as people write it, with the decimals that it has and no more: `98`, `98.5`."""
    return f"{goal * 100:.6f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=16)
def _exactly(goal: float) -> Fraction:
    """A goal as it was written: 0.98, not the number in twos that is next to it."""
    return Fraction(repr(goal))


@dataclass(frozen=True, slots=True)
class Spread:
    """How many values there are and how they lie, in seconds to three decimals; None of nothing."""

    count: int = 0
    total: float = 0.0
    mean: float | None = None
    p95: float | None = None
    """The smallest value that at least 95 % of them do not exceed (nearest rank)."""
    longest: float | None = None


NOTHING = Spread()
"""Of no values."""


def spread(values: Sequence[float]) -> Spread:
    """How `values` lie."""
    if not values:
        return NOTHING
    ordered = sorted(values)
    total = sum(ordered)
    # round() first: 0.95 × 20 is 19.000000000000004 on some machines, and its rank is 19.
    rank = ceil(round(P95 * len(ordered), 6))
    return Spread(
        len(ordered),
        round(total, 3),
        round(total / len(ordered), 3),
        round(ordered[rank - 1], 3),
        round(ordered[-1], 3),
    )
