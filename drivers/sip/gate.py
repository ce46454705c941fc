"""How many calls may begin: a bucket of tokens. Pure: `now` comes in.

Every INVITE costs pjsip two media sockets, which it frees half a second after the call has gone, and it aborts the
process when it is to open more than 64. A stranger must not be able to bring it there.
"""

from typing import Final

from drivers.sip.token_bucket import TokenBucket

BURST: Final = 15
RATE: Final = 20.0
"""INVITEs at once, and a second. In any half second no more than 25 can begin: 50 sockets, and 8 of calls that are
up. A worker of four legs never needs a tenth of it."""


class InviteGate:
    """Counts INVITEs."""

    def __init__(self, now: float) -> None:
        self._bucket = TokenBucket(RATE, BURST, now)

    def admits(self, now: float) -> bool:
        """Whether one more call may begin now."""
        return self._bucket.take(now)
