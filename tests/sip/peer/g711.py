"""G.711 by the standard's segment arithmetic (ITU-T G.711 §3), sample by sample."""

import struct
from collections.abc import Iterable


def _alaw_byte(sample: int) -> int:
    sign = 0x80 if sample >= 0 else 0
    magnitude = min(sample if sample >= 0 else -sample - 1, 32767) >> 4
    code = magnitude
    if magnitude >= 32:
        exponent = magnitude.bit_length() - 4
        code = (exponent << 4) | ((magnitude >> (exponent - 1)) & 0x0F)
    return (code | sign) ^ 0x55


def _alaw_sample(byte: int) -> int:
    byte ^= 0x55
    exponent, mantissa = (byte & 0x70) >> 4, byte & 0x0F
    magnitude = (mantissa << 4) + 8
    if exponent:
        magnitude = (magnitude + 256) << (exponent - 1)
    return magnitude if byte & 0x80 else -magnitude


def _ulaw_byte(sample: int) -> int:
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), 32635) + 132
    exponent = magnitude.bit_length() - 8
    return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0F)) & 0xFF


def _ulaw_sample(byte: int) -> int:
    byte = ~byte & 0xFF
    exponent, mantissa = (byte & 0x70) >> 4, byte & 0x0F
    magnitude = (((mantissa << 3) + 132) << exponent) - 132
    return -magnitude if byte & 0x80 else magnitude


_DECODE = {8: [_alaw_sample(byte) for byte in range(256)], 0: [_ulaw_sample(byte) for byte in range(256)]}
_ENCODE = {8: _alaw_byte, 0: _ulaw_byte}


def decode(payload_type: int, payload: bytes) -> list[int]:
    """Linear samples of a PCMA (8) or PCMU (0) payload."""
    table = _DECODE[payload_type]
    return [table[byte] for byte in payload]


def encode(payload_type: int, samples: Iterable[int]) -> bytes:
    """A PCMA (8) or PCMU (0) payload of linear samples."""
    return bytes(map(_ENCODE[payload_type], samples))


def from_pcm(pcm: bytes) -> tuple[int, ...]:
    """Samples of 16-bit little-endian PCM."""
    return struct.unpack(f"<{len(pcm) // 2}h", pcm)
