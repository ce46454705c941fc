"""One leg's end of a join: a Unix datagram socket of its own, and the other leg's by its path."""

import contextlib
import errno
import os
import socket as sockets
import stat
import time
from pathlib import Path
from typing import Final

from drivers.bridge.elastic import ElasticBuffer
from drivers.bridge.wire import DATAGRAM_BYTES, FRAME_BYTES, FRAME_SECONDS, SEQUENCE_NUMBERS, packed, unpacked

_AT_ONCE: Final = 32
"""Datagrams read for one take: after a stall all that can be wanted, of a flood no more."""
_UNDER_WAY: Final = 32 * 1024
"""Bytes that the kernel holds for a peer that does not read, its own overhead included: about 25 frames."""
_LONGEST: Final = 107
"""Bytes of a socket's path: sun_path in unix(7), less the closing zero."""
_NANO: Final = 1e-9
_SILENCE: Final = bytes(FRAME_BYTES)


class AudioPath:
    """Exchanges 20 ms frames (320 bytes, 16-bit little-endian mono at 8000 Hz) with another AudioPath.

    After construction nothing blocks and nothing raises: a peer that is not there hears nothing and says nothing,
    one that comes again is heard again. `send` and `take` may be called by two threads, each by one at a time.
    """

    def __init__(self, socket: str, peer: str) -> None:
        """Bind `socket`, in a folder that is closed to others (0700); `peer` is where the other leg binds.

        A socket file left behind by a crash is replaced. Raises OSError: no such folder, no permission, a path
        that no socket can have (over 107 bytes), or one at which there is something else than a socket.
        """
        self._path = _address(socket)
        self._peer = str(_address(peer))
        self._buffer = ElasticBuffer()
        self._sequence = 0
        self._socket = sockets.socket(sockets.AF_UNIX, sockets.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, _UNDER_WAY)
            _unlink_socket(self._path)
            self._socket.bind(str(self._path))
            self._path.chmod(0o600)
            self._identity = _identity(self._path)
        except OSError:
            self._socket.close()
            raise

    def send(self, samples: bytes) -> None:
        """Say whole frames of 20 ms to the peer; what is left over is dropped, as is all when nobody listens."""
        now = time.monotonic_ns()
        for start in range(0, len(samples) - FRAME_BYTES + 1, FRAME_BYTES):
            datagram = packed(self._sequence, now, samples[start : start + FRAME_BYTES])
            self._sequence = (self._sequence + 1) % SEQUENCE_NUMBERS
            with contextlib.suppress(OSError):  # no peer, or one that does not read; or closed
                self._socket.sendto(datagram, self._peer)

    def take(self, frames: int = 1) -> bytes | None:
        """The next `frames` * 20 ms of the peer, to be said now, silence where a part is missing.

        None: nothing has come.
        """
        now = time.monotonic_ns() * _NANO
        self._receive(now, frames)
        taken = [self._buffer.take(now) for _ in range(frames)]
        if not any(taken):
            return None
        return b"".join(frame or _SILENCE for frame in taken)

    def close(self) -> None:
        """Neither send nor hear any more, and unlink the socket. Idempotent."""
        if self._socket.fileno() < 0:
            return
        self._socket.close()
        with contextlib.suppress(OSError):
            if _identity(self._path) == self._identity:  # else another join has taken the path since
                self._path.unlink()

    def _receive(self, now: float, wanted: int) -> None:
        """What has come, but for what is not needed yet: each look lets other threads have the interpreter, and a
        media clock may have to wait for it."""
        with contextlib.suppress(OSError):  # nothing there any more; or closed
            for _ in range(_AT_ONCE):
                datagram, sender = self._socket.recvfrom(DATAGRAM_BYTES + 1)
                frame = unpacked(datagram) if sender == self._peer else None
                if frame is None:
                    continue
                self._buffer.put(frame, now)
                if now - frame.sent < FRAME_SECONDS and len(self._buffer.waiting) >= wanted:
                    return  # the next one is not due yet, or read next time


def _address(path: str) -> Path:
    """The path in one spelling for both ends. Raises OSError when no socket can have it."""
    try:
        raw = os.fsencode(path)
    except UnicodeEncodeError as error:
        raise OSError(errno.EINVAL, "no path that a file can have", path) from error
    if not raw or b"\0" in raw:
        raise OSError(errno.EINVAL, "no path that a file can have", path)
    if len(raw) > _LONGEST:
        raise OSError(
            errno.ENAMETOOLONG, f"a socket's path has {_LONGEST} bytes at most; use a shorter folder", path
        )
    return Path(path)


def _unlink_socket(path: Path) -> None:
    """Remove what a crash left at `path`. Raises OSError when it is no socket: it is somebody's file."""
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise OSError(errno.EEXIST, "is no socket; remove it, or use another folder", str(path))
        path.unlink()


def _identity(path: Path) -> tuple[int, int]:
    found = path.lstat()
    return found.st_dev, found.st_ino
