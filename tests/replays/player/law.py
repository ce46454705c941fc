"""Sound as a modem's bytes: ITU-T G.711 and linear codings by formula, and shielding done by hand.

Written from the recommendation, apart from the product's own codecs: a mistake of theirs shows here.
"""

import math
from collections.abc import Callable

RATE = 8000


def mu_law(sample: int) -> int:
    """G.711 table 2a: 14 bits, eight segments that double, all bits inverted."""
    magnitude = min((-sample if sample < 0 else sample) >> 2, 8158) + 33
    segment = magnitude.bit_length() - 6
    step = (magnitude >> (segment + 1)) & 15
    return ~((0x80 if sample < 0 else 0) | segment << 4 | step) & 0xFF


def mu_law_sample(byte: int) -> int:
    """The value in the middle of a step, 16 bits."""
    byte = ~byte & 0xFF
    magnitude = ((2 * (byte & 15) + 33) << (byte >> 4 & 7)) - 33
    return -4 * magnitude if byte & 0x80 else 4 * magnitude


def a_law(sample: int) -> int:
    """G.711 table 1a: 13 bits, even bits inverted; the sign bit is 1 for positive values."""
    magnitude = (~sample if sample < 0 else sample) >> 4
    segment = max(magnitude.bit_length() - 4, 0)
    step = (magnitude >> max(segment - 1, 0)) & 15
    return ((0 if sample < 0 else 0x80) | segment << 4 | step) ^ 0x55


def a_law_sample(byte: int) -> int:
    """The value in the middle of a step, 16 bits."""
    positive, byte = byte & 0x80, (byte ^ 0x55) & 0x7F
    segment, step = byte >> 4, byte & 15
    magnitude = 2 * step + 1 if segment == 0 else (2 * step + 33) << (segment - 1)
    return 8 * magnitude if positive else -8 * magnitude


ENCODE: dict[str, Callable[[int], bytes]] = {
    "mu": lambda sample: bytes((mu_law(sample),)),
    "a": lambda sample: bytes((a_law(sample),)),
    "unsigned8": lambda sample: bytes(((sample >> 8) + 128,)),
    "signed8": lambda sample: bytes(((sample >> 8) & 0xFF,)),
    "linear16": lambda sample: (sample & 0xFFFF).to_bytes(2, "little"),
    # Left-justified, the lowest bit always set, as measured on a CX93001.
    "linear14": lambda sample: ((sample & 0xFFFC) | 1).to_bytes(2, "little"),
}
"""From a 16-bit sample to the bytes of a coding, by the names that the files of modems use."""

DECODE: dict[str, Callable[[int], int]] = {
    "mu": mu_law_sample,
    "a": a_law_sample,
    "unsigned8": lambda byte: (byte - 128) << 8,
    "signed8": lambda byte: (byte - 256 if byte > 127 else byte) << 8,
}
"""The other way, for the codings of one byte."""


def shielded(audio: bytes, *, sub: bool = False) -> bytes:
    """Every 10h twice; with `sub` a pair of them as 10h 1Ah, as Conexant parts send it."""
    out = bytearray()
    position = 0
    while position < len(audio):
        pair = audio[position : position + 2] == b"\x10\x10"
        if sub and pair:
            out += b"\x10\x1a"
            position += 2
            continue
        out += b"\x10\x10" if audio[position] == 0x10 else audio[position : position + 1]
        position += 1
    return bytes(out)


class Sound:
    """A tone, or several at once, with a cadence; silence without a frequency. Samples are asked for in order."""

    def __init__(
        self, hz: list[float] | None = None, dbfs: float = -20.0, on: float = 0.0, off: float = 0.0
    ) -> None:
        """`dbfs`: rms of the whole while it sounds; `on`/`off` seconds, 0 for a tone without pauses."""
        self._hz = hz or []
        self._peak = 32768 * 10 ** (dbfs / 20) * math.sqrt(2 / max(1, len(self._hz)))
        self._on, self._period = on, on + off
        self._position = 0

    def samples(self, count: int) -> list[int]:
        """The next `count` samples."""
        first, self._position = self._position, self._position + count
        return [self._sample(n / RATE) for n in range(first, first + count)]

    def _sample(self, time: float) -> int:
        if self._period and time % self._period >= self._on:
            return 0
        wave = sum(math.sin(2 * math.pi * hz * time) for hz in self._hz)
        return max(-32768, min(32767, round(self._peak * wave)))
