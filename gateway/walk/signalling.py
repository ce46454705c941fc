"""How a line tells of a call: when it rings, when it gives the number, how a customer's hanging up is known."""

from dataclasses import dataclass
from enum import StrEnum

from drivers.line import HangUpSign

RING_PERIOD = 5.0
"""Seconds: 1 s of ringing, 4 s of pause, as Chinese exchanges ring; the default of a SIP line's `ring_period`."""


class LineDriver(StrEnum):
    """The drivers of `[[lines]]`."""

    FXO = "fxo"
    SIP = "sip"


@dataclass(frozen=True, slots=True)
class Signalling:
    """One kind of line. All durations are seconds, and count from the moment it begins to ring."""

    driver: LineDriver
    kind: str
    """What people call it."""
    first_ring: float
    """When ring 1 is told."""
    ring_period: float
    caller_id_at: float
    off_hook: float
    """From the order to answer, or to release, until it is done."""
    hang_up: HangUpSign
    hang_up_told: float
    """From the customer's hanging up until it is known."""
    tells_hold: bool
    """Whether it is known that the customer puts us on hold."""

    @classmethod
    def fxo(cls) -> "Signalling":
        """An analogue line at the Chinese cadence: a ring is told when it is over, 1 s after it began. The number
        is sent in the first gap, 0.5 s after the ring at the earliest, and takes half a second; a relay takes
        0.1 s. Busy tone is a hang-up well into its fifth burst (docs/hearing.md)."""
        return cls(LineDriver.FXO, "analogue", 1.0, RING_PERIOD, 2.0, 0.1, HangUpSign.BUSY_TONE, 3.2, False)

    @classmethod
    def sip(cls, ring_period: float = RING_PERIOD) -> "Signalling":
        """A SIP line: the caller's number and ring 1 come with the offer, a further ring each `ring_period`; the
        way to the softphone's process and back takes a frame of 20 ms at most."""
        return cls(LineDriver.SIP, "SIP", 0.0, ring_period, 0.0, 0.02, HangUpSign.BYE, 0.0, True)


SIP = Signalling.sip()
"""The line of a walk that is given none: whoever tries a dialplan by telephone tries it on a softphone."""
