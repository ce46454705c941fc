"""Today's figures, folded from the facts of the calls. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from gateway.call import facts
from gateway.call.facts import Notice, ReleasedBy

INBOUND = "in"
OUR_CALLS_ALONE = ReleasedBy.UNREACHED
"""What ends no call of a customer's."""


class PastCall(Protocol):
    """What the figures need of a call that is on record."""

    @property
    def offered_at(self) -> datetime: ...
    @property
    def answered_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def rings(self) -> int: ...
    @property
    def released_by(self) -> str | None: ...
    @property
    def direction(self) -> str: ...


@dataclass(slots=True)
class _Live:
    """A call that has not ended yet. `offered_on` is the day it counts for, once it is `counted` as offered."""

    offered_on: date
    counted: bool = False
    rings: int = 0
    answered: bool = False


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


class Kpi:
    """The figures of one day in the site's zone. A call counts for the day it was offered on; calls that we make
    count for none.

    answer_rate: answered calls among those answered, abandoned or failed (JH-21). within_rings_rate: calls
    answered by ring `ring_limit` among those that were answered or rang longer than that (JH-1).
    customer_first_rate: answered calls the customer ended among all that have ended, but for those that a clause
    ordered to release (JH-2) and those that somebody took at a parallel telephone, where a ringing call counts as
    answered. A rate of nothing is None.
    """

    def __init__(self, today: date, ring_limit: int = 3) -> None:
        self.today = today
        self._ring_limit = ring_limit
        self._live: dict[str, _Live] = {}
        self._start(today)

    def _start(self, today: date) -> None:
        self.today = today
        self._offered = self._answered = self._abandoned = self._failed = 0
        self._in_time = self._too_late = 0
        self._released: Counter[str] = Counter()

    def turn_to(self, today: date) -> bool:
        """Begin a new day if `today` is later than the day that is shown; tells whether it was."""
        if today <= self.today:
            return False
        self._start(today)
        return True

    def receive(self, notice: Notice) -> bool:
        """Take a notice (times in the site's zone); tells whether a figure may have changed."""
        turned = self.turn_to(notice.at.date())
        if notice.call is None:
            return turned
        if isinstance(notice.fact, facts.Offered):
            self._live[notice.call] = _Live(notice.at.date())
            return turned
        live = self._live.get(notice.call)
        if live is None:
            return turned
        if isinstance(notice.fact, facts.Dialled):  # the fact after Offered tells who calls whom
            del self._live[notice.call]
            return turned
        return self._changed(notice.call, live, notice.fact) or turned

    def _changed(self, call: str, live: _Live, fact: object) -> bool:
        """Take a fact of an inbound call; tells whether a figure may have changed."""
        first, live.counted = not live.counted, True
        if first:
            self._offered += live.offered_on == self.today
        if isinstance(fact, facts.Rang):
            live.rings = fact.rings
        elif isinstance(fact, facts.CallAnswered):
            live.answered, live.rings = True, fact.rings
            self._count_answer(live)
            return True
        elif isinstance(fact, facts.Released):
            self._count_end(live, fact.by)
            del self._live[call]
            return True
        return first

    def seed(self, calls: Iterable[PastCall]) -> None:
        """Count the calls that are on record already, those of today; to be called once, before any notice."""
        for call in calls:
            if call.offered_at.date() != self.today or call.direction != INBOUND:
                continue
            past = _Live(self.today, counted=True, rings=call.rings, answered=call.answered_at is not None)
            self._offered += 1
            if past.answered:
                self._count_answer(past)
            if call.ended_at is not None and call.released_by is not None:
                self._count_end(past, ReleasedBy(call.released_by))

    def _count_answer(self, call: _Live) -> None:
        if call.offered_on != self.today:
            return
        self._answered += 1
        if call.rings <= self._ring_limit:
            self._in_time += 1
        else:
            self._too_late += 1

    def _count_end(self, call: _Live, by: ReleasedBy) -> None:
        if call.offered_on != self.today:
            return
        if by is ReleasedBy.HANDSET and not call.answered:
            call.answered = True  # there, by a human
            self._count_answer(call)
        if call.answered:
            self._released[by.value] += 1
            return
        if by is ReleasedBy.CUSTOMER:
            self._abandoned += 1
        else:
            self._failed += 1
        self._too_late += call.rings > self._ring_limit

    def fields(self) -> dict[str, Any]:
        """What the topic `kpi` holds. Rates are fractions from 0 to 1, in four decimals."""
        others = self._released[ReleasedBy.STANDARD.value] + self._released[ReleasedBy.HANDSET.value]
        return {
            "date": self.today.isoformat(),
            "offered": self._offered,
            "answered": self._answered,
            "abandoned": self._abandoned,
            "failed": self._failed,
            "answer_rate": _rate(self._answered, self._answered + self._abandoned + self._failed),
            "within_rings_rate": _rate(self._in_time, self._in_time + self._too_late),
            "customer_first_rate": _rate(
                self._released[ReleasedBy.CUSTOMER.value], self._released.total() - others
            ),
            "released_by": {by.value: self._released[by.value] for by in ReleasedBy if by is not OUR_CALLS_ALONE},
        }
