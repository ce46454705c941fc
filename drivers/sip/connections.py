"""How many connections over TCP a line has, and whether it takes more. Pure: `now` comes in, in seconds of any
clock.

pjsip serves 64 sockets, keeps the place of one that was closed for half a second, and aborts the process with
every call in it when it is to open one more (PJ_IOQUEUE_MAX_HANDLES, 2.15.1). Whoever is in `allow` could bring
it there.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from drivers.sip.token_bucket import TokenBucket

MOST: Final = 32
"""Connections at a time. If all end at once, BURST, half a second's RATE and the kernel's queue of 6 come on top:
some 56 places of 62."""
OF_ONE_HOST: Final = 16
"""Of them from one host: a PBX needs one."""
RESERVED: Final = 8
"""Of them for hosts that `allow` names by themselves: telephones of a network must not keep the PBX away."""
BURST: Final = 8
RATE: Final = 8.0
"""Connections at once, and a second."""


class Connections:
    """Told of each connection, and now and then of all there are."""

    def __init__(self, now: float, is_named: Callable[[str], bool]) -> None:
        """`is_named`: whether `allow` names this host by itself."""
        self._is_named = is_named
        self._new = TokenBucket(RATE, BURST, now)
        self._from: Counter[str] = Counter()
        self._too_fast = False

    def accepted(self, peers: Iterable[str], now: float) -> None:
        """One more has come; `peers`: the far end's address of each that there is."""
        self._too_fast = not self._new.take(now) or self._new.peek(now) < 1.0
        self.counted(peers)

    def counted(self, peers: Iterable[str]) -> None:
        """So they are now."""
        self._from = Counter(peers)

    def turn(self, now: float) -> None:
        """Time goes on."""
        self._too_fast = self._too_fast and self._new.peek(now) < BURST

    @property
    def full(self) -> bool:
        """Whether no more can be taken now, from whomever."""
        return self._too_fast or self._from.total() >= MOST

    @property
    def only_named(self) -> bool:
        """Whether what is left is for those whom `allow` names by themselves."""
        others = sum(number for host, number in self._from.items() if not self._is_named(host))
        return others >= MOST - RESERVED

    @property
    def crowding(self) -> tuple[str, ...]:
        """Hosts that have as many as one may."""
        return tuple(sorted(host for host, number in self._from.items() if number >= OF_ONE_HOST))
