"""What the event codes of a voice modem mean (<DLE> and one character): one table for the standard, one for each
family that differs. A code that is in no table is logged by nobody and believed by nobody."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType


class ModemEvent(Enum):
    """What a family says by a code. None is proof by itself: see drivers.fxo.supervision."""

    BUSY = "busy tone"
    CONGESTION = "congestion tone (reorder)"
    DIAL = "dial tone"
    STUTTER_DIAL = "stuttering dial tone: a message waits in the exchange's mailbox"
    RINGBACK = "ringback tone"
    SPECIAL_INFORMATION = "special information tone"
    LOOP_BREAK = "loop current interrupted, or the line reversed: the exchange cleared, where it signals that"
    POLARITY = "the line reversed: at answering or at clearing, as the exchange has it"
    LOOP_OR_PHONE_DOWN = "loop current broke, or the local telephone was put down: the maker says both"
    LOOP_OR_PHONE_UP = "loop current detected, or the local telephone was lifted: the maker says both"
    PHONE_UP = "the local telephone was lifted"
    PHONE_DOWN = "the local telephone was put down"
    EXTENSION_UP = "the line's voltage dropped: another telephone on this line was lifted"
    EXTENSION_DOWN = "the line's voltage rose again: that telephone was put down"
    SILENCE = "silence after a voice: presumed hang-up"
    QUIET = "quiet: presumed end of a message"
    CALL_WAITING = "another call is waiting"
    FAX = "a fax is calling or answering"
    DATA = "a data modem is calling or answering"
    STARVED = "nothing left to play"
    OVERRUN = "received audio was lost: the host did not read in time"


EventTable = Mapping[str, ModemEvent]
"""Character after <DLE> → what the family means by it. Digits, `/`, `~`, `R` and ETX mean the same everywhere."""

STANDARD: EventTable = MappingProxyType(
    {
        "b": ModemEvent.BUSY,
        "K": ModemEvent.CONGESTION,
        "d": ModemEvent.DIAL,
        "i": ModemEvent.STUTTER_DIAL,
        "r": ModemEvent.RINGBACK,
        "J": ModemEvent.SPECIAL_INFORMATION,
        "l": ModemEvent.LOOP_BREAK,
        "L": ModemEvent.POLARITY,
        "h": ModemEvent.PHONE_DOWN,
        "H": ModemEvent.PHONE_UP,
        "t": ModemEvent.PHONE_UP,
        "P": ModemEvent.EXTENSION_UP,
        "p": ModemEvent.EXTENSION_DOWN,
        "s": ModemEvent.SILENCE,
        "q": ModemEvent.QUIET,
        "w": ModemEvent.CALL_WAITING,
        "c": ModemEvent.FAX,
        "m": ModemEvent.FAX,
        "a": ModemEvent.DATA,
        "e": ModemEvent.DATA,
        "f": ModemEvent.DATA,
        "u": ModemEvent.STARVED,
        "o": ModemEvent.OVERRUN,
    }
)
"""V.253 and TIA IS-101 as the standard's drivers read them (mgetty's V253modem and IS_101)."""


def differing(changed: Mapping[str, ModemEvent], without: str = "") -> EventTable:
    """The standard's table with what a family changes, less the codes its manual lacks."""
    return MappingProxyType({c: e for c, e in {**STANDARD, **changed}.items() if c not in without})
