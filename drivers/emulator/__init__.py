"""A voice modem with personalities on a pseudo-terminal, an exchange behind it, and callers."""

from drivers.emulator.call import Call, CallReport
from drivers.emulator.called import Called, Directory
from drivers.emulator.callers import Background, Caller, HangUp, HearPrompts, Press, Say, Sound, Wait
from drivers.emulator.clearing import Clearing
from drivers.emulator.exchange import Exchange
from drivers.emulator.faults import Faults
from drivers.emulator.line_state import LineEngagedError, LineState
from drivers.emulator.modem import EmulatedModem
from drivers.emulator.pbx import Pbx
from drivers.emulator.personalities import FIRMWARES, PERSONALITIES
from drivers.emulator.ringing import CADENCES

__all__ = [
    "CADENCES",
    "FIRMWARES",
    "PERSONALITIES",
    "Background",
    "Call",
    "CallReport",
    "Called",
    "Caller",
    "Clearing",
    "Directory",
    "EmulatedModem",
    "Exchange",
    "Faults",
    "HangUp",
    "HearPrompts",
    "LineEngagedError",
    "LineState",
    "Pbx",
    "Press",
    "Say",
    "Sound",
    "Wait",
]
