"""The sample codings of +VSM, bytes ⇄ samples. Written on their own, as a second opinion on the driver's."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Int16 = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Codec:
    """One coding: how many bytes a sample takes and how to convert."""

    width: int
    encode: Callable[[Int16], bytes]
    decode: Callable[[bytes], Int16]


def _mu_law_value(code: int) -> int:
    """G.711 table 2: the sample a µ-law byte stands for, on the 16-bit scale."""
    code = ~code & 0xFF
    magnitude = (((code & 0x0F) * 2 + 33) << (code >> 4 & 7)) - 33
    return -4 * magnitude if code & 0x80 else 4 * magnitude


def _a_law_value(code: int) -> int:
    """G.711 table 1: the sample an A-law byte stands for, on the 16-bit scale."""
    code ^= 0x55
    segment, step = code >> 4 & 7, code & 0x0F
    magnitude = step * 2 + 1 if segment == 0 else (step * 2 + 33) << (segment - 1)
    return 8 * magnitude if code & 0x80 else -8 * magnitude


@cache
def _decode_table(value_of: Callable[[int], int]) -> NDArray[np.int16]:
    return np.array([value_of(code) for code in range(256)], dtype=np.int16)


@cache
def _encode_table(value_of: Callable[[int], int]) -> NDArray[np.uint8]:
    """For each of the 65536 samples the byte whose value is nearest."""
    values = _decode_table(value_of).astype(np.int32)
    order = np.argsort(values, kind="stable")
    middles = (values[order][1:] + values[order][:-1]) / 2
    return order[np.searchsorted(middles, np.arange(-32768, 32768))].astype(np.uint8)


def _companded(value_of: Callable[[int], int]) -> Codec:
    return Codec(
        1,
        lambda samples: _encode_table(value_of)[samples.astype(np.int32) + 32768].tobytes(),
        lambda data: _decode_table(value_of)[np.frombuffer(data, dtype=np.uint8)],
    )


def _shortened(samples: Int16) -> NDArray[np.int32]:
    """16-bit samples rounded to 8 bits, -128 to 127."""
    return np.asarray(np.clip((samples.astype(np.int32) + 128) >> 8, -128, 127), dtype=np.int32)


UNSIGNED_8 = Codec(
    1,
    lambda samples: (_shortened(samples) + 128).astype(np.uint8).tobytes(),
    lambda data: ((np.frombuffer(data, dtype=np.uint8).astype(np.int32) - 128) * 256).astype(np.int16),
)
SIGNED_8 = Codec(
    1,
    lambda samples: _shortened(samples).astype(np.int8).tobytes(),
    lambda data: (np.frombuffer(data, dtype=np.int8).astype(np.int32) * 256).astype(np.int16),
)
LINEAR_16 = Codec(
    2,
    lambda samples: samples.astype("<i2").tobytes(),
    lambda data: np.frombuffer(data, dtype="<i2").astype(np.int16),
)
LINEAR_14 = Codec(  # left-justified in 16 bits, bit 0 always set, as the Conexant part sends it
    2,
    lambda samples: ((samples & np.int16(-4)) | np.int16(1)).astype("<i2").tobytes(),
    lambda data: np.frombuffer(data, dtype="<i2").astype(np.int16),
)
MU_LAW = _companded(_mu_law_value)
A_LAW = _companded(_a_law_value)
