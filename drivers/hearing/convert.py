"""Any recording to what the ears take: 8000 Hz, mono, 16 bits; in blocks, so that its length costs no memory."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
import soxr
from numpy.typing import NDArray

from drivers.hearing.frames import FRAME
from drivers.hearing.riff import WavError
from drivers.hearing.sound import Sound
from drivers.hearing.wav import SAMPLE_RATE

_QUALITY: Final = "VHQ"
"""soxr's best: flat to 3.7 kHz, past the telephone channel's 3.4 kHz (ITU-T G.712), and 80 dB down from 4 kHz on,
so that nothing folds back into what is heard."""


class ChannelError(WavError):
    """The recording has no such channel."""


class Recording:
    """A recording as the telephone would carry it. Use as a context manager, or close() it.

    Takes what drivers.hearing.sound reads. One channel is taken, or the mean of all; of two, the left, when none
    is asked for: the gateway records the customer there, and does not judge his line by the prompts he hears.
    """

    def __init__(self, path: str | Path, channel: int | None = None) -> None:
        """Open the file; `channel` counts from 1, None for the left of two and the mean of more.

        Raises WavError, naming the file and the cure; ChannelError when it has fewer channels.
        """
        self._sound = Sound(path)
        channels = self._sound.channels
        if channel is not None and not 1 <= channel <= channels:
            self.close()
            has = "one channel" if channels == 1 else f"channels 1 to {channels}"
            raise ChannelError(f"{path}: has {has}, and no channel {channel}")
        self._path = path
        self.channels = channels
        self._channel = 1 if channel is None and channels == 2 else channel

    @property
    def seconds(self) -> float:
        """How long it lasts by its header; what blocks() gives may be shorter or a little longer. 0.0: unknown."""
        return self._sound.seconds

    @property
    def missing(self) -> float:
        """Seconds that the header promises and the file does not hold; to be asked after blocks()."""
        return self._sound.missing

    def blocks(self) -> Iterator[NDArray[np.int16]]:
        """All of it, from the beginning, in pieces of any length.

        Raises WavError when it cannot be read, or holds no sound at all.
        """
        heard = False
        for mono in self._at_telephone_rate():
            heard = heard or len(mono) > 0
            yield np.clip(np.round(mono * 32768), -32768, 32767).astype(np.int16)
        if not heard:
            lost = f" (all of its {self.missing:.1f} s are missing)" if self.missing else ""
            raise WavError(f"{self._path}: holds no sound{lost}; record or copy it again")

    def frames(self) -> Iterator[NDArray[np.int16]]:
        """As blocks(), in whole 20 ms frames; what is left over at the end is dropped. Raises WavError also for a
        recording shorter than a frame."""
        left = np.zeros(0, dtype=np.int16)
        heard = False
        for block in self.blocks():
            left = np.concatenate([left, block])
            whole = len(left) // FRAME * FRAME
            if whole:
                heard = True
                yield left[:whole]
                left = left[whole:]
        if not heard:
            raise WavError(
                f"{self._path}: lasts {len(left) / SAMPLE_RATE * 1000:.0f} ms; at least 20 ms are needed to hear"
            )

    def close(self) -> None:
        """Close the file. Idempotent."""
        self._sound.close()

    def __enter__(self) -> Self:
        """The recording itself; closed at the end of the with block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """close()."""
        self.close()

    def _at_telephone_rate(self) -> Iterator[NDArray[np.float32]]:
        rate = self._sound.rate
        if rate == SAMPLE_RATE:
            yield from self._mono()
            return
        stream = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32", quality=_QUALITY)
        for block in self._mono():
            yield stream.resample_chunk(block)
        yield stream.resample_chunk(np.zeros(0, dtype=np.float32), last=True)

    def _mono(self) -> Iterator[NDArray[np.float32]]:
        for block in self._sound.blocks():
            if self._channel is None:
                yield block.mean(axis=1, dtype=np.float32)
            else:
                yield np.ascontiguousarray(block[:, self._channel - 1])


def load_any_wav(path: str | Path, channel: int | None = None) -> NDArray[np.int16]:
    """The whole recording at `path` as 8000 Hz mono 16-bit: Recording's blocks in one. Raises WavError."""
    with Recording(path, channel) as recording:
        return np.concatenate(list(recording.blocks()))
