"""Which lines stand out as bad: callers are silent, noisy, faint or loud there more often than elsewhere. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt

from gateway.kpi.figures import JUDGED_BY_EAR, Figures
from gateway.kpi.rates import Share

Z = 2.576
"""Of a 99 % interval of the normal distribution: 25 lines and four verdicts are a hundred looks a month, and 95 %
would name some of them by chance."""
FACTOR = 2.0
"""So many times the others' share a bad line has at least: with many calls a difference that nobody would notice
is certain, too."""
FEWEST = 20
"""Calls heard on a line, and on the others together, below which nothing is said: one caller in ten more or less
tells nothing of a line."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that stands out, and by what."""

    line: str
    verdict: str
    share: Share
    """Of the calls on this line that the ears judged."""
    others: Share
    """Of those on all other lines."""


def bad_lines(lines: Mapping[str, Figures]) -> tuple[BadLine, ...]:
    """The lines that stand out against all others together, by each verdict for which they do: the line's share is
    FACTOR times the others' at least, and its whole 99 % interval (Wilson) lies above theirs. In the order of the
    lines' names."""
    heard = sum(figures.heard for figures in lines.values())
    totals = {
        verdict: sum(figures.verdicts.get(verdict, 0) for figures in lines.values()) for verdict in JUDGED_BY_EAR
    }
    return tuple(
        bad
        for line in sorted(lines)
        for verdict in JUDGED_BY_EAR
        for bad in _judged(line, verdict, lines[line], totals[verdict], heard)
    )


def wilson(part: int, whole: int, z: float = Z) -> tuple[float, float]:
    """The interval in which the true share lies when `part` of `whole` were counted (Wilson 1927); good for few
    calls and for shares near 0, where the simple one is not. `whole` is not 0."""
    share = part / whole
    middle = share + z * z / (2 * whole)
    half = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    scale = 1 + z * z / whole
    return (middle - half) / scale, (middle + half) / scale


def _judged(line: str, verdict: str, figures: Figures, total: int, heard: int) -> Iterator[BadLine]:
    mine, others = figures.verdicts.get(verdict, 0), heard - figures.heard
    if figures.heard < FEWEST or others < FEWEST:
        return
    share, others_share = mine / figures.heard, (total - mine) / others
    above = wilson(mine, figures.heard)[0] > wilson(total - mine, others)[1]
    if above and share >= FACTOR * others_share:
        yield BadLine(line, verdict, figures.share(verdict), Share(total - mine, others))
