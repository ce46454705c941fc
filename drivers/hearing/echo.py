"""Takes our own prompt's echo out of what is heard, and tells what of the rest may still be echo.

The filter (echo_filter.py) does the first, the guard (echo_guard.py) the second. A line that returns nothing costs
a small part of what one with an echo does, and no prompt next to nothing.
"""

from typing import NamedTuple

import numpy as np

from drivers.hearing.echo_filter import EchoFilter
from drivers.hearing.echo_guard import SILENT, EchoGuard
from drivers.hearing.frames import FRAME, Signal

_NO_PROMPT: Signal = np.zeros(FRAME)


class Cleaned(NamedTuple):
    """A frame without the echo that could be removed, the very same array where there was none; `far_end` False if
    what is left may be echo all the same, up to a mean square of `limit`; `echoing` while a prompt or its echo may
    be there at all; `jumped` once when the echo path turns out to have changed: `far_end` of the last half second
    was wrong."""

    frame: Signal
    far_end: bool
    echoing: bool
    limit: float = 0.0
    jumped: bool = False


class EchoCanceller:
    """One call's echo."""

    def __init__(self) -> None:
        self._filter = EchoFilter()
        self._guard = EchoGuard()

    def reset(self) -> None:
        """Forget the echo path."""
        self._filter.reset()
        self._guard.reset()

    def clean(self, frame: Signal, near: Signal | None) -> Cleaned:
        """`frame` (160 samples, full scale 1, DC taken away) less the echo of all that was played.

        `near` is the newest of that, as long as the frame; None for nothing. It must not be changed afterwards.
        """
        playing = 0.0 if near is None else float(near.dot(near)) / FRAME
        if not self._guard.played(playing):
            return Cleaned(frame, far_end=True, echoing=False)
        self._filter.play(_NO_PROMPT if near is None else near)
        heard = float(frame.dot(frame)) / FRAME
        if self._filter.empty and heard < SILENT:
            jumped = self._guard.seen(heard, 0.0, 0.0)
            return Cleaned(frame, far_end=False, echoing=True, limit=self._guard.limit, jumped=jumped)
        guess = self._filter.guess(heard)
        rest, left, guessed, agreed = frame, heard, 0.0, 0.0
        if self._filter.knows:
            rest = frame - guess
            left = float(rest.dot(rest)) / FRAME
            guessed, agreed = float(guess.dot(guess)) / FRAME, float(frame.dot(guess)) / FRAME
        self._filter.learn(frame, heard, left)
        jumped = self._guard.seen(heard, guessed, agreed)
        if self._guard.nothing_returns and not self._filter.helps:
            self._filter.forget()
            self._guard.forget()
        if left > heard:
            # Taking an echo away never makes what is heard louder: there is none like this.
            rest, left = frame, heard
        limit = self._guard.limit
        return Cleaned(rest, left > limit, echoing=True, limit=limit, jumped=jumped)
