"""How many connections over TCP a line begins by itself.

Where a request of ours goes within a call is the far end's choice: the Contact of each offer names host, port
and transport, and an offer that is left to us is followed by a request there at once. So whoever has one call up
could have the line connect wherever he likes, five times a second, until pjsip has no socket left (connections.py)
and takes no connection of the PBX's.
"""

import re
from collections import OrderedDict
from typing import Final

from drivers.sip.socket_filter import dialled
from drivers.sip.token_bucket import TokenBucket

MOST: Final = 4
"""Connections at a time to where the line has not turned by itself: a PBX needs one. With those that have just
ended they have the six places that connections.py leaves."""
RATE: Final = 4.0
"""New ones a second, and at once."""
_CHOSEN: Final = 256
"""Places that the line has turned to by itself, the last ones: as many as the doorkeeper's friends."""
_PLACE: Final = re.compile(r"sips?:(?:[^@>\s]*@)?([^@:;?>\s]+)(?::([0-9]{1,5}))?", re.IGNORECASE)
_PORT: Final = 5060
"""RFC 3261 §19.1.2."""


class Outgoing:
    """Asked before each request that goes over TCP."""

    def __init__(self, port: int, now: float) -> None:
        """`port` is that of the line, to which others connect."""
        self._port = port
        self._new = TokenBucket(RATE, RATE, now)
        self._chosen: OrderedDict[tuple[str, int], tuple[str, int] | None] = OrderedDict()
        """With where that is, once it is known."""

    def choose(self, target: str) -> None:
        """The line turns to this address by itself, an agent's telephone or the registrar: it is not limited."""
        match = _PLACE.match(target)
        if match is None:
            return
        place = (match[1].lower(), int(match[2] or _PORT))
        self._chosen.setdefault(place, None)
        self._chosen.move_to_end(place)
        if len(self._chosen) > _CHOSEN:
            self._chosen.popitem(last=False)

    def admits(self, host: str, place: tuple[str, int], now: float) -> bool:
        """Whether a request to `host` may go to `place`, where that is: it is the line's own choice, there is a
        connection, or one more may begin."""
        name = (host.lower(), place[1])
        if name in self._chosen:
            self._chosen[name] = place
            return True
        own = set(self._chosen.values())
        connected = [far_end for far_end in dialled(self._port) if far_end is None or far_end not in own]
        return place in connected or (len(connected) < MOST and self._new.take(now))
