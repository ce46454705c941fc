"""How often a password may be tried. Pure."""

import math
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

FREE: Final = 5
"""Wrong passwords in a row from one address before it is locked out."""
FIRST_LOCK: Final = 30.0
LONGEST_LOCK: Final = 900.0
"""Seconds for which it is: doubled by each wrong password from then on."""
FORGOTTEN: Final = 3600.0
"""Seconds after its last wrong password that an address begins anew."""
ALL_FREE: Final = 60
ALL_WITHIN: Final = 300.0
"""Wrong passwords from all addresses together within so many seconds, before nobody may try until they are fewer:
who guesses from a thousand addresses gets 17 280 a day. Those who are logged in are not concerned."""
SOURCES: Final = 4096
"""Addresses that are remembered; the one heard of least recently makes room."""


@dataclass(slots=True)
class _Source:
    wrong: int = 0
    last: float = 0.0
    locked_until: float = 0.0


class LockOut:
    """Counts each attempt as a wrong one before it is looked at, so that many at once gain nothing."""

    def __init__(
        self, time: Callable[[], float], *, longest: float = LONGEST_LOCK, all_free: int | None = ALL_FREE
    ) -> None:
        """`time` is a monotonic clock in seconds; `longest`: seconds of the longest lock; `all_free`: wrong
        passwords from all addresses together, None: they are not counted."""
        self._time = time
        self._longest = longest
        self._sources: OrderedDict[str, _Source] = OrderedDict()
        self._all: deque[float] = deque(maxlen=all_free or 0)

    def locked(self, source: str) -> int:
        """Whole seconds until somebody at this address may try; 0: now."""
        now = self._time()
        known = self._sources.get(source)
        until = known.locked_until if known is not None else now
        if self._all and len(self._all) == self._all.maxlen:
            until = max(until, self._all[0] + ALL_WITHIN)
        return max(0, math.ceil(until - now))

    def attempt(self, source: str) -> None:
        """Somebody at this address tries a password."""
        now = self._time()
        known = self._sources.setdefault(source, _Source())
        self._sources.move_to_end(source)
        if now - known.last > FORGOTTEN:
            known.wrong = 0
        known.wrong, known.last = known.wrong + 1, now
        if known.wrong >= FREE:
            lock = min(FIRST_LOCK * 2.0 ** min(known.wrong - FREE, 10), self._longest)
            known.locked_until = now + lock
        self._all.append(now)
        while len(self._sources) > SOURCES:
            self._sources.popitem(last=False)

    def right(self, source: str) -> None:
        """The password that was tried last from there was right: that attempt is taken back. Those before are
        not, or whoever knows one password could try another one without end."""
        known = self._sources.get(source)
        if known is not None:
            known.wrong -= 1
            known.locked_until = 0.0  # nobody is let try while it is locked
            if known.wrong <= 0:
                del self._sources[source]
        if self._all:
            self._all.pop()
