"""What one datagram of a joined leg holds: a header, and 20 ms of 16-bit mono samples at 8000 Hz. Pure.

Both ends run on one machine, so the header's time is of the clock that they share (`time.monotonic_ns`), and the
receiver knows exactly how long a frame has been on its way.
"""

import struct
from dataclasses import dataclass
from typing import Final

FRAME_SAMPLES: Final = 160
"""Samples in 20 ms at 8000 Hz: the tick of every leg."""
FRAME_BYTES: Final = 2 * FRAME_SAMPLES
FRAME_SECONDS: Final = 0.02
SEQUENCE_NUMBERS: Final = 1 << 32
"""They begin again at 0 after this many."""

_MARK: Final = b"SB"
_VERSION: Final = 1
_HEADER: Final = struct.Struct("<2sBxIQ")
DATAGRAM_BYTES: Final = _HEADER.size + FRAME_BYTES
_NANO: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Frame:
    """20 ms of a leg. `sent` in seconds of the machine's monotonic clock, `samples` 320 bytes, little-endian."""

    sequence: int
    sent: float
    samples: bytes


def packed(sequence: int, sent_ns: int, samples: bytes) -> bytes:
    """The datagram of a frame of 320 bytes, sent at `sent_ns` nanoseconds of the monotonic clock."""
    return _HEADER.pack(_MARK, _VERSION, sequence % SEQUENCE_NUMBERS, sent_ns) + samples


def unpacked(datagram: bytes) -> Frame | None:
    """The frame in a datagram; None for anything that is not one of ours, or of another version."""
    if len(datagram) != DATAGRAM_BYTES:
        return None
    mark, version, sequence, sent = _HEADER.unpack_from(datagram)
    if mark != _MARK or version != _VERSION:
        return None
    return Frame(sequence, sent * _NANO, datagram[_HEADER.size :])
