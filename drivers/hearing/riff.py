"""What the header of a WAV file says: its format, and where its sample bytes begin and end.

RIFF, RF64 and W64; whole, cut short, or left behind by a writer that was killed.
"""

import os
import stat
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

PCM: Final = 1
FLOAT: Final = 3
ALAW: Final = 6
ULAW: Final = 7
_UNKNOWN: Final = 0x7FFF0000  # bytes; sizes from here on are written by those who could not know (a pipe's end)
_NO_SIZE64: Final = 1 << 62  # the same of RF64 and W64
_EXTENSIBLE: Final = 0xFFFE  # the true coding is then the first two bytes of the sub-format GUID
_FORMAT_BYTES: Final = 40  # WAVE_FORMAT_EXTENSIBLE; other codings keep tables behind that, which are theirs
_W64_GUID_TAIL: Final = {
    b"riff": bytes.fromhex("2e91cf11a5d628db04c10000"),
    b"wave": bytes.fromhex("f3acd3118cd100c04f8edb8a"),
}
"""W64 names its chunks by GUIDs that begin with RIFF's four letters."""


class WavError(ValueError):
    """A file that cannot be read as the WAV that was asked for; the message names the file and the cure."""


@dataclass(frozen=True, slots=True)
class WavHeader:
    """`coding` is the WAVE format tag, `bits` what a sample of one channel takes up (0: a coding in blocks).

    `size` bytes of samples are in the file from `offset` on; `missing` are those that the header promises beyond.
    """

    coding: int
    channels: int
    rate: int
    bits: int
    bytes_per_second: int
    offset: int
    size: int
    missing: int = 0


@dataclass(frozen=True, slots=True)
class WavFile:
    """A header's format, and `data`: the interleaved samples, whole frames only. `missing` as in WavHeader."""

    coding: int
    channels: int
    rate: int
    bits: int
    data: bytes
    missing: int = 0


