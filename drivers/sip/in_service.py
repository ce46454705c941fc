"""Whether the softphone takes a new call, or says 503 and whoever sends it tries elsewhere. Pure: `now` comes in.

The answer to OPTIONS is the same: a dispatcher that asks takes the line out before it loses a call to it.
"""

from typing import Final

SILENCE: Final = 4.0
"""Seconds without a word from the gateway, which pings every second, after which it counts as held up: a call that
it does not answer is better answered elsewhere."""
HELD_UP: Final = 2.0
"""Seconds between two turns after which what waits in the socket is late: its sender has gone elsewhere by then
(Kamailio's `fr_timer` in deploy/kamailio), and a call that nobody waits for would ring and fail."""
CATCH_UP: Final = 0.3
"""Seconds in which what waited in the socket has been read."""


class InService:
    """Told of every turn, and of every word from the gateway."""

    def __init__(self, now: float) -> None:
        self._heard: float | None = None
        """None: no gateway has said anything; a softphone may serve without one (drivers.sip.telephone)."""
        self._turned = now
        self._late_until = now
        self._ending = False

    def hear(self, now: float) -> None:
        """The gateway has said something."""
        self._heard = now

    def turn(self, now: float) -> None:
        """The softphone is about to read what has come."""
        if now - self._turned > HELD_UP:
            # The gateway's pings have waited as long as everything else, if it was not held up itself.
            self._heard = None if self._heard is None else now
            self._late_until = now + CATCH_UP
        self._turned = now

    def end(self) -> None:
        """No new call from now on; those that are up go on."""
        self._ending = True

    def takes(self, now: float) -> bool:
        """Whether a new call may come."""
        in_time = self._late_until <= now <= self._turned + HELD_UP
        return in_time and not self._ending and (self._heard is None or now - self._heard <= SILENCE)
