"""How many connections over TCP a line begins by itself.

Where a request of ours goes within a call is the far end's choice: the Contact of each offer names host, port
and transport, and an offer that is left to us is followed by a request there at once. So whoever has one call up
could have the line connect wherever he likes, five times a second, until pjsip has no socket left (connections.py)
and takes no connection of the PBX's.
"""

from typing import Final

from drivers.sip.socket_filter import dialled
from drivers.sip.token_bucket import TokenBucket

MOST: Final = 4
"""Connections at a time: a PBX needs one, and agents' telephones are behind it or take UDP. With those that have
just ended they have the six places that connections.py leaves."""
RATE: Final = 4.0
"""New ones a second, and at once."""


class Outgoing:
    """Asked before each request that goes over TCP."""

    def __init__(self, port: int, now: float) -> None:
        """`port` is that of the line, to which others connect."""
        self._port = port
        self._new = TokenBucket(RATE, RATE, now)

    def admits(self, place: tuple[str, int], now: float) -> bool:
        """Whether a request may go there: there is a connection, or one more may begin."""
        connected = dialled(self._port)
        return place in connected or (len(connected) < MOST and self._new.take(now))
