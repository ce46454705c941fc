"""Today's figures and the last hour's, folded from the facts of the calls by the rules of `gateway.kpi`. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Protocol

from gateway.call import facts
from gateway.call.facts import Notice
from gateway.feed.line_rates import DAY, LineRates
from gateway.kpi.alarm import Alarm, Alert, Goal
from gateway.kpi.call import CallFigures
from gateway.kpi.last_hour import AHEAD, LastHour
from gateway.kpi.live import followed
from gateway.kpi.outcomes import RING_LIMIT, Outcomes

DAYS = 3
"""Days of which the figures are kept: should the machine's clock be set wrong and right again, they are there."""
JH_21 = Goal()


class PastCall(Protocol):
    """What the figures need of a call that is on record."""

    @property
    def call(self) -> str: ...
    @property
    def line(self) -> str: ...
    @property
    def agent(self) -> str: ...
    @property
    def offered_at(self) -> datetime: ...
    @property
    def answered_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def rings(self) -> int: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def released_by(self) -> str | None: ...
    @property
    def direction(self) -> str: ...


class _Day:
    """What became of one day's calls, and of those of each of its hours and of each line."""

    def __init__(self, ring_limit: int) -> None:
        self._ring_limit = ring_limit
        self.outcomes = Outcomes(ring_limit)
        self.hours: dict[int, Outcomes] = {}
        """By the hour in which they were offered; hours without calls are not there."""
        self.lines: dict[str, Outcomes] = {}
        """By line; one without calls is not there."""

    def add(self, call: CallFigures, times: int = 1) -> None:
        """Count a call; with `times` -1 take it away again, as it was when it was added."""
        self.outcomes.add(call, times)
        self.hours.setdefault(call.offered_at.hour, Outcomes(self._ring_limit)).add(call, times)
        self.lines.setdefault(call.line, Outcomes(self._ring_limit)).add(call, times)


