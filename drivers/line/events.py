"""Facts a line reports. Frozen, so that they can be logged, replayed and sent between processes.

A leg's facts come in this order: CallOffered, then RingBurst and CallerIdReceived in any mixture, then one of
FarEndHungUp, HandsetLifted and Answered; after Answered anything below; last of all exactly one of LegReleased
(the line is free again) or LegFailed (the leg was lost with its line). Nothing follows the last one.
A leg that we dial begins with FarEndRinging, if it is heard to ring, then Answered or DialFailed; the rest is the
same.
"""

from dataclasses import dataclass, field

from drivers.line.vocabulary import CallerId, DialFailure, FaultCode, HangUpSign, TroubleCode, Verdict


@dataclass(frozen=True, slots=True)
class LineEvent:
    """Any fact a line reports."""


@dataclass(frozen=True, slots=True)
class LegEvent(LineEvent):
    """A fact about one leg; `leg` is unique within the line for as long as the process lives.

    `seen` is when it happened by the machine's monotonic clock, in seconds, which is the same for every process:
    it may be told later, to a gateway that was held up. None: when it is told.
    """

    leg: str
    seen: float | None = field(default=None, kw_only=True, compare=False)


@dataclass(frozen=True, slots=True)
class CallOffered(LegEvent):
    """A new inbound call; its first RingBurst and, on SIP, its CallerIdReceived follow at once."""

    called_number: str | None = None


@dataclass(frozen=True, slots=True)
class RingBurst(LegEvent):
    """Ring `number` (from 1) was heard; the gap after it begins now. After Answered: the line rings on and is
    answered anew; call waiting is never reported."""

    number: int


@dataclass(frozen=True, slots=True)
class CallerIdReceived(LegEvent):
    """The caller ID is there, be it a number, private or unavailable."""

    caller_id: CallerId


@dataclass(frozen=True, slots=True)
class FarEndRinging(LegEvent):
    """The telephone that we dialled rings (SIP 180 or 183; the ringback tone on FXO). Reported once."""


@dataclass(frozen=True, slots=True)
class DialFailed(LegEvent):
    """The telephone that we dialled was not reached, and why; `detail` in words for the log. LegReleased
    follows."""

    why: DialFailure
    detail: str


@dataclass(frozen=True, slots=True)
class Answered(LegEvent):
    """The leg is off-hook and audio can flow; for a leg that we dialled, the called telephone was picked up. Comes
    without an order where a line has picked up a call by going off-hook to dial."""


@dataclass(frozen=True, slots=True)
class PlayStarted(LegEvent):
    """The first sample of Play number `play` is on the line."""

    play: int


@dataclass(frozen=True, slots=True)
class PlayFinished(LegEvent):
    """Play number `play` has ended on the line: its last sample was heard, or it was cut (`complete` False)."""

    play: int
    complete: bool


@dataclass(frozen=True, slots=True)
class VerdictReached(LegEvent):
    """The ears' verdict changed. `level_dbfs` of the active signal; `snr_db` is None where there is no voice."""

    verdict: Verdict
    level_dbfs: float
    snr_db: float | None


@dataclass(frozen=True, slots=True)
class DigitReceived(LegEvent):
    """One key press: one of 0-9 * # A-D."""

    digit: str


@dataclass(frozen=True, slots=True)
class FarEndHeld(LegEvent):
    """The far end has put the leg on hold: it hears nothing of ours and sends nothing. A running Play pauses where
    it is; no verdict, digit or tone is reported until FarEndResumed."""


@dataclass(frozen=True, slots=True)
class FarEndResumed(LegEvent):
    """The hold is over; a paused Play goes on."""


@dataclass(frozen=True, slots=True)
class MediaLost(LegEvent):
    """No audio has come from the far end for MEDIA_LOST_AFTER, although it has not put us on hold or hung up.

    Reported only where audio had come on this leg before: a SIP far end that never sends a packet is heard as
    silence. Until MediaRestored nothing is heard: the last verdict stands, and no verdict or tone is reported.
    Recordings go on with silence; a running Play goes on, but for a line that has no other clock than the far
    end's audio (FXO): there it may stand still.
    """


@dataclass(frozen=True, slots=True)
class MediaRestored(LegEvent):
    """Audio comes again after MediaLost. The verdict that stood still stands: only another one is reported."""


@dataclass(frozen=True, slots=True)
class FarEndHungUp(LegEvent):
    """The customer has gone, and by which sign it is known. LegReleased follows by itself for BYE, CANCEL and
    RING_STOPPED; for the others the leg stays off-hook until Release."""

    sign: HangUpSign


@dataclass(frozen=True, slots=True)
class HandsetLifted(LegEvent):
    """Somebody has picked up a telephone parallel to the line: the call is in human hands. While it rings it has
    been answered there; in mid-call the line must yield. The leg stays as it is until Release, which does not cut
    the customer: the parallel telephone holds his line. Reported once, and by no line but FXO."""


@dataclass(frozen=True, slots=True)
class LegFailed(LegEvent):
    """The leg was lost with its line or could not be answered; it is gone."""

    code: FaultCode
    detail: str


@dataclass(frozen=True, slots=True)
class LegReleased(LegEvent):
    """The leg is on-hook."""


@dataclass(frozen=True, slots=True)
class LineFault(LineEvent):
    """The line is out of service; it is retried by itself. Legs it held are reported with LegFailed first."""

    code: FaultCode
    detail: str


@dataclass(frozen=True, slots=True)
class LineRestored(LineEvent):
    """The line is in service, at first or again."""


@dataclass(frozen=True, slots=True)
class LineTrouble(LineEvent):
    """Something is wrong with the line though it is, and stays, in service. Told once, until LineTroubleOver with
    the same code; `detail` in words for people, with the cure."""

    code: TroubleCode
    detail: str


@dataclass(frozen=True, slots=True)
class LineTroubleOver(LineEvent):
    """The trouble with this code is over, as `detail` tells; one that ended in a LineFault ends before it."""

    code: TroubleCode
    detail: str


LineNews = LineFault | LineRestored | LineTrouble | LineTroubleOver
"""What is told of a line itself, not of a leg."""
