"""Voice codings and how a modem names them (pure).

Ids 130, 131, 132 mean different codings with different makers, so `+VSM=?` is read by name.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.g711 import decode_alaw, decode_ulaw, encode_alaw, encode_ulaw

Samples = NDArray[np.int16]

RATE = 8000
LIST_LIMIT = 64
_PREFIX = re.compile(r"^\s*\+?VSM\s*[:=]\s*", re.IGNORECASE)
_QUOTED = re.compile(r'(?<![\d.])(\d{1,3})\s*,\s*"([^"]*)"')
_BARE = re.compile(
    r"^\s*\(?\s*(\d{1,3})\s*,\s*([^,()\"\d][^,()\"]*|\d+-?\s?BIT[^,()\"]*)(?=,|\)|\s*$)", re.IGNORECASE
)
_CONTINUED = re.compile(r"[\d\s,()-]+")
_COMPRESSED = ("ADPCM", "G729", "G723", "G726", "G728", "G722", "GSM", "CELP", "TRUESPEECH")
_COMPANDED = {
    "ULAW": ("ULAW", "MULAW", "UULAW", "PCMU", "G711U", "G711MU"),
    "ALAW": ("ALAW", "PCMA", "G711A"),
}


class Coding(Enum):
    """Codings this driver can speak, best first."""

    ULAW = "µ-law"
    ALAW = "A-law"
    LINEAR_16 = "16-bit linear"
    UNSIGNED_8 = "8-bit unsigned"
    SIGNED_8 = "8-bit signed"

    @property
    def sample_bytes(self) -> int:
        """Bytes of one sample."""
        return 2 if self is Coding.LINEAR_16 else 1

    def encode(self, samples: Samples) -> bytes:
        """Samples as the modem wants them, not yet shielded."""
        match self:
            case Coding.ULAW:
                return encode_ulaw(samples)
            case Coding.ALAW:
                return encode_alaw(samples)
            case Coding.LINEAR_16:
                return samples.astype("<i2", copy=False).tobytes()
            case Coding.UNSIGNED_8:
                return (_top_byte(samples) + 128).astype(np.uint8).tobytes()
            case Coding.SIGNED_8:
                return _top_byte(samples).astype(np.int8).tobytes()

    def decode(self, audio: bytes) -> Samples:
        """Whole samples from unshielded bytes; a trailing half sample is the caller's to keep."""
        match self:
            case Coding.ULAW:
                return decode_ulaw(audio)
            case Coding.ALAW:
                return decode_alaw(audio)
            case Coding.LINEAR_16:
                return np.frombuffer(audio, dtype="<i2").astype(np.int16)
            case Coding.UNSIGNED_8:
                return ((np.frombuffer(audio, dtype=np.uint8).astype(np.int16) - 128) * 256).astype(np.int16)
            case Coding.SIGNED_8:
                return (np.frombuffer(audio, dtype=np.int8).astype(np.int16) * 256).astype(np.int16)


@dataclass(frozen=True, slots=True)
class VoiceMode:
    """One +VSM id and what it codes."""

    id: int
    coding: Coding


@dataclass(frozen=True, slots=True)
class ListedCoding:
    """One coding as a modem lists it."""

    id: int
    name: str
    coding: Coding | None
    """What it is at 8000 Hz; None where this driver does not speak it."""

    @property
    def compressed(self) -> bool:
        """Whether its name is one of a compressed coding, of which none is spoken here."""
        return _is_compressed(_word(self.name))


def listed_codings(lines: Iterable[str]) -> list[ListedCoding]:
    """Every coding named in an answer to `AT+VSM=?`, in its order: one a line, several a line, or an entry gone on
    with on the next line; with `+VSM:`, brackets or quotes or without. Anything else is passed over."""
    return [
        ListedCoding(number, name, _coding_named(name, rest) if _offers_rate(rest) else None)
        for number, name, rest in _entries(list(lines)[:LIST_LIMIT])
    ]


def listed_modes(lines: Iterable[str], order: Sequence[Coding] = tuple(Coding)) -> list[VoiceMode]:
    """Modes of an answer to `AT+VSM=?` that this driver speaks at 8000 Hz; `order`: every coding, best first."""
    modes = [VoiceMode(listed.id, listed.coding) for listed in listed_codings(lines) if listed.coding is not None]
    return sorted(modes, key=lambda mode: order.index(mode.coding))


def _entries(lines: list[str]) -> list[tuple[int, str, str]]:
    """Number, name and what follows it, of each entry."""
    entries: list[tuple[int, str, str]] = []
    for line in lines:
        text = _PREFIX.sub("", line)
        found = list(_QUOTED.finditer(text)) or list(_BARE.finditer(text))
        if found:
            ends = [*(match.start() for match in found[1:]), len(text)]
            entries += [
                (int(match[1]), match[2], text[match.end() : end]) for match, end in zip(found, ends, strict=True)
            ]
        elif entries and _CONTINUED.fullmatch(text):
            number, name, rest = entries[-1]
            entries[-1] = (number, name, f"{rest},{text}")
    return entries


def _top_byte(samples: Samples) -> NDArray[np.int32]:
    """Each sample rounded to its upper eight bits, -128 to 127."""
    return (samples.astype(np.int32) + 128).clip(-32768, 32767) >> 8


def _word(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", name.upper().replace("µ", "U").replace("μ", "U"))


def _is_compressed(word: str) -> bool:
    return any(compressed in word for compressed in _COMPRESSED)


def _coding_named(name: str, rest: str) -> Coding | None:
    word = _word(name)
    if _is_compressed(word):
        return None
    if any(law in word for law in _COMPANDED["ULAW"]) or word == "LAW":
        return Coding.ULAW
    if any(law in word for law in _COMPANDED["ALAW"]):
        return Coding.ALAW
    bits = _bits(word, rest)
    if bits in (14, 16):
        return None if "UNSIGNED" in word else Coding.LINEAR_16
    if bits != 8 or not any(kind in word for kind in ("PCM", "LINEAR", "SIGNED", "8BIT")):
        return None
    if "UNSIGNED" in word or "SIGNED" not in word:
        return Coding.UNSIGNED_8  # USR's "8-BIT LINEAR" is unsigned, silence 0x80
    return Coding.SIGNED_8


def _bits(word: str, rest: str) -> int | None:
    """Bits of a sample: in the name, else the first figure after it (`1,"UNSIGNED PCM",8,0,8000,0,0`)."""
    for bits in (16, 14, 8):
        if f"{bits}BIT" in word or word.endswith(str(bits)):
            return bits
    figure = re.match(r"[\s,(]*(\d+)", rest)
    if figure is not None and int(figure[1]) <= 16:
        return int(figure[1])
    return 8 if "PCM" in word or "LINEAR" in word else None


def _offers_rate(rest: str) -> bool:
    ranges = re.findall(r"(\d{4,5})\s*-\s*(\d{4,5})", rest)
    rates = [int(figure) for figure in re.findall(r"\d{4,5}", rest)]
    return not rates or RATE in rates or any(int(low) <= RATE <= int(high) for low, high in ranges)
