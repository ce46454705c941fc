"""Words every line uses: verdicts, tones, hang-up signs, fault codes, caller ID."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MEDIA_LOST_AFTER: Final = 1.0
"""Seconds without audio from the far end after which it is lost: jitter and a network's hiccups are shorter, and a
customer's silence takes as long to be told (1.0 to 1.3 s), so a call goes on at the same pace for either."""


class Verdict(StrEnum):
    """What the ears hold the far end's audio to be. Levels in dBFS, 20·log10(rms/32768).

    silent: no voice, below −50. noisy: at or above −45 and neither voice nor a call-progress tone, or voice
    less than 10 dB over the noise. faint: voice under −38. loud: voice over −10, or over 0.1 % of samples
    clipped. speech: any other voice.
    """

    SILENT = "silent"
    NOISY = "noisy"
    FAINT = "faint"
    LOUD = "loud"
    SPEECH = "speech"


VOICES = frozenset({Verdict.SPEECH, Verdict.FAINT, Verdict.LOUD})
"""The verdicts that hold somebody to talk."""


class Tone(StrEnum):
    """Call-progress tones, told by frequency purity and cadence together (GB/T 3380 figures for China)."""

    DIAL = "dial"
    BUSY = "busy"
    CONGESTION = "congestion"
    RINGBACK = "ringback"
    HOWLER = "howler"
    VACANT = "vacant"
    """No telephone has the dialled number."""


class HangUpSign(StrEnum):
    """How it was known that the far end has gone. Silence, noise and lost media are never among them."""

    BYE = "bye"
    CANCEL = "cancel"
    BUSY_TONE = "busy_tone"
    CONGESTION_TONE = "congestion_tone"
    DIAL_TONE = "dial_tone"
    LOOP_DROP = "loop_drop"
    RING_STOPPED = "ring_stopped"
    HOWLER = "howler"


class DialFailure(StrEnum):
    """Why a telephone that we dialled was not reached."""

    BUSY = "busy"
    """It is engaged: SIP 486 or 600; busy tone."""
    NO_ANSWER = "no_answer"
    """It rang and nobody came."""
    REFUSED = "refused"
    """It, or the PBX, will not have the call: 403, 603 and the like."""
    VACANT_NUMBER = "vacant_number"
    """No telephone has this number: 404, 410, 484, 604; vacant-number tone."""
    UNREACHABLE = "unreachable"
    """Nothing answers there: time-out, 408, 480."""
    CONGESTION = "congestion"
    """The network has no way for it now: other 5xx; congestion tone."""
    NO_LINE = "no_line"
    """This line cannot dial now: every leg is in use, no dial tone, out of service."""


class FaultCode(StrEnum):
    """Why a line is out of service or a leg was lost; one code for each cause a person can act on."""

    PORT_MISSING = "port_missing"
    """The tty or socket address does not exist."""
    PORT_BUSY = "port_busy"
    """Another program holds the tty or the UDP port."""
    PORT_DENIED = "port_denied"
    """No permission to open it."""
    PORT_LOST = "port_lost"
    """The device vanished while open (EIO, ENODEV, end of file)."""
    MODEM_SILENT = "modem_silent"
    """The modem does not answer AT, after every recovery step."""
    MODEM_UNFIT = "modem_unfit"
    """The modem answers, but cannot do voice."""
    ANSWER_FAILED = "answer_failed"
    """The line went on ringing after it was told to go off-hook."""
    WORKER_DIED = "worker_died"
    """The softphone's process ended or hung."""
    REGISTRATION_FAILED = "registration_failed"
    """The registrar refused or did not answer."""
    INTERNAL = "internal"
    """A fault of our own; the log has the details."""


class TroubleCode(StrEnum):
    """What is wrong with a line that is in service; no code is a FaultCode's."""

    NO_DIAL_TONE = "no_dial_tone"
    """The exchange gave no dial tone when the line was to dial: its cable, or the exchange."""
    MODEM_STUCK = "modem_stuck"
    """The modem has stopped answering AT and is being recovered."""
    NOT_ANSWERING = "not_answering"
    """A call rang on after the line was told to go off-hook."""
    UNKNOWN_SOURCE = "unknown_source"
    """Somebody who may not call has tried, and got no answer."""
    SOURCE_BANNED = "source_banned"
    """Somebody who may call is shut out for a while: wrong passwords, or far too many requests."""


class Presentation(StrEnum):
    """Whether the exchange gave the calling number."""

    ALLOWED = "allowed"
    PRIVATE = "private"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class CallerId:
    """The calling party as the exchange or the SIP peer named it."""

    number: str | None
    name: str | None = None
    presentation: Presentation = Presentation.ALLOWED
    qualified: bool = False
    """Whether more was said of whose number it is (`801;phone-context=…`, RFC 3966 §5.1.5): it is then nobody's
    extension, though it may be the same digits."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a line can do, as far as policy must know it."""

    max_legs: int = 1
    """Calls it can hold at the same time."""
    caller_id_first: bool = False
    """True where the caller ID comes with the offer (SIP); False where it may follow a ring (FXO)."""
    dials: bool = False
    """Whether it can be told to Dial."""
    joins: bool = True
    """Whether its legs can be told to Join: False on a half-duplex modem, which cannot carry a conversation."""
    hears_while_playing: bool = True
    """False on a half-duplex modem: no verdicts, digits or hang-up tones while a prompt plays."""
