"""Reading and filling the bridge's frames, fast where that is proved to work.

pjsua2 hands a frame over as a SWIG vector of bytes. `bytes(vector)` walks it one Python integer at a time, some
150 µs for 20 ms of audio; the vector's own begin and end pointers give the same bytes in a few µs. Where they lie
is the C++ library's affair, so the fast way is used only after it has read known bytes rightly in this process.
"""

import ctypes
from collections.abc import Callable
from typing import Any, Final

import pjsua2 as pj

ReadFrame = Callable[[Any], bytes]
"""Of a frame's buffer."""
WriteFrame = Callable[[Any, bytes], None]
"""To a frame that the bridge wants filled: its bytes, as many each time."""

_KNOWN: Final = bytes(range(256)) + b"sansheng"
_BOUNDS: Final = ctypes.c_void_p * 2


def read_slowly(vector: Any) -> bytes:
    """The vector's bytes, by the documented way."""
    return bytes(vector)


def read_by_pointers(vector: Any) -> bytes:
    """The vector's bytes, from the begin and end pointers at the start of a std::vector."""
    begin, end = (bound or 0 for bound in _BOUNDS.from_address(int(vector.this)))
    return ctypes.string_at(begin, end - begin) if begin else b""


def write_slowly(frame: Any, data: bytes) -> None:
    """A new vector for each frame, by the documented way."""
    frame.buf = pj.ByteVector(data)


class WriteByPointers:
    """One vector for all frames: its bytes are replaced in place and then copied by C++."""

    def __init__(self, size: int) -> None:
        """`size`: bytes of every frame."""
        self._vector = pj.ByteVector(bytes(size))
        self._begin = int(_BOUNDS.from_address(int(self._vector.this))[0] or 0)
        self._size = size

    def __call__(self, frame: Any, data: bytes) -> None:
        """A frame of another size goes the documented way."""
        if len(data) != self._size:
            write_slowly(frame, data)
            return
        ctypes.memmove(self._begin, data, self._size)
        frame.buf = self._vector


def frame_writer(size: int) -> WriteFrame:
    """WriteByPointers for frames of so many bytes where pointers prove right, else write_slowly."""
    return WriteByPointers(size) if _proved() else write_slowly


def frame_reader() -> ReadFrame:
    """read_by_pointers where it proves right, else read_slowly."""
    return read_by_pointers if _proved() else read_slowly


def _proved() -> bool:
    """Lengths are compared before any byte is touched: wrong pointers must not be followed."""
    try:
        for known in (_KNOWN, _KNOWN[:1], b""):
            vector = pj.ByteVector(known)
            begin, end = (bound or 0 for bound in _BOUNDS.from_address(int(vector.this)))
            if end - begin != len(known) or read_by_pointers(vector) != known:
                return False
    except (TypeError, ValueError, AttributeError):
        return False
    return True
