"""A sound file of any kind, read a second at a time: its samples by channel, full scale 1.0."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing import g711
from drivers.hearing.other_sound import (
    begins_like_sound,
    decoder_errors,
    open_decoder,
    read_block,
    why_undecoded,
)
from drivers.hearing.promised import missing_share
from drivers.hearing.riff import ALAW, FLOAT, PCM, ULAW, WavError, WavHeader, header_of, open_regular

Block = NDArray[np.float32]
"""Samples, (time, channel)."""
_BLOCK: Final = 1 << 18  # samples of all channels together: a second of eight channels at 32 kHz, 1 MB
_DECODED: Final = 4096  # frames: what is lost where a compressed file breaks off
_PADDING: Final = 0.1  # seconds that a compressed file may be shorter than it says: encoders' delays
_NO_LENGTH: Final = 1 << 62  # frames; libsndfile puts the highest number for FLAC that was written to a pipe
_MAX_CHANNELS: Final = 64
_RATES: Final = range(1000, 384_001)  # Hz; others are a broken header
_TOO_LARGE: Final = 100.0  # times full scale; samples in the unit of 16-bit numbers reach thousands


class Sound:
    """An open sound file. `rate` in Hz, `channels`, `seconds` as its header has them (0.0: it does not say).

    `missing` is how many seconds the header promises beyond what the file holds; of compressed kinds it is known
    when all blocks have been read, and of Ogg never: it does not say how long it is.
    """

    def __init__(self, path: str | Path) -> None:
        """Open the file. Raises WavError, naming it and the cure; so does everything below."""
        self._path = path
        self._header: WavHeader | None = None
        self.missing = 0.0
        self._file = open_regular(path)
        try:
            self._open()
        except BaseException as error:
            self.close()
            if isinstance(error, OSError):
                raise WavError(_broken(path, error)) from error
            raise

    def blocks(self) -> Iterator[Block]:
        """All samples, from the beginning, in blocks of at most _BLOCK numbers.

        Raises WavError, also before the first block for samples that are no numbers or in no known unit.
        """
        if self._floating:
            self._check_numbers()
        return self._blocks()

    def close(self) -> None:
        """Close the file. Idempotent."""
        self._file.close()

    def _open(self) -> None:
        beginning = self._file.read(4)
        if not beginning:
            raise WavError(f"{self._path}: is empty; record or export it again")
        if beginning in (b"RIFF", b"RF64", b"riff"):
            self._open_wav()
        elif begins_like_sound(beginning):
            self._open_decoder()
        else:
            raise WavError(f"{self._path}: not a WAV file (no RIFF/WAVE header); give a WAV recording")
        if self.rate not in _RATES or not 1 <= self.channels <= _MAX_CHANNELS:
            raise WavError(
                f"{self._path}: {self.channels} channels at {self.rate} Hz are not read; "
                f"export it with at most {_MAX_CHANNELS}, at {_RATES[0]} to {_RATES[-1]} Hz"
            )

    def _open_wav(self) -> None:
        header = header_of(self._file, self._path)
        self.rate, self.channels = header.rate, header.channels
        self.missing = header.missing / header.bytes_per_second if header.bytes_per_second else 0.0
        self._floating = header.coding == FLOAT
        if (header.coding, header.bits) in _DECODERS:
            self._header = header
            self.seconds = header.size / header.bytes_per_second
        else:
            self._open_decoder(f"coding {header.coding} is not read: ")

    def _open_decoder(self, what: str = "") -> None:
        try:
            with open_decoder(self._path) as sound:
                self.rate, self.channels = sound.samplerate, sound.channels
                known = sound.frames < _NO_LENGTH
                self.seconds = sound.frames / max(1, sound.samplerate) if known else 0.0
                self._floating = sound.subtype in ("FLOAT", "DOUBLE")
            self.missing = max(self.missing, self.seconds * missing_share(self._file))
        except decoder_errors() as error:
            raise WavError(_undecoded(self._path, error, what)) from error

    def _blocks(self) -> Iterator[Block]:
        return self._decoded() if self._header is None else self._linear(self._file, self._header)

    def _linear(self, file: BinaryIO, header: WavHeader) -> Iterator[Block]:
        decode = _DECODERS[header.coding, header.bits]
        width = header.channels * header.bits // 8
        frames = max(1, _BLOCK // header.channels)
        left = header.size // width
        try:
            file.seek(header.offset)
            while left:
                data = file.read(min(left, frames) * width)
                whole = len(data) // width
                if not whole:  # the file has been made shorter meanwhile
                    return
                left -= whole
                with np.errstate(over="ignore", invalid="ignore"):  # what is no number is counted elsewhere
                    block = decode(data[: whole * width]).astype(np.float32)
                yield block.reshape(-1, header.channels)
        except OSError as error:
            raise WavError(_broken(self._path, error)) from error

    def _decoded(self) -> Iterator[Block]:
        read = 0
        try:
            with open_decoder(self._path) as sound:  # anew each time: not every kind goes back to its beginning
                ended = False
                while not ended:
                    block, ended = read_block(sound, _DECODED)
                    read += len(block)
                    yield block
        except decoder_errors() as error:
            if not read:
                raise WavError(_undecoded(self._path, error)) from error
        short = self.seconds - read / self.rate
        self.missing = max(self.missing, short if short > _PADDING else 0.0)

    def _check_numbers(self) -> None:
        """Floating point can hold what no sound is; it is looked for before anything is heard."""
        wrong, total, first, peak = 0, 0, 0, 0.0
        for block in self._blocks():
            bad = ~np.isfinite(block).all(axis=1)
            if bad.any() and not wrong:
                first = total + int(bad.argmax())
            wrong, total = wrong + int(bad.sum()), total + len(block)
            peak = max(peak, float(np.abs(block[~bad]).max(initial=0.0)))
        if wrong:
            raise WavError(
                f"{self._path}: {wrong} of {total} samples are not numbers (NaN or infinite), the first at "
                f"{first / self.rate:.2f} s; export it again, as 16-bit WAV"
            )
        if peak > _TOO_LARGE:
            raise WavError(
                f"{self._path}: its samples reach {peak:.0f} times full scale; scale them to ±1, or export it as "
                "16-bit WAV"
            )


def _broken(path: str | Path, error: OSError) -> str:
    return f"{path}: cannot be read ({error.strerror}); check the disk it is on"


def _undecoded(path: str | Path, error: Exception, what: str = "") -> str:
    return f"{path}: cannot be read ({what}{why_undecoded(error)}); export it as 16-bit WAV"


def _pcm24(data: bytes) -> NDArray[np.float64]:
    parts = np.frombuffer(data, dtype=np.uint8).reshape(-1, 3).astype(np.int32)
    return (parts[:, 2] << 24 | parts[:, 1] << 16 | parts[:, 0] << 8) / 2.0**31


_DECODERS: Final[dict[tuple[int, int], Callable[[bytes], NDArray[Any]]]] = {
    (PCM, 8): lambda data: (np.frombuffer(data, dtype=np.uint8).astype(np.float64) - 128) / 128,
    (PCM, 16): lambda data: np.frombuffer(data, dtype="<i2") / 2.0**15,
    (PCM, 24): _pcm24,
    (PCM, 32): lambda data: np.frombuffer(data, dtype="<i4") / 2.0**31,
    (FLOAT, 32): lambda data: np.frombuffer(data, dtype="<f4"),
    (FLOAT, 64): lambda data: np.frombuffer(data, dtype="<f8"),
    (ALAW, 8): lambda data: g711.decode_alaw(data) / 2.0**15,
    (ULAW, 8): lambda data: g711.decode_ulaw(data) / 2.0**15,
}
"""Samples that need no state: read here, as libsndfile refuses what killed writers leave behind."""
