"""When the answer rate rings (JH-21), and when it rings no more. Pure."""

from dataclasses import dataclass

from gateway.kpi.outcomes import Outcomes

GOAL = 0.98
"""JH-21's."""
FROM_CALLS = 1
"""Calls that are decided before it may ring: each one counts."""
_EXACT = 1e-9
"""0.98 × 50 calls are 49, whatever a machine makes of it."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What answer rate is wanted, from 0 to 1, and of how many calls one is spoken of."""

    rate: float = GOAL
    from_calls: int = FROM_CALLS

    def missed(self, outcomes: Outcomes) -> bool:
        """Whether these calls are enough to tell, and too few of them were answered."""
        decided = outcomes.decided
        return decided >= max(1, self.from_calls) and outcomes.answered < self.rate * decided - _EXACT


@dataclass(frozen=True, slots=True)
class Alert:
    """The alarm begins to ring (`raised`), or stops. `code` is a word for programs, `words` are for people."""

    code: str
    words: str
    raised: bool


class Alarm:
    """One alarm: it rings from the call by which the goal is missed until it is met again, or until too few calls
    are left to tell. It is told when it begins and when it ends, not at each call in between."""

    def __init__(self, code: str, period: str, goal: Goal) -> None:
        """`period` is what the calls are of, in words: `today`."""
        self._code = code
        self._period = period
        self._goal = goal
        self._rings = False

    def judge(self, outcomes: Outcomes) -> Alert | None:
        """What these calls change; None: nothing."""
        missed = self._goal.missed(outcomes)
        if missed is self._rings:
            return None
        self._rings = missed
        return Alert(self._code, self._words(outcomes), missed)

    def _words(self, outcomes: Outcomes) -> str:
        if not outcomes.decided:
            return f"answer rate {self._period}: no calls to tell it of"
        told = (
            f"{outcomes.answered} of {outcomes.decided} calls answered, {outcomes.answered / outcomes.decided:.1%}"
        )
        return f"answer rate {self._period}: {told}, goal {self._goal.rate:.0%} (JH-21)"
