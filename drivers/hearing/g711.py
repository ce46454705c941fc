"""G.711 A-law and µ-law by table: 16-bit samples to and from one byte a sample (ITU-T G.711, tables 1 and 2).

The 13- and 14-bit values of the Recommendation are aligned to the top of 16 bits, as PCM files have them.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

_EVERY_CODE: Final = np.arange(256, dtype=np.int32)
_EVERY_SAMPLE: Final = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
_ALAW_EVEN_BITS: Final = 0x55  # G.711 §3.2: the even bits are inverted on the line
_ULAW_BIAS: Final = 33  # makes every segment of µ-law begin at a power of two, in 14-bit units
_ULAW_TOP: Final = 0x1FFF  # the largest biased magnitude, in 14-bit units


def _alaw_values() -> NDArray[np.int16]:
    """The sample each A-law code stands for."""
    code = _EVERY_CODE ^ _ALAW_EVEN_BITS
    segment, step = (code >> 4) & 7, code & 15
    magnitude = np.where(segment == 0, (step << 4) + 8, ((step << 4) + 0x108) << np.maximum(segment - 1, 0))
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


def _ulaw_values() -> NDArray[np.int16]:
    """The sample each µ-law code stands for."""
    code = ~_EVERY_CODE & 0xFF
    segment, step = (code >> 4) & 7, code & 15
    magnitude = ((2 * step + _ULAW_BIAS) << segment) - _ULAW_BIAS
    return (np.where(code & 0x80, -magnitude, magnitude) << 2).astype(np.int16)


def _segment_of(magnitude: NDArray[np.int32], first_bit: int) -> NDArray[np.int32]:
    """How many bits above `first_bit` the highest set bit lies; 0 where it lies at or below."""
    top: NDArray[np.int32] = np.frexp(np.maximum(magnitude, 1))[1].astype(np.int32) - 1
    return np.maximum(top - first_bit, 0)


def _alaw_codes() -> NDArray[np.uint8]:
    """The A-law code of every 16-bit sample, indexed by its unsigned value."""
    negative = _EVERY_SAMPLE < 0
    magnitude = np.where(negative, ~_EVERY_SAMPLE, _EVERY_SAMPLE) >> 4
    segment = _segment_of(magnitude, 3)
    step = (magnitude >> np.maximum(segment - 1, 0)) & 15
    code = (segment << 4) | step | np.where(negative, 0, 0x80)
    return (code ^ _ALAW_EVEN_BITS).astype(np.uint8)


def _ulaw_codes() -> NDArray[np.uint8]:
    """The µ-law code of every 16-bit sample, indexed by its unsigned value."""
    negative = _EVERY_SAMPLE < 0
    magnitude = (np.where(negative, ~_EVERY_SAMPLE, _EVERY_SAMPLE) >> 2) + _ULAW_BIAS
    magnitude = np.minimum(magnitude, _ULAW_TOP)
    segment = _segment_of(magnitude, 5)
    step = (magnitude >> (segment + 1)) & 15
    code = (segment << 4) | step | np.where(negative, 0x80, 0)
    codes: NDArray[np.uint8] = (~code & 0xFF).astype(np.uint8)
    return codes


_ALAW_VALUES: Final = _alaw_values()
_ULAW_VALUES: Final = _ulaw_values()
_ALAW_CODES: Final = _alaw_codes()
_ULAW_CODES: Final = _ulaw_codes()


def encode_alaw(samples: NDArray[np.int16]) -> bytes:
    """One A-law byte for each 16-bit sample (PCMA, RTP payload type 8)."""
    return _ALAW_CODES[samples.astype(np.int16, copy=False).view(np.uint16)].tobytes()


def decode_alaw(coded: bytes) -> NDArray[np.int16]:
    """One 16-bit sample for each A-law byte."""
    return _ALAW_VALUES[np.frombuffer(coded, dtype=np.uint8)]


def encode_ulaw(samples: NDArray[np.int16]) -> bytes:
    """One µ-law byte for each 16-bit sample (PCMU, RTP payload type 0)."""
    return _ULAW_CODES[samples.astype(np.int16, copy=False).view(np.uint16)].tobytes()


def decode_ulaw(coded: bytes) -> NDArray[np.int16]:
    """One 16-bit sample for each µ-law byte."""
    return _ULAW_VALUES[np.frombuffer(coded, dtype=np.uint8)]
