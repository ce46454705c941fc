"""Figures from a sequence of verdicts, pure.

`Steps` are the verdicts as they were told, in order: (seconds, verdict). A verdict stands from its moment to the
next's.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Final

import numpy as np

from drivers.line import Verdict

Steps = Sequence[tuple[float, Verdict]]

DUE: Final = 1.5
"""Seconds after which a verdict is due, by its definition."""
STANDS: Final = 0.5
"""Seconds that a verdict must stand to be a decision."""
TICK: Final = 0.1
VOICES: Final = frozenset({Verdict.SPEECH, Verdict.FAINT, Verdict.LOUD})
_EPSILON: Final = 1e-6  # of a second: moments are sums of floats


def standing(steps: Steps, t: float) -> Verdict | None:
    """The verdict that stands at `t`, None before the first."""
    told = [verdict for at, verdict in steps if at <= t + _EPSILON]
    return told[-1] if told else None


def lasting(steps: Steps, begin: float, end: float) -> dict[Verdict | None, float]:
    """Seconds that each verdict stands between `begin` and `end`."""
    inside = [(at, verdict) for at, verdict in steps if begin + _EPSILON < at < end - _EPSILON]
    moments = [(begin, standing(steps, begin)), *inside]
    seconds: dict[Verdict | None, float] = {}
    for (at, verdict), until in zip(moments, [*(at for at, _ in inside), end], strict=True):
        seconds[verdict] = seconds.get(verdict, 0.0) + until - at
    return seconds


def most_of_the_time(steps: Steps, begin: float, end: float) -> Verdict | None:
    """The verdict that stands longest between `begin` and `end`; of equals the one told first."""
    seconds = lasting(steps, begin, end)
    return max(seconds, key=lambda verdict: round(seconds[verdict], 6))


def ticks(steps: Steps, begin: float, end: float) -> Counter[Verdict | None]:
    """How many ticks (begin, begin + 0.1 s, … before `end`) each verdict stands at."""
    count = max(0, math.ceil((end - begin) / TICK - _EPSILON))
    return Counter(standing(steps, begin + TICK * i) for i in range(count))


def decision(steps: Steps, expected: Collection[Verdict], begins: float, ends: float) -> float | None:
    """Seconds from `begins` to the first moment at which a right verdict stands and goes on for half a second.

    0 where it already stood at `begins`; None if there is no such moment up to `ends`. Of several right verdicts
    one may follow the other; what is told after `ends` counts for the half second too.
    """
    starts = [begins, *(at for at, _ in steps if begins + _EPSILON < at <= ends + _EPSILON)]
    for start in starts:
        over = [at for at, verdict in steps if at > start + _EPSILON and verdict not in expected]
        stands = min(over, default=math.inf) - start >= STANDS - _EPSILON
        if standing(steps, start) in expected and stands:
            return start - begins
    return None


def changes(steps: Steps, begin: float, end: float) -> int:
    """Verdicts told after `begin` up to `end`."""
    return sum(begin + _EPSILON < at <= end + _EPSILON for at, _ in steps)


def quantile(times: Iterable[float | None], share: float) -> float | None:
    """The time that `share` of them do not exceed; None stands for never and is longer than any. NaN without
    one."""
    found = [math.inf if time is None else time for time in times]
    if not found:
        return math.nan
    at = float(np.quantile(found, share, method="inverted_cdf"))
    return None if math.isinf(at) else at


def at_most(events: int, hours: float) -> float:
    """One-sided 95 % upper limit of a rate an hour of which `events` were seen in `hours` (exact Poisson)."""
    low, high = 0.0, 10.0 * events + 10.0
    for _ in range(60):  # bisection: the mean under which so few events are 5 % likely
        mean = (low + high) / 2
        few = sum(math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(events + 1))
        low, high = (mean, high) if few > 0.05 else (low, mean)
    return high / hours if hours else math.inf
