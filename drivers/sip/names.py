"""Where pjsip's requests go: an address is taken as it stands, a host's name is asked of the gateway.

pjsip by itself would look a name up on the thread that owns the softphone. A DNS server that is silent would stop
it there for ten seconds with every call in it, and its supervisor would kill it for a hung one.
"""

import ctypes
import socket
from collections.abc import Callable
from typing import Any, Final

import pjsua2 as pj

from drivers.sip.lookup import literal

_UDP, _TCP, _TLS = 1, 2, 3
"""pjsip_transport_type_e (sip_types.h)."""
_RELIABLE: Final = 1
_SECURE: Final = 2
"""pjsip_transport_flags_e."""
_PORTS: Final = {_UDP: 5060, _TCP: 5060, _TLS: 5061}
"""RFC 3261 §19.1.2."""
_UNRESOLVED: Final = 70_018
"""PJ_ERESOLVE."""


class _Text(ctypes.Structure):
    _fields_ = (("characters", ctypes.c_void_p), ("length", ctypes.c_ssize_t))


class _Target(ctypes.Structure):
    """pjsip_host_info (sip_types.h)."""

    _fields_ = (
        *(("flags", ctypes.c_uint), ("transport", ctypes.c_int)),
        *(("host", _Text), ("port", ctypes.c_int)),
    )


class _Address(ctypes.Structure):
    """pj_sockaddr_in, and room for the longer pj_sockaddr_in6 that shares its place (sock.h)."""

    _fields_ = (
        *(("family", ctypes.c_uint16), ("port", ctypes.c_uint16), ("host", ctypes.c_ubyte * 4)),
        ("rest", ctypes.c_uint32 * 5),
    )


class _Addresses(ctypes.Structure):
    """pjsip_server_addresses (sip_resolve.h of 2.15) with one record; pjsip copies it with room for eight."""

    _fields_ = (
        *(("count", ctypes.c_uint), ("transport", ctypes.c_int)),
        *(("priority", ctypes.c_uint), ("weight", ctypes.c_uint)),
        *(("address", _Address), ("length", ctypes.c_int)),
        ("unused", ctypes.c_ubyte * 1024),
    )


_Resolve = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(_Target), ctypes.c_void_p, ctypes.c_void_p
)
_Resolved = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)

_Wait = Callable[[str | None], None]
"""Takes the address that was found, or None."""


class Names:
    """pjsip's resolver. Keep it until the library is destroyed; owner thread only."""

    def __init__(self, ask: Callable[[str], None], may_connect: Callable[[str, tuple[str, int]], bool]) -> None:
        """`ask` has the gateway look a name up; `located` takes what it has found. `may_connect` is asked about
        each host, and the address where it is, that a request is to go to over TCP."""
        self._ask = ask
        self._may_connect = may_connect
        self._waiting: dict[str, list[_Wait]] = {}
        self._callback = _Resolve(self._resolve)
        self._resolver = (ctypes.c_void_p * 1)(ctypes.cast(self._callback, ctypes.c_void_p))
        module: Any = pj._pjsua2
        library = ctypes.CDLL(module.__file__)
        library.pjsua_get_pjsip_endpt.restype = ctypes.c_void_p
        library.pjsip_endpt_set_ext_resolver.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        library.pjsip_endpt_set_ext_resolver(library.pjsua_get_pjsip_endpt(), ctypes.byref(self._resolver))

    def located(self, host: str, address: str | None) -> None:
        """The gateway's answer: what waits for this host goes out, or fails."""
        for go_on in self._waiting.pop(host, ()):
            go_on(address)

    def _resolve(self, _: int, __: int, target: Any, token: int, then: int) -> None:
        """pjsip: where is `target`? Answered once for each question, by `then`."""
        wanted = target.contents
        host = ctypes.string_at(wanted.host.characters, wanted.host.length).decode("ascii", "replace")
        transport = wanted.transport or _transport(wanted.flags)
        port = wanted.port or _PORTS.get(transport, _PORTS[_UDP])

        def go_on(address: str | None) -> None:
            if address is None or not (transport == _UDP or self._may_connect(host, (address, port))):
                _Resolved(then)(_UNRESOLVED, token, None)
                return
            found = _addresses(address, port, transport)
            _Resolved(then)(0, token, ctypes.addressof(found))

        if literal(host) is not None or not host.isascii() or ":" in host:
            go_on(literal(host))
            return
        self._waiting.setdefault(host, []).append(go_on)
        if len(self._waiting[host]) == 1:
            self._ask(host)


def _transport(flags: int) -> int:
    if flags & _SECURE:
        return _TLS
    return _TCP if flags & _RELIABLE else _UDP


def _addresses(address: str, port: int, transport: int) -> _Addresses:
    packed = (ctypes.c_ubyte * 4)(*socket.inet_aton(address))
    where = _Address(socket.AF_INET, socket.htons(port), packed)
    return _Addresses(count=1, transport=transport, address=where, length=16)
