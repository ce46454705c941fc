"""What became of the last hour's calls. Pure: whoever has a clock tells the time."""

from heapq import heapify, heappop, heappush

from gateway.kpi.call import CallFigures
from gateway.kpi.outcomes import RING_LIMIT, Outcomes

HOUR = 3600.0
AHEAD = 60.0
"""Seconds by which a call may have been offered later than now: a clock that is kept right steps back by less. One
that steps back by more was set, and what it told before is no time of this hour."""


class LastHour:
    """The calls offered within the last hour, those that are up as far as they have come. Times are seconds since
    1970: they know no summer time."""

    def __init__(self, ring_limit: int = RING_LIMIT) -> None:
        self.outcomes = Outcomes(ring_limit)
        self._calls: dict[str, CallFigures] = {}
        self._order: list[tuple[float, str]] = []
        """A heap of the calls by when they were offered."""
        self._latest = float("-inf")

    def put(self, call: CallFigures, now: float) -> None:
        """Count a call, or count it anew as far as it has come now. One that was not offered in this hour is left
        out."""
        offered = call.offered_at.timestamp()
        before = self._calls.get(call.call)
        if before is not None:
            self.outcomes.add(before, -1)
        elif now - HOUR < offered <= now + AHEAD:
            heappush(self._order, (offered, call.call))
        else:
            return
        self._calls[call.call] = call
        self.outcomes.add(call)

    def turn_to(self, now: float) -> bool:
        """Forget the calls that are not of this hour any more; tells whether there were any."""
        before = len(self._order)
        while self._order and self._order[0][0] <= now - HOUR:
            self._forget(heappop(self._order)[1])
        if now < self._latest - AHEAD:
            later = [call for offered, call in self._order if offered > now + AHEAD]
            self._order = [entry for entry in self._order if entry[0] <= now + AHEAD]
            heapify(self._order)
            for call in later:
                self._forget(call)
        self._latest = now
        return len(self._order) != before

    def next_leaves(self, now: float) -> float:
        """In how many seconds the next call will be an hour old; for ever where there is none."""
        return max(0.0, self._order[0][0] + HOUR - now) if self._order else float("inf")

    def _forget(self, call: str) -> None:
        self.outcomes.add(self._calls.pop(call), -1)
