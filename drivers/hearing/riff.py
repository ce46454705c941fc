"""What a RIFF/WAVE file holds: its format and its sample bytes, whole or cut short, of any usual coding."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PCM: Final = 1
FLOAT: Final = 3
ALAW: Final = 6
ULAW: Final = 7
_UNKNOWN: Final = 0x7FFF0000  # bytes; sizes from here on are written by those who could not know (a pipe's end)
_EXTENSIBLE: Final = 0xFFFE  # the true coding is then the first two bytes of the sub-format GUID


class WavError(ValueError):
    """A file that cannot be read as the WAV that was asked for; the message names the file and the cure."""


@dataclass(frozen=True, slots=True)
class WavFile:
    """`coding` is the WAVE format tag; `data` the interleaved samples, whole frames only; `missing` the bytes that
    the header promises and the file does not hold."""

    coding: int
    channels: int
    rate: int
    bits: int
    data: bytes
    missing: int = 0


def parse_wav(path: str | Path) -> WavFile:
    """Read the file at `path`.

    A data chunk that claims more than the file holds, or nothing (a writer was killed), ends where the file ends.
    Raises WavError when it cannot be opened or is not a WAV.
    """
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise WavError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from error
    if len(raw) < 12 or raw[:4] != b"RIFF" or raw[8:12] != b"WAVE":
        raise WavError(f"{path}: not a WAV file (no RIFF/WAVE header); give a WAV recording")
    wave_format, data, promised = _chunks(raw)
    if wave_format is None or len(wave_format) < 16:
        raise WavError(f"{path}: broken WAV file (no whole 'fmt ' chunk); record or export it again")
    if data is None:
        raise WavError(f"{path}: broken WAV file (no 'data' chunk); record or export it again")
    coding, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", wave_format)
    if coding == _EXTENSIBLE and len(wave_format) >= 26:
        (coding,) = struct.unpack_from("<H", wave_format, 24)
    if not channels or not rate or not bits or bits % 8:
        raise WavError(
            f"{path}: broken WAV header ({channels} channels, {rate} Hz, {bits} bits); record or export it again"
        )
    whole = len(data) - len(data) % (channels * bits // 8)
    missing = max(0, promised - len(data)) if promised < _UNKNOWN else 0
    return WavFile(coding, channels, rate, bits, data[:whole], missing)


def _chunks(raw: bytes) -> tuple[bytes | None, bytes | None, int]:
    """The bodies of the first 'fmt ' and 'data' chunks, None where missing, and the size the latter claims."""
    wave_format: bytes | None = None
    at = 12
    while at + 8 <= len(raw):
        name, size = raw[at : at + 4], int.from_bytes(raw[at + 4 : at + 8], "little")
        if name == b"data":
            return wave_format, raw[at + 8 : at + 8 + size] if size else raw[at + 8 :], size
        if name == b"fmt " and wave_format is None:
            wave_format = raw[at + 8 : at + 8 + size]
        at += 8 + size + size % 2  # chunks are padded to an even length
    return wave_format, None, 0
