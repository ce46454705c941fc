"""How much of the sound that its header promises a file of AIFF, AU or RIFX holds.

libsndfile decodes these, and takes one that was cut short for a shorter one without a word.
"""

import os
from typing import BinaryIO, Final

_SAMPLES: Final = {b"FORM": (b"SSND", 8), b"RIFX": (b"data", 0)}
"""The chunk of the samples, and how many bytes stand before them; both write numbers highest byte first."""
_UNKNOWN: Final = 0x7F000000  # bytes; sizes from here on are written by those who could not know (a pipe's end)
_MOST_CHUNKS: Final = 1000  # before the samples; files have a handful


def missing_share(file: BinaryIO) -> float:
    """How many bytes of samples are missing for each that is there.

    0.0 for a whole file, and for other kinds, whose end is found by decoding them or not at all. Moves the file's
    position. Raises OSError.
    """
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    beginning = file.read(12)
    if beginning[:4] == b".snd":
        offset, promised = _number(beginning[4:8]), _number(beginning[8:12])
    elif beginning[:4] in _SAMPLES:
        offset, promised = _chunk(file, *_SAMPLES[beginning[:4]])
    else:
        return 0.0
    there = length - offset
    return 0.0 if there <= 0 or promised >= _UNKNOWN else max(0, promised - there) / there


def _chunk(file: BinaryIO, wanted: bytes, before: int) -> tuple[int, int]:
    """Where the samples in a chunk begin and how many bytes they are said to be; zeros without such a chunk."""
    for _ in range(_MOST_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            break
        size = _number(head[4:])
        if head[:4] == wanted:
            return file.tell() + before, size - before
        file.seek(size + size % 2, os.SEEK_CUR)
    return 0, 0


def _number(four: bytes) -> int:
    return int.from_bytes(four, "big")
