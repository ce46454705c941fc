"""Commands a line obeys. An order returns nothing: its outcome comes back as a fact.

A command for a leg that has gone is dropped without complaint: the fact that says so is on its way.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LineCommand:
    """Any order to a line, for one leg."""

    leg: str


@dataclass(frozen=True, slots=True)
class Answer(LineCommand):
    """Go off-hook in the present ring gap. Ends in Answered, FarEndHungUp or LegFailed."""


@dataclass(frozen=True, slots=True)
class Play(LineCommand):
    """Play recordings back to back as one prompt: PlayStarted, then PlayFinished with the same `play`.

    Recordings are paths of 8000 Hz mono 16-bit WAV files. A Play while another runs cuts that one first.
    """

    play: int
    recordings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StopPlaying(LineCommand):
    """Cut the running Play at once, if any: PlayFinished with complete False."""


@dataclass(frozen=True, slots=True)
class Dial(LineCommand):
    """Call `address` on a new leg whose name the gateway has chosen (`out-…`; a line's own legs have other names).

    `address` is a telephone number, digits alone, or on SIP a sip: address too; `shown` is the number or name that
    the called telephone shows, where the line can tell it one. FarEndRinging may follow; then Answered, or
    DialFailed and LegReleased. Release before the answer ends it at once (CANCEL), GiveUp once it is sure that
    nobody has picked up. A line that cannot dial, or has no leg left, reports DialFailed and LegReleased at once.
    """

    address: str
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class Join(LineCommand):
    """Join the leg with another one, be it of this line or of any other, through a pair of Unix datagram sockets
    (`drivers.bridge`): what the far end says, mixed with the Play that it hears, goes to `peer`; what arrives at
    `socket` is said to the far end, mixed with a Play that runs. The other leg is joined with the two swapped.

    Ends with Part or the leg. Another Join ends the one before. Nothing is reported: a peer that does not come is
    heard as silence. Ears and recordings go on.
    """

    socket: str
    peer: str


@dataclass(frozen=True, slots=True)
class Part(LineCommand):
    """End the Join at once, if any."""


@dataclass(frozen=True, slots=True)
class Record(LineCommand):
    """Record what the far end says to a WAV file (8000 Hz 16-bit) until StopRecording of the same path or the
    leg's end: mono, or with `both` in stereo, left the far end, right what is said to it (prompts, a joined leg).

    Several files may run at once, each on the call's own time from its own beginning: what could not be heard is
    silence, and what is ordered before Answered begins with it. Missing folders are made. A Record of a path that
    runs is dropped; one of a path that has ended begins the file anew, and what it held is gone. A disk that
    refuses a file is told in the log, once, and costs neither the other files nor the call.
    """

    path: str
    both: bool = False


@dataclass(frozen=True, slots=True)
class StopRecording(LineCommand):
    """End the file at `path`, as spelled in its Record, at once; dropped without complaint if none runs there. The
    file is complete and readable before the outcome of any later order for the leg is reported."""

    path: str


@dataclass(frozen=True, slots=True)
class Release(LineCommand):
    """Put the leg on-hook (BYE; CANCEL-like refusal with 480 before it was answered). Ends in LegReleased."""


@dataclass(frozen=True, slots=True)
class GiveUp(Release):
    """End a leg that was dialled, as soon as it is sure that nobody has picked it up: LegReleased, perhaps after
    DialFailed. Ends in Answered where somebody has; the leg then goes on as if this had not been ordered.

    Where the line is told of an answer (SIP) it is a Release. Where it must hear it (FXO) it waits for the next
    burst of ringback, or for what else tells how the call got on.
    """
