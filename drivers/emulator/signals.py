"""What a modem's line circuit notices."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RingEnded:
    """A ring burst has rung."""

    pattern: str = ""
    """The letter of a distinctive ring; empty: the usual one."""
    bursts: tuple[float, ...] = ()
    """Seconds of silence before and of bell for each burst of it, as +VDR reports them."""


@dataclass(frozen=True, slots=True)
class CallerIdSent:
    """The exchange has sent the caller ID."""

    number: str | None
    name: str | None
    presentation: str


@dataclass(frozen=True, slots=True)
class CallWaiting:
    """The exchange tells of a second caller in mid-call."""

    caller: CallerIdSent


@dataclass(frozen=True, slots=True)
class LoopDropped:
    """The exchange has opened the loop for a moment."""


@dataclass(frozen=True, slots=True)
class HandsetMoved:
    """The voltage of the line fell or rose: a telephone beside the modem was picked up, or put down."""

    lifted: bool


@dataclass(frozen=True, slots=True)
class ToneNoticed:
    """The tone has lasted long enough for a modem's own detector; `code` is how V.253 names it."""

    code: str


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """A DTMF key is on the line; None when it has ended."""

    digit: str | None


Signal = RingEnded | CallerIdSent | CallWaiting | LoopDropped | HandsetMoved | ToneNoticed | KeyPressed
