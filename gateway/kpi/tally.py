"""Calls, one after the other, to figures. Pure."""

from array import array
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from gateway.kpi.call import CallFigures, Direction, Outcome
from gateway.kpi.figures import ClauseCount, Figures, counted_as
from gateway.kpi.outcomes import RING_LIMIT, Outcomes, is_answered
from gateway.kpi.rates import spread

_USUAL = 1800.0
"""Seconds: no caller rings for half an hour, so what the wall clock makes shorter needs no second look."""


class Tally:
    """Counts calls. Of each only what means and 95th percentiles need is kept: three numbers at most."""

    def __init__(self, ring_limit: int = RING_LIMIT) -> None:
        """`ring_limit` is the standard's last permitted ring (JH-1)."""
        self.outcomes = Outcomes(ring_limit)
        self._rings: Counter[int] = Counter()
        self._given_up: Counter[int] = Counter()
        self._delays = array("d")
        self._waits = array("d")
        self._talks = array("d")
        self._attended = self._made = self._reached = 0
        # Counted whole and taken apart at the end: of many calls few differ in these.
        self._heard: Counter[tuple[str, ...]] = Counter()
        self._judged: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = Counter()

    def add(self, call: CallFigures) -> None:
        """Count a call, as far as it has come."""
        if call.kept or call.broken:
            self._judged[call.kept, call.broken] += 1
        if call.direction != Direction.IN:
            self._made += 1
            self._reached += call.outcome == Outcome.ANSWERED
            return
        self.outcomes.add(call)
        if is_answered(call):
            self._count_answer(call)
        elif call.outcome == Outcome.ABANDONED:
            self._given_up[call.rings] += 1
        self._count_service(call)

    def _count_answer(self, call: CallFigures) -> None:
        self._rings[call.rings] += 1
        if call.answered_at is not None:
            delay = _seconds(call.offered_at, call.answered_at)
            if delay >= 0.0:  # else the machine's clock was set back while it rang
                self._delays.append(delay)

    def _count_service(self, call: CallFigures) -> None:
        if call.waited is not None:
            self._waits.append(call.waited)
        if call.attended_by is not None:
            self._attended += 1
        if call.talked is not None:
            self._talks.append(call.talked)
        if call.heard:
            self._heard[call.heard] += 1

    def figures(self) -> Figures:
        """All that has been counted."""
        outcomes = self.outcomes
        return Figures(
            offered=outcomes.offered,
            answered=outcomes.answered,
            abandoned=outcomes.abandoned,
            failed=outcomes.failed,
            up=outcomes.offered - outcomes.ended,
            answer_rate=outcomes.answer_rate,
            within_rings=outcomes.in_time,
            within_rings_rate=outcomes.within_rings_rate,
            rings_to_answer=dict(sorted(self._rings.items())),
            abandoned_after_rings=dict(sorted(self._given_up.items())),
            answer_delay=spread(self._delays),
            wait=spread(self._waits),
            talk=spread(self._talks),
            attended=self._attended,
            released_by=outcomes.released_by(),
            customer_first_rate=outcomes.customer_first_rate,
            heard=self._heard.total(),
            verdicts=self._verdicts(),
            clauses=self._clauses(),
            judged=self._judged.total(),
            unbroken=sum(calls for (_, broken), calls in self._judged.items() if not broken),
            call_backs_made=self._made,
            call_backs_reached=self._reached,
        )

    def _verdicts(self) -> dict[str, int]:
        counted = _each((counted_as(heard), calls) for heard, calls in self._heard.items())
        return dict(sorted(counted.items()))

    def _clauses(self) -> dict[str, ClauseCount]:
        kept = _each((clauses, calls) for (clauses, _), calls in self._judged.items())
        broken = _each((clauses, calls) for (_, clauses), calls in self._judged.items())
        named = sorted(kept.keys() | broken.keys(), key=clause_order)
        return {clause: ClauseCount(kept[clause], broken[clause]) for clause in named}


def clause_order(clause: str) -> tuple[str, int, str]:
    """Sorts clauses as people count: JH-2 before JH-10."""
    standard, _, number = clause.partition("-")
    return standard, int(number) if number.isdecimal() else 0, number


def _each(counted: Iterable[tuple[tuple[str, ...], int]]) -> Counter[str]:
    """Of words that were counted together: how often each."""
    total: Counter[str] = Counter()
    for words, calls in counted:
        for word in words:
            total[word] += calls
    return total


def _seconds(begin: datetime, end: datetime) -> float:
    """From one to the other. Moments of one zone are subtracted by the wall clock, an hour off where summer time
    begins or ends in between: what looks unusual is reckoned anew."""
    seconds = (end - begin).total_seconds()
    return seconds if 0.0 <= seconds < _USUAL else end.timestamp() - begin.timestamp()
