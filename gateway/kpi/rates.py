"""Shares and spreads, the same everywhere. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

DECIMALS = 4
"""Of a share from 0 to 1: hundredths of a per cent, which is one call in ten thousand."""
P95 = 0.95


def rate(part: int, whole: int) -> float | None:
    """`part` of `whole`, from 0 to 1 in four decimals; None of nothing."""
    return round(part / whole, DECIMALS) if whole else None


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
