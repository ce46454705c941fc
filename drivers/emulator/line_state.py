"""The line as the exchange sees it."""

from enum import Enum


class LineState(Enum):
    """The line as the exchange sees it."""

    IDLE = "idle"
    RINGING = "ringing"
    CONNECTED = "connected"
    CLEARING = "clearing"
    """The far end has gone, the loop is still closed."""
    SEIZED = "seized"
    """Off-hook with nobody there: dial tone."""
    DIALLED = "dialled"
    """A number was dialled; the other line is not (or not yet) there."""


class LineEngagedError(Exception):
    """The line rings or is off-hook: a second caller would hear the busy tone."""
