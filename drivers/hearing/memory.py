"""The frames that a judge looks back on: each fact an array of its own, the newest frame last."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.frames import frames_in
from drivers.hearing.spectrum import BANDS

_REACH: Final = frames_in(3.0)  # the longest that any rule looks back


class Frame(NamedTuple):
    """What is known of one frame."""

    power: float
    """Mean square, full scale 1."""
    bands: NDArray[np.float64] | None
    """The same by bands (drivers.hearing.spectrum); None for a frame so faint that they do not matter."""
    voiced: bool
    sure: bool
    """Voiced beyond doubt."""
    tone: bool
    """A signalling tone, and so no voice."""
    evidence: bool
    """Whether it may count at all: beside our own prompt not what may be its echo."""
    hidden_below: float
    """Mean square under which nothing of the far end can be told from our prompt's echo; 0 without a prompt."""
    clipped: float
    """Share of its samples."""


def _flags() -> NDArray[np.bool_]:
    return np.zeros(2 * _REACH, dtype=np.bool_)


class Memory:
    """The last three seconds. What it gives for so many frames are views, oldest first, fewer near the beginning.

    Every fact is kept twice, one reach apart, so that the newest frames always lie side by side.
    """

    def __init__(self) -> None:
        self._power: NDArray[np.float64] = np.zeros(2 * _REACH)
        self._bands: NDArray[np.float64] = np.zeros((2 * _REACH, BANDS))
        self._clipped: NDArray[np.float64] = np.zeros(2 * _REACH)
        self._voiced, self._sure, self._tone, self._evidence = (_flags() for _ in range(4))
        self.heard = 0
        """Frames since the beginning."""

    def add(self, frame: Frame, *, gone: bool) -> None:
        """One frame more; `gone`: it is known to hold no voice, hidden though it is."""
        voiced = frame.voiced and frame.evidence
        first = self.heard % _REACH
        for at in (first, first + _REACH):
            self._power[at], self._clipped[at] = frame.power, frame.clipped
            self._bands[at] = frame.power / BANDS if frame.bands is None else frame.bands
            self._voiced[at], self._sure[at] = voiced, voiced and frame.sure
            self._tone[at], self._evidence[at] = gone or frame.tone, gone or frame.evidence
        self.heard += 1

    def power(self, frames: int) -> NDArray[np.float64]:
        """Mean squares."""
        return self._power[self._newest(frames)]

    def bands(self, frames: int) -> NDArray[np.float64]:
        """Mean squares by bands, a row a frame."""
        return self._bands[self._newest(frames)]

    def clipped(self, frames: int) -> float:
        """Share of the samples."""
        shares = self._clipped[self._newest(frames)]
        return float(np.add.reduce(shares)) / len(shares)

    def voiced(self, frames: int) -> NDArray[np.bool_]:
        """Which of them are voiced."""
        return self._voiced[self._newest(frames)]

    def count_voiced(self, frames: int) -> int:
        """How many of them are voiced."""
        return int(np.count_nonzero(self._voiced[self._newest(frames)]))

    def count_sure(self, frames: int) -> int:
        """How many of them are voiced beyond doubt."""
        return int(np.count_nonzero(self._sure[self._newest(frames)]))

    def evidence(self, frames: int) -> NDArray[np.bool_]:
        """Which of them may count."""
        return self._evidence[self._newest(frames)]

    def sound(self, frames: int) -> NDArray[np.bool_]:
        """Which of them may count and are no signalling tone."""
        newest = self._newest(frames)
        return np.greater(self._evidence[newest], self._tone[newest])

    def last_was_tone(self) -> None:
        """The last frame turned out to be the edge of a tone, unless it is voice."""
        if self.heard:
            at = (self.heard - 1) % _REACH
            self._tone[[at, at + _REACH]] = not self._voiced[at]

    def disregard(self, frames: int) -> None:
        """Their voice and evidence were wrong."""
        at = np.arange(self.heard - min(frames, self.heard, _REACH), self.heard) % _REACH
        for track in (self._voiced, self._sure, self._evidence):
            track[at] = track[at + _REACH] = False

    def _newest(self, frames: int) -> slice:
        end = (self.heard - 1) % _REACH + _REACH + 1
        return slice(end - min(frames, self.heard, _REACH), end)
