"""Headers of WAV files: RIFF, RF64, W64, whole, cut and lying. What is told is in the file."""

import io
import struct

from drivers.hearing.riff import WavError, header_of
from tests.fuzz.target import Bits, Target, refused


def attempt(data: bytes) -> None:
    bits = Bits(data)
    short = bits.below(256)
    whole = bits.rest()
    for file in (whole, whole[: max(0, len(whole) - short)]):
        try:
            header = header_of(io.BytesIO(file), "x.wav")
        except WavError as error:
            refused(error, "x.wav: ")
            continue
        assert header.size >= 0, header
        assert header.offset >= 20, header
        assert header.size == 0 or header.offset + header.size <= len(file), header
        assert header.missing >= 0, header
        assert header.channels > 0, header
        assert header.rate > 0, header
        assert header.bits >= 0, header


def _chunk(name: bytes, body: bytes, size: int | None = None) -> bytes:
    return name + struct.pack("<I", len(body) if size is None else size) + body + b"\0" * (len(body) % 2)


FORMAT = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
EXTENSIBLE = struct.pack("<HHIIHHHHIH", 0xFFFE, 2, 48000, 288000, 6, 24, 22, 24, 3, 1) + bytes(14)


def _riff(*chunks: bytes, name: bytes = b"RIFF") -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return name + struct.pack("<I", len(body)) + body


def _w64() -> bytes:
    riff, wave = bytes.fromhex("2e91cf11a5d628db04c10000"), bytes.fromhex("f3acd3118cd100c04f8edb8a")
    chunks = b"".join(
        name + wave + struct.pack("<Q", 24 + len(body)) + body
        for name, body in ((b"fmt ", FORMAT), (b"data", bytes(32)))
    )
    return b"riff" + riff + struct.pack("<Q", 40 + len(chunks)) + b"wave" + wave + chunks


TARGET = Target(
    "wav",
    "headers of WAV files",
    attempt,
    [
        b"\x05" + _riff(_chunk(b"fmt ", FORMAT), _chunk(b"data", bytes(32))),
        b"\x05"
        + _riff(_chunk(b"LIST", b"INFOx"), _chunk(b"fmt ", EXTENSIBLE), _chunk(b"data", bytes(24), 0xFFFFFFFF)),
        b"\x05"
        + _riff(_chunk(b"ds64", bytes(28)), _chunk(b"fmt ", FORMAT), _chunk(b"data", b"", 0), name=b"RF64"),
        b"\x05" + _riff(_chunk(b"data", b""), _chunk(b"fmt ", FORMAT), _chunk(b"LIST", b"abcd")),
        b"\x05" + _w64(),
    ],
    (b"RIFF", b"RF64", b"WAVE", b"fmt ", b"data", b"ds64", b"LIST", b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xfe\xff"),
    longest=1024,
)
