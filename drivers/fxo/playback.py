"""What a duplex stream transmits (pure): prompt or silence, and the facts that fall due as it is heard."""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FRAME = 160
"""Samples of 20 ms."""
HISTORY = 100
"""Frames kept to tell the ears what was on the line: two seconds."""
SILENCE: NDArray[np.int16] = np.zeros(FRAME, dtype=np.int16)

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class PlayMark:
    """Play number `play` has begun on the line (`complete` None) or ended there."""

    play: int
    complete: bool | None = None


class Playback:
    """Gives frames to send; positions count samples given since the stream began."""

    def __init__(self) -> None:
        self._play: int | None = None
        self._pcm: Samples = SILENCE[:0]
        self._taken = 0
        self._given = 0
        self._marks: deque[tuple[int, PlayMark]] = deque()
        self._history: deque[tuple[int, Samples | None]] = deque(maxlen=HISTORY)

    @property
    def given(self) -> int:
        """Samples given so far."""
        return self._given

    @property
    def busy(self) -> bool:
        """Whether a play is being given or not all of it has reached the line."""
        return self._play is not None or bool(self._marks)

    def start(self, play: int, pcm: Samples) -> None:
        """Begin `pcm` with the next frame, cutting what runs."""
        self.stop()
        self._play, self._pcm, self._taken = play, pcm, 0
        self._marks.append((self._given, PlayMark(play)))

    def stop(self) -> None:
        """Cut the running play with the next frame."""
        if self._play is not None:
            self._marks.append((self._given, PlayMark(self._play, complete=False)))
            self._play = None

    def next_frame(self) -> Samples:
        """The next 20 ms to send."""
        frame, playing = SILENCE, self._play is not None
        if self._play is not None:
            piece = self._pcm[self._taken : self._taken + FRAME]
            self._taken += FRAME
            frame = piece if len(piece) == FRAME else np.concatenate((piece, SILENCE[len(piece) :]))
            if self._taken >= len(self._pcm):
                self._marks.append((self._given + len(piece), PlayMark(self._play, complete=True)))
                self._play = None
        self._history.append((self._given, frame if playing else None))
        self._given += FRAME
        return frame

    def reached(self, position: float) -> list[PlayMark]:
        """Marks that the line has reached, each once and in order."""
        due: list[PlayMark] = []
        while self._marks and self._marks[0][0] <= position:
            due.append(self._marks.popleft()[1])
        return due

    def cut_all(self) -> list[PlayMark]:
        """End everything now: the marks of plays that were begun or asked for and not finished."""
        self.stop()
        marks = [mark for _, mark in self._marks]
        self._marks.clear()
        return [PlayMark(mark.play, complete=False) for mark in marks if mark.complete is not None]

    def on_line(self, position: int) -> Samples | None:
        """The frame that is on the line at `position`; None for silence."""
        for begin, frame in reversed(self._history):
            if begin <= position:
                return frame if position < begin + FRAME else None
        return None
