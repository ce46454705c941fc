"""WAV files made by hand, byte for byte: what libraries refuse to write."""

import struct

import numpy as np
from numpy.typing import NDArray


def riff(
    coding: int, channels: int, rate: int, bits: int, data: bytes, *, size: int | None = None, guid: bool = False
) -> bytes:
    """A WAV file; `size` is what its data chunk claims, `guid` writes WAVE_FORMAT_EXTENSIBLE."""
    align = channels * bits // 8
    tag = 0xFFFE if guid else coding
    fmt = struct.pack("<HHIIHH", tag, channels, rate, rate * align, align, bits)
    if guid:
        fmt += struct.pack("<HHIH", 22, bits, 0, coding) + bytes.fromhex("000000001000800000aa00389b71")
    claimed = struct.pack("<I", len(data) if size is None else size)
    body = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + b"LIST\x03\0\0\0abc\0data" + claimed
    return b"RIFF" + struct.pack("<I", len(body) + len(data)) + body + data


def sine(rate: int, hz: float, dbfs: float, seconds: float = 1.0) -> NDArray[np.float64]:
    """A sine of the given rms level."""
    amplitude = np.sqrt(2) * 10 ** (dbfs / 20)
    return np.asarray(amplitude * np.sin(2 * np.pi * hz * np.arange(round(rate * seconds)) / rate))


def bytes16(signal: NDArray[np.float64]) -> bytes:
    """16-bit samples of a signal of full scale 1."""
    return np.round(signal * 32767).astype("<i2").tobytes()
