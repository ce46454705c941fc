"""Who is shut out for a while, and for what. Pure: `now` comes in, in seconds of any clock."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from drivers.sip.token_bucket import TokenBuckets

STRIKES: Final = 20.0
"""Points against an address at which it is banned; a minute without any makes up for all of them."""
FORGIVEN: Final = STRIKES / 60.0
MOST: Final = 1024
"""Addresses remembered, of either kind: a network of ever new addresses must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Ban:
    """An address that has just been banned; `why` in words."""

    host: str
    seconds: float
    why: str


class Bans:
    """Points against addresses, and those that had too many."""

    def __init__(self, seconds: float) -> None:
        """`seconds` a ban lasts; 0: nobody is ever banned."""
        self._seconds = seconds
        self._points = TokenBuckets(FORGIVEN, STRIKES, MOST)
        self._until: OrderedDict[str, float] = OrderedDict()
        """In the order in which they end: all last equally long."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Who is banned, or was until the next expire()."""
        return tuple(self._until)

    def banned(self, host: str, now: float) -> bool:
        """Whether this address is shut out now."""
        return self._until.get(host, now) > now

    def strike(self, host: str, points: float, why: str, now: float) -> Ban | None:
        """Hold something against an address; the ban, where that was the last drop."""
        if not self._seconds or self.banned(host, now) or self._points.take(host, now, points):
            return None
        self._until.pop(host, None)
        self._until[host] = now + self._seconds
        if len(self._until) > MOST:
            self._until.popitem(last=False)
        return Ban(host, self._seconds, why)

    def expire(self, now: float) -> list[str]:
        """Forget those whose time is over; tells them."""
        over = []
        while self._until and next(iter(self._until.values())) <= now:
            over.append(self._until.popitem(last=False)[0])
        return over
