"""The recordings of the product: WAV files of 8000 Hz and 16 bits, mono, or in stereo of both sides of a call."""

import contextlib
import struct
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.riff import PCM, WavError, parse_wav

__all__ = ["SAMPLE_RATE", "WavError", "WavWriter", "read_both", "read_wav"]

SAMPLE_RATE: Final = 8000
"""Samples per second of everything on a telephone line."""
_HEADER: Final = struct.Struct("<4sI4s4sIHHIIHH4sI")
_PATCH_EVERY: Final = SAMPLE_RATE  # samples: at most a second of audio is lost with a killed process


def read_wav(path: str | Path) -> NDArray[np.int16]:
    """All samples of an 8000 Hz mono 16-bit WAV file.

    Raises WavError, naming the file and the cure, when it is missing, broken or of another format: also for a call
    recorded in stereo, of which nobody has said which side is meant (read_both).
    """
    return _read(path, 1, "mono")


def read_both(path: str | Path) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """The left and the right samples of an 8000 Hz stereo 16-bit WAV file: the far end, and what it heard.

    Raises WavError as read_wav, also for a mono file.
    """
    sides = _read(path, 2, "stereo").reshape(-1, 2)
    return sides[:, 0].copy(), sides[:, 1].copy()


def _read(path: str | Path, channels: int, name: str) -> NDArray[np.int16]:
    wav = parse_wav(path)
    if (wav.coding, wav.channels, wav.rate, wav.bits) != (PCM, channels, SAMPLE_RATE, 16):
        raise WavError(
            f"{path}: coding {wav.coding}, {wav.rate} Hz, {wav.channels} channels, {wav.bits} bits; "
            f"convert it to 8000 Hz {name} 16-bit PCM"
        )
    return np.frombuffer(wav.data, dtype="<i2").astype(np.int16)


class WavWriter:
    """Writes an 8000 Hz 16-bit WAV that is valid at any moment, were the process killed the next.

    Samples reach the file, and its header their number, about every second and at close(). It is not synced to the
    disk: a power cut may cost what the kernel still held.
    """

    def __init__(self, path: str | Path, channels: int = 1) -> None:
        """Create the file, and its folder if missing. Raises OSError."""
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        self._file = target.open("wb")
        self._channels = channels
        self._written = 0
        self._pending: list[bytes] = []
        self._pending_samples = 0
        try:
            self._flush()
        except OSError:
            self.abandon()
            raise

    def write(self, samples: NDArray[np.int16]) -> None:
        """Append samples; of two channels in pairs, (time, channel). Raises OSError (the disk is full), ValueError
        once closed."""
        if self._file.closed:
            raise ValueError(f"{self._file.name}: write after close")
        self._pending.append(samples.astype("<i2", copy=False).tobytes())
        self._pending_samples += len(samples)
        if self._pending_samples >= _PATCH_EVERY:
            self._flush()

    def close(self) -> None:
        """Write what is pending and close the file. Idempotent."""
        if self._file.closed:
            return
        try:
            self._flush()
        finally:
            self._file.close()

    def abandon(self) -> None:
        """Close the file as it is, after a write has failed: what reached the disk stays readable. Idempotent."""
        with contextlib.suppress(OSError):
            self._file.close()

    def __enter__(self) -> Self:
        """The writer itself; closed at the end of the with block."""
        return self

    def __exit__(self, *_: object) -> None:
        """close()."""
        self.close()

    def _flush(self) -> None:
        """Samples first, header last: the header never promises what is not there."""
        width = 2 * self._channels
        self._file.seek(_HEADER.size + width * self._written)
        self._file.write(b"".join(self._pending))
        self._file.flush()
        self._written += self._pending_samples
        self._pending, self._pending_samples = [], 0
        size = width * self._written
        self._file.seek(0)
        self._file.write(
            _HEADER.pack(
                *(b"RIFF", _HEADER.size - 8 + size, b"WAVE"),
                *(b"fmt ", 16, PCM, self._channels, SAMPLE_RATE, width * SAMPLE_RATE, width, 16),
                *(b"data", size),
            )
        )
        self._file.flush()
