"""When the answer rate rings (JH-21), and when it rings no more. Pure."""

from dataclasses import dataclass

from gateway.kpi.outcomes import Outcomes
from gateway.kpi.rates import per_cent

GOAL = 0.98
"""JH-21's."""
FROM_CALLS = 1
"""Calls that are decided before it may ring: each one counts."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What answer rate is wanted, from 0 to 1, and of how many calls one is spoken of."""

    rate: float = GOAL
    from_calls: int = FROM_CALLS

    def missed(self, outcomes: Outcomes) -> bool:
        """Whether these calls are enough to tell, and too few of them were answered."""
        return outcomes.decided >= self.from_calls and outcomes.answer_rate.misses(self.rate)


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
        goal = self._goal.rate
        told = outcomes.answer_rate.rounded(goal=goal)
        if told is None:
            return f"answer rate {self._period}: no calls to tell it of"
        counted = f"{outcomes.answered} of {outcomes.decided} calls answered, {told:.2%}"
        return f"answer rate {self._period}: {counted}, goal {per_cent(goal)}% (JH-21)"