class Kpi:
    """The figures of one day in the site's zone, and of the last hour. A call counts for the day it was offered
    on; calls that we make count for none. What is counted, and how, `gateway.kpi` tells."""

    def __init__(self, now: datetime, ring_limit: int = RING_LIMIT, goal: Goal = JH_21) -> None:
        """`now` is aware, in the site's zone. `ring_limit` is the standard's last permitted ring (JH-1)."""
        self.today = now.date()
        self.goal = goal
        self._ring_limit = ring_limit
        self._days: dict[date, _Day] = {self.today: _Day(ring_limit)}
        self._hour = LastHour(ring_limit)
        self._hour.turn_to(now.timestamp())
        self._now = now
        self._alarms = (
            Alarm(DAY, "today", goal),
            Alarm("answer_rate_hour", "in the last hour", goal),
        )
        self._line_rates = LineRates(goal)
        self._offered: dict[str, CallFigures] = {}
        """Calls of which the next fact tells who calls whom."""
        self._seeded: dict[str, CallFigures] = {}
        """Calls of earlier runs as they were counted."""
        self._live: dict[str, CallFigures] = {}
        self._counted: dict[str, CallFigures] = {}
        """The live calls as they were counted last."""

    def turn_to(self, now: datetime) -> bool:
        """The time is `now`: a day may begin, a call leave the last hour; tells whether a figure may have changed.

        The clock may have been set. Where it goes back into the day before by no more than it is corrected by, the
        day that is shown goes on."""
        self._now = now
        left = self._hour.turn_to(now.timestamp())
        today = now.date()
        if today == self.today or (today < self.today and self._just_before(now)):
            return left
        self.today = today
        self._line_rates.turned()
        self._days.setdefault(today, _Day(self._ring_limit))
        while len(self._days) > DAYS:
            del self._days[next(day for day in self._days if day != today)]
        return True

    def next_turn(self, now: datetime) -> float:
        """In how many seconds a call leaves the last hour; for ever where there is none."""
        return self._hour.next_leaves(now.timestamp())

    def receive(self, notice: Notice) -> bool:
        """Take a notice (times in the site's zone); tells whether a figure may have changed."""
        turned = self.turn_to(notice.at)
        if notice.call is None:
            return turned
        if isinstance(notice.fact, facts.Offered):
            offered = followed(None, notice)
            assert offered is not None
            self._offered[notice.call] = offered
            return turned
        return self._advanced(notice.call, notice) or turned

    def _advanced(self, call: str, notice: Notice) -> bool:
        """Take a fact of a call that was offered; tells whether a figure may have changed."""
        first = self._offered.pop(call, None)
        before = first or self._live.get(call)
        if before is None or isinstance(notice.fact, facts.Dialled):
            return False
        after = followed(before, notice)
        assert after is not None
        self._live[call] = after
        if first is None and not isinstance(notice.fact, facts.CallAnswered | facts.Released):
            return False
        self._count(self._counted.get(call), after)
        self._counted[call] = after
        if after.outcome is not None:
            del self._live[call], self._counted[call]
        return True

    def seed(self, calls: Iterable[PastCall]) -> None:
        """Count the calls of earlier runs that are on record, those of today and of the last hour; again when more
        of them are: each counts once, as it stands then."""
        for past in calls:
            after = _figures(past)
            self._count(self._seeded.get(past.call), after)
            self._seeded[past.call] = after

    def _count(self, before: CallFigures | None, after: CallFigures) -> None:
        day = self._days.get(after.offered_at.date())
        if day is not None:
            if before is not None:
                day.add(before, -1)
            day.add(after)
            self._line_rates.moved(after.line)
        self._hour.put(after, self._now.timestamp())

    def _just_before(self, now: datetime) -> bool:
        midnight = datetime.combine(self.today, time(), tzinfo=now.tzinfo)
        return midnight.timestamp() - now.timestamp() <= AHEAD

    def alerts(self) -> list[Alert]:
        """What is to be told of the answer rate since this was last asked (JH-21)."""
        day, hour = self._alarms
        judged = day.judge(self._days[self.today].outcomes), hour.judge(self._hour.outcomes)
        return [alert for alert in judged if alert is not None]

    def line_alerts(self) -> list[tuple[str, Alert]]:
        """The same of each line's answer rate of today, with the line's id."""
        return self._line_rates.judge(self._days[self.today].lines)

    def fields(self) -> dict[str, Any]:
        """What the topic `kpi` holds. Rates are fractions from 0 to 1, in four decimals, and never
        rounded to 0, to 1 or to the goal."""
        day, hours = self._days[self.today].outcomes, self._days[self.today].hours
        return {
            "date": self.today.isoformat(),
            **self._outcomes(day),
            "within_rings_rate": day.within_rings_rate.rounded(),
            "customer_first_rate": day.customer_first_rate.rounded(),
            "released_by": day.released_by(),
            "last_hour": self._outcomes(self._hour.outcomes),
            "by_hour": [
                {"hour": f"{hour:02}", **self._outcomes(hours[hour])}
                for hour in sorted(hours)
                if hours[hour].offered
            ],
            "answer_rate_goal": self.goal.rate,
        }

    def _outcomes(self, outcomes: Outcomes) -> dict[str, Any]:
        return {
            "offered": outcomes.offered,
            "answered": outcomes.answered,
            "abandoned": outcomes.abandoned,
            "failed": outcomes.failed,
            "answer_rate": outcomes.answer_rate.rounded(goal=self.goal.rate),
        }


def _figures(past: PastCall) -> CallFigures:
    return CallFigures(
        call=past.call,
        line=past.line,
        agent=past.agent,
        offered_at=past.offered_at,
        rings=past.rings,
        direction=past.direction,
        answered_at=past.answered_at,
        ended_at=past.ended_at,
        outcome=past.outcome,
        released_by=past.released_by,
    )
