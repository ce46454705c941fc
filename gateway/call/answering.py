"""When to answer: counts rings, waits for the caller ID, never answers a line that stopped ringing (JH-1)."""

from drivers.line import CallerId
from gateway.call.plan import AnswerRule


class Answering:
    """The ringing part of a call. Each input tells whether the line must be answered now, in this gap."""

    def __init__(self, rule: AnswerRule) -> None:
        self._rule = rule
        self._last_ring: float | None = None
        self._identity_by: float | None = None
        """When a caller ID has come or will not."""
        self._wait_ends: float | None = None
        self.rings = 0
        self.caller_id: CallerId | None = None
        self.ordered = False

    @property
    def deadline(self) -> float | None:
        """When the wait for the caller ID is over; None while nothing is waited for."""
        return None if self.ordered else self._wait_ends

    def ring(self, number: int, now: float) -> bool:
        """Ring `number` was heard and its gap begins. True: answer."""
        self.rings = max(self.rings, number)
        self._last_ring = now
        if self._identity_by is None:
            # A number comes after the first ring; one that was missed has taken it along.
            self._identity_by = now + self._rule.caller_id_wait if number == 1 else now
        if self.rings < self._rule.on_ring:
            return False
        # One gap's wait is all a caller ID gets: the ring after it would be a ring too late.
        if self.caller_id is not None or self.rings > self._rule.on_ring or self._identity_by <= now:
            return self._order(now)
        self._wait_ends = self._identity_by
        return False

    def answered(self) -> None:
        """The line is off-hook, be it without an order: none is given any more."""
        self.ordered = True
        self._wait_ends = None

    def rang_on(self, number: int) -> bool:
        """Ring `number` was heard after the answer. True: it is one more."""
        more = number > self.rings
        self.rings = max(self.rings, number)
        return more

    def identify(self, caller_id: CallerId, now: float) -> bool:
        """The caller ID has come. True: answer."""
        self.caller_id = caller_id
        return self._wait_ends is not None and self._order(now)

    def expire(self, now: float) -> bool:
        """The wait for the caller ID is over. True: answer."""
        self._wait_ends = None
        return self._order(now)

    def _order(self, now: float) -> bool:
        still_ringing = self._last_ring is not None and now - self._last_ring <= self._rule.ring_gap_limit
        if self.ordered or not still_ringing:
            return False
        self.ordered = True
        self._wait_ends = None
        return True
