"""A call that we have placed, answered or not; once answered it is a leg like any other. Owner thread only."""

from collections.abc import Callable
from typing import Final

from drivers.hearing.ears import Ears
from drivers.line import DialFailed, DialFailure, FarEndRinging, LegEvent
from drivers.sip.ending import dial_failure
from drivers.sip.leg import UNAVAILABLE, Leg
from drivers.sip.media import LegAudio
from drivers.sip.playout import Playout
from drivers.sip.signals import CallPhase, MediaChanged, PhaseChanged, Pressed, Trying
from drivers.sip.sip_call import SipCall

FIRST_ANSWER: Final = 4.0
"""Seconds in which somebody must answer anything at all to our INVITE, sent at 0, 0.5, 1.5 and 3.5 s (timer A of
RFC 3261): a telephone that is unplugged must not keep a customer waiting for the 32 s of timer B."""
_RINGS: Final = frozenset({180, 183})
"""Ringing and session progress; 181 and 182 tell that nobody is rung yet."""


class DialledLeg(Leg):
    """From the INVITE to LegReleased or LegFailed."""

    def __init__(
        self,
        call: SipCall,
        playout: Playout,
        audio: LegAudio,
        ears: Ears,
        report: Callable[[LegEvent], None],
        now: float,
    ) -> None:
        super().__init__(call, playout, audio, ears, report)
        self._answer_by: float | None = now + FIRST_ANSWER
        self._rang = False

    def signal(self, signal: PhaseChanged | Trying | MediaChanged | Pressed, now: float) -> None:
        """Take what a callback has noted."""
        match signal:
            case Trying():
                self._answer_by = None
            case PhaseChanged(phase=CallPhase.RINGING, code=code) if code in _RINGS:
                self._ring()
        super().signal(signal, now)

    def tick(self, now: float, *, listen: bool) -> None:
        """As of any leg; give up a call that nobody answers, or that has to end."""
        if self._answer_by is not None and now >= self._answer_by:
            self._answer_by = None
            if self._unreached:
                self._fail(DialFailure.UNREACHABLE, f"no answer at all within {FIRST_ANSWER:g} s")
                self._call.end(UNAVAILABLE)
        super().tick(now, listen=listen)
        if self.over and not self._answered and not self.disconnected:
            self._call.abandon()

    @property
    def _unreached(self) -> bool:
        """Whether an answer is still waited for."""
        return not (self._answered or self.over or self._release_by is not None)

    def _ring(self) -> None:
        if self._unreached and not self._rang:
            self._rang = True
            self._report(FarEndRinging(self.name))

    def _disconnect(self, signal: PhaseChanged) -> None:
        if self._unreached:
            self._fail(*dial_failure(signal.code, signal.reason, received=signal.received))
        super()._disconnect(signal)

    def _fail(self, why: DialFailure, detail: str) -> None:
        self._report(DialFailed(self.name, why, detail))
        self._end(None)