def open_regular(path: str | Path) -> BinaryIO:
    """The file at `path`, opened for reading.

    Raises WavError when it cannot be, or when it is no regular file: a pipe would be waited for without end.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise WavError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from error
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise WavError(f"{path}: is a folder, not a recording; name a file in it")
    raise WavError(f"{path}: is a device or a pipe, not a file; save the recording to a file first")


def read_header(path: str | Path) -> WavHeader:
    """Read what stands before the samples of the file at `path`, and nothing more.

    A data chunk that claims more than the file holds, or nothing (a writer was killed), ends where the file ends.
    Raises WavError when it cannot be opened or is not a WAV.
    """
    with open_regular(path) as file:
        return header_of(file, path)


def parse_wav(path: str | Path) -> WavFile:
    """As read_header, with the samples; for files that fit into memory. Raises WavError."""
    with open_regular(path) as file:
        header = header_of(file, path)
        if not header.bits:
            raise WavError(f"{path}: coding {header.coding} is not read here; export it as 16-bit PCM")
        file.seek(header.offset)
        data = file.read(header.size)
    whole = len(data) - len(data) % (header.channels * header.bits // 8)
    return WavFile(header.coding, header.channels, header.rate, header.bits, data[:whole], header.missing)


def header_of(file: BinaryIO, path: str | Path) -> WavHeader:
    """As read_header, of a file that is open; `path` is for the messages."""
    try:
        length = file.seek(0, os.SEEK_END)
        file.seek(0)
        chunks = _Chunks.of(file, length)
        if chunks is None:
            raise WavError(f"{path}: not a WAV file (no RIFF/WAVE header); give a WAV recording")
        chunks.find_data()
    except OSError as error:
        raise WavError(f"{path}: cannot be read ({error.strerror}); check the disk it is on") from error
    if len(chunks.format) < 16:
        raise WavError(f"{path}: broken WAV file (no whole 'fmt ' chunk); record or export it again")
    if chunks.data is None:
        raise WavError(f"{path}: broken WAV file (no 'data' chunk); record or export it again")
    return _header(chunks.format, *chunks.data, length, path)


def _header(fmt: bytes, offset: int, promised: int | None, length: int, path: str | Path) -> WavHeader:
    coding, channels, rate, speed, align, bits = struct.unpack_from("<HHIIHH", fmt)
    if coding == _EXTENSIBLE and len(fmt) >= 26:
        (coding,) = struct.unpack_from("<H", fmt, 24)
    linear = coding in (PCM, FLOAT, ALAW, ULAW)
    if not channels or not rate or (linear and not bits):
        raise WavError(
            f"{path}: broken WAV header ({channels} channels, {rate} Hz, {bits} bits); record or export it again"
        )
    if linear:
        # 12 bits are kept in 16 and 20 in 24, at the upper end; the width of a frame tells in how many.
        width = align * 8 // channels
        bits = width if width in (8, 16, 24, 32, 64) and bits <= width else -(-bits // 8) * 8
        speed = rate * channels * bits // 8
    there = max(0, length - offset)
    if promised is not None and _UNKNOWN <= promised <= 0xFFFFFFFF and promised > there:
        promised = None
    size = there if promised is None else min(promised, there)
    missing = 0 if promised is None else promised - size
    return WavHeader(coding, channels, rate, bits if linear else 0, speed, offset, size, missing)


class _Chunks:
    """Walks from chunk to chunk: RIFF's have 4 bytes of name and 4 of size, W64's 16 and 8, the head included."""

    def __init__(self, file: BinaryIO, length: int, *, w64: bool) -> None:
        self._file = file
        self._length = length
        self._w64 = w64
        self._size64: int | None = None
        self.format = b""
        self.data: tuple[int, int | None] | None = None
        """Where the samples begin, and how many bytes they are said to be; None: unknown, up to the end."""

    @classmethod
    def of(cls, file: BinaryIO, length: int) -> "_Chunks | None":
        """The chunks of a file that begins as a WAV does, else None; the file then stands at the first."""
        head = file.read(40)
        if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
            file.seek(12)
            return cls(file, length, w64=False)
        if head[:16] == b"riff" + _W64_GUID_TAIL[b"riff"] and head[24:40] == b"wave" + _W64_GUID_TAIL[b"wave"]:
            return cls(file, length, w64=True)
        return None

    def find_data(self) -> None:
        """Go to the samples, and note the format if it comes before."""
        while self.data is None and (chunk := self._next()) is not None:
            name, at, size = chunk
            if name == b"data":
                self.data = (at, self._data_size(at, size))
            elif name == b"fmt " and not self.format:
                self.format = self._file.read(max(0, min(size, _FORMAT_BYTES)))
            elif name == b"ds64":
                self._size64 = int.from_bytes(self._file.read(16)[8:], "little")
            self._file.seek(self._behind(at, size))

    def _next(self) -> tuple[bytes, int, int] | None:
        """The chunk that the file stands at: its name, where its body begins, and the body's size.

        None at the end, and where no chunk begins: a writer that was killed may leave any length of zeros.
        """
        head = 24 if self._w64 else 8
        raw = self._file.read(head)
        if len(raw) < head:
            return None
        size = int.from_bytes(raw[16:], "little") - head if self._w64 else int.from_bytes(raw[4:], "little")
        printable = raw[:4].isascii() and raw[:4].decode().isprintable()
        if not (printable or (self._w64 and any(raw))):  # not all of W64's GUIDs are letters
            return None
        return raw[:4], self._file.tell(), size

    def _behind(self, at: int, size: int) -> int:
        """Where the next chunk begins: they are padded to an even length, W64's to one of 8 bytes."""
        padded = -(-size // 8) * 8 if self._w64 else size + size % 2
        return min(at + max(0, padded), self._length)

    def _data_size(self, at: int, size: int) -> int | None:
        if size == 0xFFFFFFFF and self._size64 is not None:
            size = self._size64
        if size <= 0:
            return 0 if self._ends_in_chunks(at) else None
        return size if size < _NO_SIZE64 else None

    def _ends_in_chunks(self, at: int) -> bool:
        """Whether nothing but chunks follow: there are no samples, rather than samples without a size."""
        self._file.seek(at)
        while at < self._length:
            chunk = self._next()
            if chunk is None:
                return False
            name_end, size = chunk[1], chunk[2]
            if size < 0 or name_end + size > self._length:
                return False
            at = self._behind(name_end, size)
            self._file.seek(at)
        return True
