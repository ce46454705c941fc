"""Every figure that comes from calls, of one group of them. Values only; what each means is in `definitions`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.kpi.rates import NO_SHARE, NOTHING, Share, Spread

SILENT = "silent"
JUDGED_BY_EAR = (SILENT, "noisy", "faint", "loud")
"""Verdicts of the ears that tell of a line or of a caller who is hard to serve."""


def counted_as(heard: tuple[str, ...]) -> tuple[str, ...]:
    """What a call counts as, of the verdicts that the ears gave in it, each once.

    Silent is one in which they heard nothing else: every pause of a second is silent, in nearly every call, and
    would make a dead line like any other. Noisy, faint and loud are no pauses: noise takes a whole second without
    a pause in it, and once is what a good line does not do, so once counts. And noise may hide a voice (a voice
    less than 10 dB over it is noisy): a call with noise is not told silent.
    """
    return heard if len(heard) == 1 else tuple(verdict for verdict in heard if verdict != SILENT)


@dataclass(frozen=True, slots=True)
class ClauseCount:
    """In how many calls a clause was kept, and in how many broken."""

    kept: int = 0
    broken: int = 0

    @property
    def kept_rate(self) -> Share:
        """Share of the calls to which it applied that kept it."""
        return Share(self.kept, self.kept + self.broken)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a group of calls. Durations are seconds, rates are shares as counted; a mean of nothing is
    None."""

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    failed: int = 0
    up: int = 0
    answer_rate: Share = NO_SHARE
    within_rings: int = 0
    within_rings_rate: Share = NO_SHARE
    rings_to_answer: Mapping[int, int] = field(default_factory=dict)
    """Answered calls by the ring after which they were."""
    abandoned_after_rings: Mapping[int, int] = field(default_factory=dict)
    answer_delay: Spread = NOTHING
    wait: Spread = NOTHING
    talk: Spread = NOTHING
    attended: int = 0
    released_by: Mapping[str, int] = field(default_factory=dict)
    """Answered calls by who ended them."""
    customer_first_rate: Share = NO_SHARE
    heard: int = 0
    """Calls of which the ears gave a verdict."""
    verdicts: Mapping[str, int] = field(default_factory=dict)
    """Of them, those that count as such (`counted_as`)."""
    clauses: Mapping[str, ClauseCount] = field(default_factory=dict)
    judged: int = 0
    """Calls that kept or broke a clause, calls of ours too."""
    unbroken: int = 0
    """Of them, those that broke none."""
    call_backs_made: int = 0
    call_backs_reached: int = 0

    def share(self, verdict: str) -> Share:
        """Share of the calls heard that count as such (`counted_as`)."""
        return Share(self.verdicts.get(verdict, 0), self.heard)

    @property
    def quality(self) -> Share:
        """Share of the calls judged that broke no clause."""
        return Share(self.unbroken, self.judged)

    def fields(self, answer_rate_goal: float = 1.0) -> dict[str, Any]:
        """Its JSON: the keys of `definitions.DEFINITIONS` that are of calls, in that order. Rates are from 0 to 1,
        in four decimals, never rounded to 0 or 1, nor that of the answers to its goal."""
        return {
            "offered": self.offered,
            "answered": self.answered,
            "abandoned": self.abandoned,
            "failed": self.failed,
            "up": self.up,
            "answer_rate": self.answer_rate.rounded(goal=answer_rate_goal),
            "within_rings": self.within_rings,
            "within_rings_rate": self.within_rings_rate.rounded(),
            "rings_to_answer": {str(rings): count for rings, count in self.rings_to_answer.items()},
            "abandoned_after_rings": {str(rings): count for rings, count in self.abandoned_after_rings.items()},
            "answer_delay_mean": self.answer_delay.mean,
            "answer_delay_p95": self.answer_delay.p95,
            "waited": self.wait.count,
            "wait_mean": self.wait.mean,
            "wait_p95": self.wait.p95,
            "wait_longest": self.wait.longest,
            "attended": self.attended,
            "talk_mean": self.talk.mean,
            "talk_total": self.talk.total,
            "released_by": dict(self.released_by),
            "customer_first_rate": self.customer_first_rate.rounded(),
            "heard": self.heard,
            **{f"{verdict}_share": self.share(verdict).rounded() for verdict in JUDGED_BY_EAR},
            "judged": self.judged,
            "quality": self.quality.rounded(),
            "clauses": {
                clause: {"kept": count.kept, "broken": count.broken} for clause, count in self.clauses.items()
            },
            "call_backs_made": self.call_backs_made,
            "call_backs_reached": self.call_backs_reached,
        }
