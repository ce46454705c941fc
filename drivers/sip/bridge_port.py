"""A port on the conference bridge, made of pjmedia's own structures.

pjsua2's AudioMediaPort calls into Python twice a tick, for a frame and with one, whether anybody is there or not,
and each time wraps and copies what it hands over. These ports do neither, and call only while somebody has
something to say or listens.
"""

import ctypes
import logging
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import pjsua2 as pj

from drivers.sip.clock_thread import ClockThread
from drivers.sip.playout import FRAME

_log = logging.getLogger(__name__)

CLOCK_RATE: Final = 8000
"""Hz; no resampling anywhere between a G.711 line and the ears."""
_BYTES: Final = 2 * FRAME
_POOL: Final = 1000
"""Bytes that a pool grows by; a port takes about 500."""
_SUCCESS: Final = 0
_ANOTHER: Final = "this pjsua2 is another than the one known; install the version that is pinned"
_AUDIO: Final = pj.PJMEDIA_FRAME_TYPE_AUDIO
_NONE: Final = pj.PJMEDIA_FRAME_TYPE_NONE

Say = Callable[[], bytes | None]
"""The next 20 ms (320 bytes), None for silence. Called on the clock thread."""
Hear = Callable[[bytes], None]
"""Takes 20 ms, nothing where the bridge has none. Called on the clock thread."""


class BridgeError(Exception):
    """The library makes no ports as they are known here."""


class _Frame(ctypes.Structure):
    """pjmedia_frame (pjmedia/frame.h of 2.15)."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("buffer", ctypes.c_void_p),
        ("size", ctypes.c_size_t),
        ("timestamp", ctypes.c_uint64),
        ("bits", ctypes.c_uint32),
    )


class _Port(ctypes.Structure):
    """pjmedia_port (pjmedia/port.h of 2.15): its description, then what it is made of."""

    _fields_ = (
        ("info", ctypes.c_uint64 * 8),
        ("data", ctypes.c_void_p * 2),
        ("group_lock", ctypes.c_void_p),
        ("get_clock_src", ctypes.c_void_p),
        ("put_frame", ctypes.c_void_p),
        ("get_frame", ctypes.c_void_p),
        ("on_destroy", ctypes.c_void_p),
    )


_OnFrame = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


class BridgePort:
    """Silent and deaf until told otherwise. It must live until the library is destroyed: the clock thread may call
    into it until then."""

    def __init__(self, thread: ClockThread) -> None:
        """After the bridge has its clock; `thread` is the one that the bridge runs on. Raises BridgeError."""
        library = _library()
        pool = library.pjsua_pool_create(b"sansheng", _POOL, _POOL)
        made, slot = ctypes.c_void_p(), ctypes.c_int()
        _check(
            library.pjmedia_null_port_create(pool, CLOCK_RATE, 1, FRAME, 8 * _BYTES // FRAME, ctypes.byref(made))
        )
        self._thread = thread
        self._port = _Port.from_address(made.value or 0)
        _prove(library, self._port)
        self._say: Say | None = None
        self._hear: Hear | None = None
        self._callbacks = _OnFrame(self._on_wanted), _OnFrame(self._on_given)
        self._wanted, self._given = (_address(callback) for callback in self._callbacks)
        self.say(None)
        self.hear(None)
        _check(library.pjsua_conf_add_port(pool, made, ctypes.byref(slot)))
        self.slot = slot.value
        """Its number on the bridge."""

    def say(self, what: Say | None) -> None:
        """Ask it from the next tick on; None: nobody, and say nothing."""
        # The pointer is one word, read by the clock once a tick. A call that is under way meanwhile comes to its
        # end as it was: what it asks is not taken away here.
        if what is None:
            self._port.get_frame = None
        else:
            self._say = what
            self._port.get_frame = self._wanted

    def hear(self, what: Hear | None) -> None:
        """Hand on to it from the next tick on; None: to nobody."""
        if what is None:
            self._port.put_frame = None
        else:
            self._hear = what
            self._port.put_frame = self._given

    def _on_wanted(self, _: int, place: int) -> int:
        """pjmedia: the bridge wants the next frame."""
        frame = _Frame.from_address(place)
        frame.type = _NONE
        try:
            self._stay()
            said = None if self._say is None else self._say()
            if said is not None and len(said) == _BYTES:
                ctypes.memmove(frame.buffer, said, _BYTES)
                frame.type, frame.size = _AUDIO, _BYTES
        except Exception:  # noqa: BLE001 - whatever it is, C must not see it
            _log.error("what is to be said failed", exc_info=True)
        return _SUCCESS

    def _on_given(self, _: int, place: int) -> int:
        """pjmedia: the bridge has mixed a frame for us."""
        frame = _Frame.from_address(place)
        try:
            self._stay()
            if self._hear is not None:
                self._hear(ctypes.string_at(frame.buffer, frame.size) if frame.type == _AUDIO else b"")
        except Exception:  # noqa: BLE001 - whatever it is, C must not see it
            _log.error("what is heard failed", exc_info=True)
        return _SUCCESS

    def _stay(self) -> None:
        if not self._thread.kept:
            self._thread.keep()


def connect(source: int, sink: int) -> None:
    """Have the port of number `sink` hear that of number `source`. Raises BridgeError."""
    _check(_library().pjsua_conf_connect(source, sink))


@cache
def _library() -> Any:
    module: Any = pj._pjsua2
    library = ctypes.CDLL(module.__file__)
    library.pjsua_pool_create.restype = ctypes.c_void_p
    library.pjsua_pool_create.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_size_t]
    library.pjmedia_null_port_create.argtypes = [ctypes.c_void_p, *[ctypes.c_uint] * 4, ctypes.c_void_p]
    library.pjmedia_port_get_frame.argtypes = library.pjmedia_port_put_frame.argtypes = [ctypes.c_void_p] * 2
    library.pjsua_conf_add_port.argtypes = [ctypes.c_void_p] * 3
    library.pjsua_conf_connect.argtypes = [ctypes.c_int] * 2
    return library


def _check(status: int) -> None:
    if status != _SUCCESS:
        raise BridgeError(f"the conference bridge refuses a port (pjlib's status {status})")


def _address(callback: Any) -> int | None:
    return ctypes.cast(callback, ctypes.c_void_p).value


def _prove(library: Any, port: _Port) -> None:
    """Have pjmedia itself call by the two pointers, and look at what comes of it. Raises BridgeError."""
    calls: list[tuple[str, int, int, int]] = []

    def noting(name: str) -> Any:
        def note(place: int, at: int) -> int:
            frame = _Frame.from_address(at)
            calls.append((name, place, frame.buffer or 0, frame.size))
            return _SUCCESS

        return _OnFrame(note)

    buffer = ctypes.create_string_buffer(_BYTES)
    frame = _Frame(type=_AUDIO, buffer=ctypes.addressof(buffer), size=_BYTES)
    said, heard = noting("get"), noting("put")
    for pointer in (port.get_frame, port.put_frame):
        if not pointer:  # a port of pjmedia's has both: they lie elsewhere
            raise BridgeError(_ANOTHER)
    port.get_frame, port.put_frame = _address(said), _address(heard)
    where = ctypes.addressof(port)
    library.pjmedia_port_get_frame(where, ctypes.byref(frame))
    library.pjmedia_port_put_frame(where, ctypes.byref(frame))
    if calls != [(name, where, ctypes.addressof(buffer), _BYTES) for name in ("get", "put")]:
        raise BridgeError(_ANOTHER)
