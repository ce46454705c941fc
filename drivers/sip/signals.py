"""What pjsua2's callbacks tell the worker: noted inside the callback, acted on after it has returned.

A callback that did more could destroy the object it was called on, or let an exception cross into C++.
"""

from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drivers.sip.sip_call import SipCall


class CallPhase(Enum):
    """As far as the line cares: pjsip's invite-session states."""

    RINGING = auto()
    """Up to and with the 200, before the ACK."""
    CONFIRMED = auto()
    """The ACK has come, or has been sent (RFC 3261 §13.3.1.4)."""
    DISCONNECTED = auto()


@dataclass(frozen=True, slots=True)
class Offered:
    """An INVITE from a host that may call; 180 has been sent."""

    call: "SipCall"
    invite: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An INVITE from a host that the line has called, but that may not call it; 403 has been sent. Carries the
    call only to keep it until it may be dropped."""

    call: "SipCall"


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    """The call is in another phase; `code` is the SIP status that ended it, or the last one of those before.
    `received`: whether it came from the far end, with `reason` in its words; else pjsip gave it."""

    leg: str
    phase: CallPhase
    code: int
    reason: str = ""
    received: bool = False


@dataclass(frozen=True, slots=True)
class Trying:
    """The first answer to an INVITE of ours, of whatever kind: somebody is there."""

    leg: str


@dataclass(frozen=True, slots=True)
class MediaChanged:
    """The call's audio was made anew: at first, or after a re-INVITE or UPDATE."""

    leg: str
    held: bool
    """Whether the far end will not receive what we send: hold, or silence from its first offer on."""
    in_band: bool = False
    """Whether its keys can only be heard: audio comes, and it has agreed to no telephone events."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key, by RFC 4733 or by INFO."""

    leg: str
    digit: str


@dataclass(frozen=True, slots=True)
class Sought:
    """pjsip has something to send to a host whose address it does not know."""

    host: str


@dataclass(frozen=True, slots=True)
class Registration:
    """The registrar's answer: SIP status, 0 where there was none. `active`: we are registered now."""

    code: int
    reason: str
    active: bool
    source: str = ""
    """The host that answered; empty: none did."""


@dataclass(frozen=True, slots=True)
class OptionsAnswered:
    """The final answer to our OPTIONS; `status` 0: there was none."""

    number: int
    status: int
    reason: str


Signal = (
    Offered | Refused | PhaseChanged | Trying | MediaChanged | Pressed | Sought | Registration | OptionsAnswered
)
Inbox = deque[Signal]
