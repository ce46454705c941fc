"""What became of calls: the counts that the feed shows of the day and the hour, and a report of a month. Pure."""

from collections import Counter

from gateway.call.facts import ReleasedBy
from gateway.kpi.call import CallFigures, Direction, Outcome
from gateway.kpi.rates import Share

RING_LIMIT = 3
"""The last ring by which JH-1 wants an answer, where no dialplan tells another."""

NOBODYS_HANG_UP = (ReleasedBy.STANDARD.value, ReleasedBy.HANDSET.value)
"""Releases that do not tell who hung up first: a clause orders it, or he goes on talking at another telephone."""
SHOWN = tuple(by.value for by in ReleasedBy if by is not ReleasedBy.UNREACHED)
"""Who may end a customer's call; `unreached` ends our own alone."""


def outcome_of(answered: bool, by: ReleasedBy) -> Outcome:
    """The outcome of a call that `by` ended, for records, feed, figures and metrics alike. One that was taken at a
    parallel telephone is answered, there, by a human."""
    if answered or by is ReleasedBy.HANDSET:
        return Outcome.ANSWERED
    if by is ReleasedBy.UNREACHED:
        return Outcome.UNREACHED
    return Outcome.ABANDONED if by is ReleasedBy.CUSTOMER else Outcome.FAILED


def is_answered(call: CallFigures) -> bool:
    """Whether it was answered, even if it is still up."""
    return call.answered_at is not None or call.outcome == Outcome.ANSWERED


class Outcomes:
    """Counts of customers' calls, those that are still up as far as they have come; calls that we make count
    nowhere. What was added can be taken away again, so that a call is counted anew with each of its facts."""

    __slots__ = (
        "abandoned",
        "answered",
        "ended",
        "failed",
        "in_time",
        "late",
        "offered",
        "released",
        "ring_limit",
    )

    def __init__(self, ring_limit: int = RING_LIMIT) -> None:
        """`ring_limit` is the standard's last permitted ring (JH-1)."""
        self.ring_limit = ring_limit
        self.offered = self.ended = self.answered = self.abandoned = self.failed = 0
        self.in_time = self.late = 0
        self.released: Counter[str] = Counter()
        """Answered calls by who ended them."""

    def add(self, call: CallFigures, times: int = 1) -> None:
        """Count a call; with `times` -1 take it away again, as it was when it was added."""
        if call.direction != Direction.IN:
            return
        ended = call.outcome is not None
        self.offered += times
        self.ended += times if ended else 0
        if is_answered(call):
            self.answered += times
            if call.rings <= self.ring_limit:
                self.in_time += times
            else:
                self.late += times
            if ended and call.released_by is not None:
                self.released[call.released_by] += times
        elif ended:
            if call.outcome == Outcome.ABANDONED:
                self.abandoned += times
            else:
                self.failed += times
            if call.rings > self.ring_limit:
                self.late += times

    @property
    def decided(self) -> int:
        """Calls of which it is known whether they are answered: what the answer rate is taken among."""
        return self.answered + self.abandoned + self.failed

    @property
    def answer_rate(self) -> Share:
        """Answered calls among those answered, abandoned or failed (JH-21)."""
        return Share(self.answered, self.decided)

    @property
    def within_rings_rate(self) -> Share:
        """Calls answered by the standard's last ring among those that were answered or rang longer (JH-1)."""
        return Share(self.in_time, self.in_time + self.late)

    @property
    def customer_first_rate(self) -> Share:
        """Answered calls the customer ended among all that have ended but NOBODYS_HANG_UP (JH-2)."""
        told = self.released.total() - sum(self.released[by] for by in NOBODYS_HANG_UP)
        return Share(self.released[ReleasedBy.CUSTOMER.value], told)

    def released_by(self) -> dict[str, int]:
        """Answered calls by who ended them."""
        return {by: self.released[by] for by in SHOWN}
