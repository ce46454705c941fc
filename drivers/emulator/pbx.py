"""Joins lines: a modem that dials the number of another line rings it, and the two hear each other."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from drivers.emulator.audio import BUSY_TONE, RINGBACK_TONE, VACANT_TONE, Samples, ToneKind, silence
from drivers.emulator.callers import Caller

if TYPE_CHECKING:
    from drivers.emulator.call import Call
    from drivers.emulator.exchange import Exchange

ON_THE_WAY = 5
"""Frames between the two ends, 0.1 s as through a packet network. A line that is made up for by as many ticks in a
row (clockwork.AT_ONCE) neither runs out of the other's sound nor loses any."""


class End:
    """One end of two joined lines: takes the place of a caller's script."""

    def __init__(self) -> None:
        self.other: End | None = None
        self.key: str | None = None
        self.sent_key: str | None = None
        """The key this end's modem sends now."""
        self.hung_up = False
        """The other end has put down."""
        self._arriving: deque[Samples] = deque(ON_THE_WAY * [silence()], maxlen=2 * ON_THE_WAY)

    def tick(self, heard: Samples) -> Samples:
        """20 ms: this end's sound against the other's."""
        assert self.other is not None
        self.other._arriving.append(heard)
        self.key = self.other.sent_key
        return self._arriving.popleft() if self._arriving else silence()

    def leave(self) -> None:
        """This end puts down."""
        if self.other:
            self.other.hung_up = True


class Outgoing:
    """A call on its way from a line that dialled: what it hears until it is answered."""

    def __init__(self, end: End, call: Call | None, tone: ToneKind) -> None:
        self.end, self._call, self.tone = end, call, tone
        self.caller = Caller("dialled", number=None)
        self.reverses = False

    @property
    def answered(self) -> bool:
        """Whether the other line went off-hook."""
        return self._call is not None and self._call.answered_at is not None

    @property
    def refused(self) -> bool:
        """Whether nobody will answer any more: engaged, no such number, rung for too long."""
        return self._call is None or (self._call.report is not None and not self.answered)

    def give_up(self) -> None:
        """The dialling line put down."""
        self.end.leave()
        if self._call and not self.answered:
            self._call.leave()


class Pbx:
    """Lines by their numbers."""

    def __init__(self) -> None:
        self._lines: dict[str, Exchange] = {}

    def connect(self, number: str, exchange: Exchange) -> None:
        """Give a line its number."""
        self._lines[number] = exchange
        exchange.pbx = self

    def dial(self, caller: Exchange, digits: str) -> Outgoing:
        """A line has dialled: ring the other, or give the tone that says why not."""
        near, far = End(), End()
        near.other, far.other = far, near
        wanted = self._lines.get(digits)
        if wanted is None:
            return Outgoing(near, None, VACANT_TONE)
        if not wanted.free:
            return Outgoing(near, None, BUSY_TONE)
        number = next((number for number, line in self._lines.items() if line is caller), None)
        return Outgoing(near, wanted.call(Caller("another line", number=number), far), RINGBACK_TONE)
