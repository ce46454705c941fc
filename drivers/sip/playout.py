"""Which samples are on the line: prompts cut into the frames that the media clock asks for. Pure.

Two threads meet here: the media clock calls `next_frame`, the worker's owner thread everything else. Each shared
attribute is replaced whole and only ever written by one of the two, so no lock can hold up the clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

FRAME: Final = 160
"""Samples in 20 ms at 8000 Hz, the conference bridge's tick."""


@dataclass(slots=True, eq=False)
class _Cursor:
    play: int
    frames: tuple[bytes, ...]
    asked: int = 0
    """Frames asked for since the start; written by the media clock alone. One more than there are: the last
    frame, too, has been 20 ms on the line."""
    told: bool = False
    """Whether its start was reported; the owner's alone."""


@dataclass(frozen=True, slots=True)
class Began:
    """The first sample of `play` is on the line."""

    play: int


@dataclass(frozen=True, slots=True)
class Ended:
    """`play` is over: its last sample has been on the line, or it was cut."""

    play: int
    complete: bool


class Playout:
    """One leg's prompts."""

    def __init__(self) -> None:
        self._cursor: _Cursor | None = None
        self._paused = False

    @property
    def idle(self) -> bool:
        """Whether nothing is to be said; not so while paused."""
        return self._cursor is None

    def start(self, play: int, samples: NDArray[np.int16]) -> list[Began | Ended]:
        """Say `samples` from the next tick on; what was being said is cut."""
        cut = self.stop()
        self._cursor = _Cursor(play, tuple(_frames(samples)))
        return cut

    def stop(self) -> list[Began | Ended]:
        """Cut what is being said, if anything."""
        news = self.news()
        cursor, self._cursor = self._cursor, None
        return news if cursor is None else [*news, Ended(cursor.play, complete=False)]

    def pause(self) -> None:
        """Say nothing until resume(): the prompt, or one started meanwhile, stays where it is."""
        self._paused = True

    def resume(self) -> None:
        """Go on where pause() left off."""
        self._paused = False

    def news(self) -> list[Began | Ended]:
        """What has happened since the last call; nothing happens while paused."""
        cursor = self._cursor
        if cursor is None or self._paused:
            return []
        news: list[Began | Ended] = []
        if cursor.asked and not cursor.told:
            cursor.told = True
            news.append(Began(cursor.play))
        if cursor.asked > len(cursor.frames):
            self._cursor = None
            news.append(Ended(cursor.play, complete=True))
        return news

    def next_frame(self) -> bytes | None:
        """The frame for this tick, 320 bytes; None when nothing is to be said. Called by the media clock."""
        cursor = self._cursor
        if cursor is None or self._paused:
            return None
        index, cursor.asked = cursor.asked, cursor.asked + 1
        return cursor.frames[index] if index < len(cursor.frames) else None


def _frames(samples: NDArray[np.int16]) -> Iterable[bytes]:
    """Frames of FRAME samples, the last one filled up with silence."""
    padded = np.pad(samples, (0, -len(samples) % FRAME)).astype("<i2", copy=False).tobytes()
    return (padded[start : start + 2 * FRAME] for start in range(0, len(padded), 2 * FRAME))
