"""A call's event codes on their way to those who judge by them (pure): hang-up, keys, the parallel telephone."""

import logging

from drivers.fxo.digits import CODES, Keypad
from drivers.fxo.handset import HandsetWatch
from drivers.fxo.supervision import HangUpVote

logger = logging.getLogger(__name__)

STARVED, OVERRUN = "u", "o"
"""Statistics: the modem had nothing to play, or could not get rid of what it heard."""


class EventCodes:
    """Sorts what the modem reports; all times in seconds."""

    def __init__(self, vote: HangUpVote, keypad: Keypad, handset: HandsetWatch) -> None:
        self._vote = vote
        self._keypad = keypad
        self._handset = handset
        self._counts = {STARVED: 0, OVERRUN: 0}

    def received(
        self, code: str, now: float, line_time: float, *, off_hook: bool, own: bool, playing: bool
    ) -> None:
        """Take a code. `line_time`: when it was said, by the audio around it; `own`: it may tell of our own going
        off-hook; `playing`: a prompt is on the line."""
        if code in self._counts:
            self._counts[code] += 1
            return
        settled = self._vote.settled(now)
        self._handset.code(code, now, own=own or (off_hook and self._vote.just_answered(now)), playing=playing)
        if not off_hook:
            return
        if code in CODES:
            self._keypad.coded(code, line_time, doubtful=playing or not settled)
        else:
            self._vote.code(code, now, playing=playing)

    def close(self) -> None:
        """The call is over."""
        if any(self._counts.values()):
            logger.info("the modem reported %(u)d underruns and %(o)d overruns in this call", self._counts)
