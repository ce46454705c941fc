"""How fast a figure grows, by Theil and Sen: the median of all pairs' slopes, which no outlier moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from statistics import median

Z = 1.96
"""Of the normal distribution, for 95 %."""


@dataclass(frozen=True, slots=True)
class Slope:
    """A rate, and the interval in which it is with 95 %."""

    rate: float
    least: float
    most: float


def slope(points: Sequence[tuple[float, float]]) -> Slope:
    """The slope of (x, y) points; ties in x are left out. ValueError for less than three points.

    The interval is Sen's (J. Am. Stat. Assoc. 63, 1968): the pairs' slopes, in order, as far from their middle as
    Kendall's S may stray by chance, whose variance is n(n−1)(2n+5)/18.
    """
    slopes = sorted((y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(sorted(points), 2) if x2 > x1)
    if len(points) < 3 or not slopes:
        raise ValueError("a slope needs three points")
    n, pairs = len(points), len(slopes)
    strays = Z * sqrt(n * (n - 1) * (2 * n + 5) / 18)
    low = max(0, int((pairs - strays) / 2))
    high = min(pairs - 1, int((pairs + strays) / 2) + 1)
    return Slope(median(slopes), slopes[low], slopes[high])
