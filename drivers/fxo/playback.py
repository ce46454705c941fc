"""What a duplex stream transmits (pure): prompt or silence, and the facts that fall due as it is heard.

Everything lies on the line's own axis: samples since the stream began, the same for both directions. The modem
plays what it is given in one piece; given too late it plays a gap first, and all that follows lies later by that.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.bridge.mixing import mixed

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
    """Gives frames to send and knows where on the line they lie."""

    def __init__(self) -> None:
        self._play: int | None = None
        self._pcm: Samples = SILENCE[:0]
        self._taken = 0
        self._end = 0
        self._begun: PlayMark | None = None
        self._starved = 0
        self._marks: deque[tuple[int, PlayMark]] = deque()
        self._history: deque[tuple[int, Samples | None, Samples | None]] = deque(maxlen=HISTORY)
        """Where each frame lies, all that it held and the prompt's part; None for silence."""

    @property
    def end(self) -> int:
        """Position at which the last sample given will have been played."""
        return self._end

    @property
    def starved(self) -> int:
        """Samples of gaps within plays: the modem ran dry there."""
        return self._starved

    @property
    def playing(self) -> bool:
        """Whether the next frame is a play's."""
        return self._play is not None

    @property
    def busy(self) -> bool:
        """Whether a play is being given or not all of it has reached the line."""
        return self._play is not None or bool(self._marks)

    def start(self, play: int, pcm: Samples) -> None:
        """Begin `pcm` with the next frame, cutting what runs."""
        self.stop()
        self._play, self._pcm, self._taken = play, pcm, 0
        self._begun = PlayMark(play)

    def stop(self) -> None:
        """Cut the running play with the next frame."""
        if self._play is not None:
            self._announce()
            self._marks.append((self._end, PlayMark(self._play, complete=False)))
            self._play = None

    def ran_dry(self, position: int) -> None:
        """The modem had played all it was given, and no more, at `position`."""
        self._end = max(self._end, position)

    def next_frame(self, position: int = 0, talk: Samples | None = None) -> Samples:
        """The next 20 ms to send while the line is at `position`; a gap lies before them if that is past `end`.
        `talk` is what a joined leg says then."""
        frame, playing = SILENCE, self._play is not None
        if playing and self._taken:
            self._starved += max(0, position - self._end)
        self._end = max(self._end, position)
        self._announce()
        if self._play is not None:
            piece = self._pcm[self._taken : self._taken + FRAME]
            self._taken += FRAME
            frame = piece if len(piece) == FRAME else np.concatenate((piece, SILENCE[len(piece) :]))
            if self._taken >= len(self._pcm):
                self._marks.append((self._end + len(piece), PlayMark(self._play, complete=True)))
                self._play = None
        prompt = frame if playing else None
        if talk is not None:
            frame = _sum(frame, talk) if playing else talk
        self._history.append((self._end, prompt if talk is None else frame, prompt))
        self._end += FRAME
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

    def on_line(self, position: int, samples: int = FRAME, *, prompt: bool = False) -> Samples | None:
        """So many `samples` as they lie on the line from `position` on, or of the `prompt` alone; None for
        silence."""
        heard: Samples | None = None
        until = position + samples
        for begin, everything, prompted in reversed(self._history):
            frame = prompted if prompt else everything
            if begin + FRAME <= position:
                break
            if begin < until and frame is not None:
                heard = np.zeros(samples, dtype=np.int16) if heard is None else heard
                first, last = max(begin, position), min(begin + FRAME, until)
                heard[first - position : last - position] = frame[first - begin : last - begin]
        return heard

    def _announce(self) -> None:
        if self._begun is not None:
            self._marks.append((self._end, self._begun))
            self._begun = None


def _sum(one: Samples, other: Samples) -> Samples:
    both = mixed(one.tobytes(), other.tobytes())
    return SILENCE if both is None else np.frombuffer(both, dtype="<i2")
