"""Two voices heard at once. Pure."""

import numpy as np


def mixed(a: bytes | None, b: bytes | None) -> bytes | None:
    """The sum of two pieces of 16-bit little-endian audio, limited to 16 bits; None is nothing to be heard.

    Of unequal pieces the shorter one ends in silence.
    """
    if not a or not b:
        return a or b
    if len(a) < len(b):
        a, b = b, a
    total = np.frombuffer(a, dtype="<i2").astype(np.int32)
    total[: len(b) // 2] += np.frombuffer(b, dtype="<i2")
    return np.clip(total, -32768, 32767).astype("<i2").tobytes()
