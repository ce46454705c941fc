"""What a modem reports by itself, sorted: rings and caller IDs make calls, the rest belongs to the call.

Two callers are never made one. Where a burst was due and nothing is known of it, neither by a report nor by the
modem's own count, the next burst begins another call: a customer who gets another's number is worse than one whose
call is told as two.
"""

import asyncio

from drivers.fxo.call import Call
from drivers.fxo.caller_id import CallerIdCollector
from drivers.fxo.ring_detector import RingDetector
from drivers.line import CallerId, Presentation

BEFORE_RING = 6.0
"""Seconds a caller ID that came before any ring (UK, and DTMF caller ID) waits for it."""


class IncomingWatch:
    """The modem's Sink. `call` is set by the line while a call lives; `ringing` wakes it for a new one."""

    def __init__(self) -> None:
        self.rings = RingDetector()
        self.ringing = asyncio.Event()
        self.call: Call | None = None
        self._collector = CallerIdCollector()
        self._early: tuple[float, CallerId] | None = None
        self._settle: asyncio.TimerHandle | None = None
        self._ignored = False
        self._another = False
        self._dialling = False
        self._identified_at = 0
        """Ring after which the call's caller ID came."""
        self._loop = asyncio.get_running_loop()

    def ring_received(self) -> None:
        """A burst: of the call that rings, of a waiting call (ignored), or the first of a new call."""
        if self.call is not None and self.call.off_hook:
            self.call.rang_while_off_hook()
            return
        number = self.rings.report(self._loop.time())
        if number is None:
            return
        if self.rings.after_silence and (self._ignored or (self.call is not None and not self.call.seizing)):
            self.rings.begin_anew()
            number = 1
        if number == 1:
            self._ignored = False
        if self.call is not None and number == 1 and not self.call.seizing:
            self._next_caller()
        elif self.call is not None:
            self.call.rang(number)
        elif not self._ignored:
            self.ringing.set()

    def line_received(self, line: str) -> bool:
        """Keep what belongs to a caller ID."""
        if not self._collector.feed(line, self._loop.time()):
            return False
        if self._settle is not None:
            self._settle.cancel()
        due = self._collector.due
        self._settle = None if due is None else self._loop.call_at(due, self._settled)
        self.rings.identity_due = due or 0.0
        caller_id = self._collector.number_so_far()
        if caller_id is not None:
            self._compare(caller_id)
        return True

    def event_received(self, code: str) -> None:
        """An event code, for the call if there is one."""
        if self.call is not None:
            self.call.event_received(code)

    def audio_received(self, audio: bytes) -> None:
        """Audio, for the call if there is one."""
        if self.call is not None:
            self.call.audio_received(audio)

    def _next_caller(self) -> None:
        """The call that rang has been given up; the line wakes for the next one when it has ended."""
        if self.call is not None:
            self._another = True
            self.call.superseded()

    @property
    def still_ringing(self) -> bool:
        """Whether the ringing that woke the line may still go on."""
        return self.rings.number > 0 and self._loop.time() < self.rings.gone_at

    def begin(self, call: Call) -> None:
        """A new call for the ringing that woke the line: offered, with a caller ID that came before the ring."""
        self.call = call
        call.offer()
        early, self._early = self._early, None
        if early is not None and self._loop.time() - early[0] < BEFORE_RING:
            self._identified_at = self.rings.number
            call.identified(early[1])

    def begin_outgoing(self, call: Call) -> None:
        """A call that we dial: whoever rings meanwhile is another one, and wins while it is not off-hook."""
        self.call = call
        self._dialling = True

    def end(self) -> None:
        """The call is over. If it was never off-hook, the rest of its ringing is not another call."""
        self.call = None
        dialled, self._dialling = self._dialling, False
        if not self._another and not dialled:
            self._early = None
            self._collector.clear()
        if self._another:
            self._another = False
            self.ringing.set()
        elif self.rings.number and not dialled:
            self._ignored = True

    def close(self) -> None:
        """Let no timer run on."""
        if self._settle is not None:
            self._settle.cancel()

    def _settled(self) -> None:
        self._settle = None
        caller_id = self._collector.take()
        if caller_id is None:
            return
        self._compare(caller_id)
        call = self.call
        if call is None or self._another or (self._dialling and not call.off_hook):
            self._early = (self._loop.time(), caller_id)
            if call is not None and self._dialling:
                call.superseded()
        elif caller_id.number is not None or call.caller_id is None:
            self._identified_at = self.rings.number
            call.identified(caller_id)

    def _compare(self, caller_id: CallerId) -> None:
        """Another number is another caller, whose first burst was the last one; any that comes when a burst is
        overdue is the next caller's, whose first burst is still to come."""
        call = self.call
        if call is None or call.seizing or self._another or not self.rings.number:
            return
        if self._loop.time() > self.rings.next_burst_by:
            self.rings.reset()
            self._next_caller()
        elif self._is_another(call, caller_id):
            self.rings.begin_anew()
            self._next_caller()

    def _is_another(self, call: Call, caller_id: CallerId) -> bool:
        """Whether an ID that comes for a call which has one already is that of another caller."""
        known = call.caller_id
        if known is None:
            return False
        if known.number is not None and caller_id.number is not None:
            return known.number != caller_id.number
        if self.rings.number <= self._identified_at:
            return False  # the same burst's: a second set that lacks the number
        if known.number is not None:
            return True
        return known.presentation is Presentation.PRIVATE and caller_id.number is not None
