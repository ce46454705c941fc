"""A correction: one frame more or less is said in the course of many, by resampling them a little. Pure.

Nothing is cut or repeated: the samples are read at a pace of 99, 101 or 105 hundredths, between them by a windowed
sinc. A correction begins and ends at a frame's first sample, so the frames outside corrections stay as they came.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.bridge.wire import FRAME_SAMPLES

_GRID: Final = 100
"""Positions are counted in hundredths of a sample, each of which has its own filter."""
_BEFORE: Final = 7
_AFTER: Final = 8
"""Samples that the filter needs on either side of a position: 2 ms in all, with errors under -60 dB to 3000 Hz and
-20 dB at 3400 Hz, where the telephone band ends."""
_KAISER: Final = 6.0

Samples = NDArray[np.int16]


def _filters() -> NDArray[np.float64]:
    """One row of weights for each hundredth of a sample; the first is a lone 1."""
    fractions = np.arange(_GRID)[:, None] / _GRID
    distance = np.arange(-_BEFORE, _AFTER + 1)[None, :] - fractions
    window = np.i0(_KAISER * np.sqrt(np.clip(1 - (distance / _AFTER) ** 2, 0, None))) / np.i0(_KAISER)
    rows = np.sinc(distance) * window
    return np.asarray(rows / rows.sum(axis=1, keepdims=True))


_FILTERS: Final = _filters()
_TAPS: Final = np.arange(-_BEFORE, _AFTER + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The positions of a frame's samples, from where it begins, and where the next one begins; in hundredths."""

    positions: NDArray[np.int64]
    advance: int


def _even(pace: int) -> Block:
    return Block(np.arange(FRAME_SAMPLES) * pace, FRAME_SAMPLES * pace)


def _quick_start() -> Block:
    """8 samples fall behind, so the filter finds its 8 samples ahead without waiting for another frame."""
    return _even(95)


def _quick_end() -> Block:
    """8 samples catch up in 10 ms; the rest lies on whole samples and needs no sample ahead."""
    half = FRAME_SAMPLES // 2
    return Block(np.concatenate([np.arange(half) * 110, half * 110 + np.arange(half) * 100]), half * 210)


LONGER: Final = (_quick_start(), *(_even(99),) * 95)
"""95 frames are said in the time of 96 (1.9 s). 1 % is a sixth of a semitone: not heard in speech."""
SHORTER: Final = (*(_even(101),) * 95, _quick_end())
"""97 frames are said in the time of 96 (1.9 s)."""
MUCH_SHORTER: Final = (*(_even(105),) * 19, _quick_end())
"""21 frames are said in the time of 20 (0.4 s). 5 % can be heard by who listens for it; for lag after a stall."""


class Correction:
    """Frames go in as they are asked for, and come out by the blocks given."""

    def __init__(self, blocks: tuple[Block, ...], before: bytes) -> None:
        """`blocks` is LONGER, SHORTER or MUCH_SHORTER; `before` what was said last, may be nothing."""
        self._blocks = blocks
        self._next = 0
        history = _samples(before)[-_BEFORE:]
        self._input: Samples = np.pad(history, (_BEFORE - len(history), 0))
        """What was fed, from _BEFORE samples before the present position on."""
        self._position = 0
        """Hundredths of a sample behind the input's _BEFORE-th."""

    @property
    def done(self) -> bool:
        """Whether every block was said; every sample that was fed is then said, too."""
        return self._next == len(self._blocks)

    @property
    def hungry(self) -> bool:
        """Whether the next block cannot be said without another frame. With that it finds the samples that its
        filter needs ahead, too, but for the last ones of LONGER, which lie as good as on whole samples."""
        last = self._position + int(self._blocks[self._next].positions[-1])
        return _BEFORE + last // _GRID >= len(self._input)

    def feed(self, frame: bytes) -> None:
        """Take the next frame of 320 bytes."""
        self._input = np.concatenate([self._input, _samples(frame)])

    def frame(self) -> bytes:
        """The next 320 bytes to be said; not while hungry, not once done."""
        block = self._blocks[self._next]
        self._next += 1
        places = self._position + block.positions
        source = np.pad(self._input, (0, _AFTER)).astype(np.float64)
        taken = source[(places // _GRID)[:, None] + (_TAPS + _BEFORE)]
        said = np.einsum("ij,ij->i", taken, _FILTERS[places % _GRID])
        self._go_on(block.advance)
        return bytes(np.clip(np.rint(said), -32768, 32767).astype("<i2").tobytes())

    def rest(self) -> bytes:
        """The samples that were fed and not said."""
        return self._input[_BEFORE + self._position // _GRID :].astype("<i2").tobytes()

    def before(self) -> bytes:
        """What the next correction is to look back at."""
        return self._input[:_BEFORE].astype("<i2").tobytes()

    def _go_on(self, advance: int) -> None:
        whole, self._position = divmod(self._position + advance, _GRID)
        self._input = self._input[whole:]


def _samples(frame: bytes) -> Samples:
    return np.frombuffer(frame, dtype="<i2").astype(np.int16, copy=False)
