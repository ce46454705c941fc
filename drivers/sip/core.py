"""The few functions of the C library inside pjsua2 that pjsua2 itself gives no name to.

They are exported by the very extension module that Python has loaded, so there is one library, not two.
"""

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import pjsua2 as pj

_SERVICE_UNAVAILABLE: Final = 503
_BEFORE_DIALOGS: Final = 24
"""Module priority between PJSIP_MOD_PRIORITY_TSX_LAYER (16), which has dealt with retransmissions, and
PJSIP_MOD_PRIORITY_UA_PROXY_LAYER (32)."""


@cache
def _library() -> Any:
    module: Any = pj._pjsua2
    library = ctypes.CDLL(module.__file__)
    library.pjsip_rdata_get_dlg.restype = ctypes.c_void_p
    library.pjsip_rdata_get_dlg.argtypes = [ctypes.c_void_p]
    library.pjsip_dlg_respond.restype = ctypes.c_int
    library.pjsip_dlg_respond.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, *[ctypes.c_void_p] * 3]
    library.pjsip_generic_string_hdr_init2.argtypes = [ctypes.c_void_p] * 3
    library.pjsip_tsx_layer_find_tsx.restype = ctypes.c_void_p
    library.pjsip_tsx_layer_find_tsx.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.pjsip_tsx_terminate.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.pjsua_get_pjsip_endpt.restype = ctypes.c_void_p
    library.pjsip_endpt_register_module.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    library.pjsip_rx_data_get_info.restype = ctypes.c_char_p
    library.pjsip_rx_data_get_info.argtypes = [ctypes.c_void_p]
    library.pjsip_endpt_respond_stateless.argtypes = [
        *(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int),
        *(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p),
    ]
    return library


_OnRequest = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)


class _Module(ctypes.Structure):
    """pjsip_module (sip_module.h): a list node, a name, two numbers and nine callbacks."""

    _fields_ = (
        *(("prev", ctypes.c_void_p), ("next", ctypes.c_void_p)),
        *(("name", ctypes.c_char_p), ("name_length", ctypes.c_ssize_t)),
        *(("id", ctypes.c_int), ("priority", ctypes.c_int)),
        *((name, ctypes.c_void_p) for name in ("load", "start", "stop", "unload")),
        ("on_rx_request", _OnRequest),
        *(
            (name, ctypes.c_void_p)
            for name in ("on_rx_response", "on_tx_request", "on_tx_response", "on_tsx_state")
        ),
    )


def set_log_level(level: int) -> None:
    """pjlib's log level; pjsua2 can set it only after libCreate has printed its own lines."""
    _library().pj_log_set_level(level)


def stay_with_udp() -> None:
    """Have requests go over UDP however long they are; before libInit. pjsip would try TCP from 1300 bytes on (an
    INVITE with a digest in it), and a telephone behind a firewall that drops TCP would not ring for minutes."""
    settings = _Settings.in_dll(_library(), "pjsip_sip_cfg_var")
    if tuple(settings.timers) == _TIMERS:
        settings.disable_tcp_switch = 1


def end_invite(branch: str, status: int) -> None:
    """End our INVITE's transaction at once, as if `status` had come, if it is still there. `branch`: its Via's."""
    # How pjsip names a client's INVITE transaction (RFC 3261 §17.1.3). It is asked for by name: a pointer to one
    # that has ended meanwhile would be followed into freed memory.
    name = _Text(f"c${branch}".encode())
    transaction = _library().pjsip_tsx_layer_find_tsx(ctypes.byref(name), 0)
    if transaction:
        _library().pjsip_tsx_terminate(transaction, status)


def call_limit() -> int:
    """Calls the library can hold at a time, after libInit; pjsua2 takes a larger maxCalls without a word."""
    return int(_library().pjsua_call_get_max_count())


class _Settings(ctypes.Structure):
    """pjsip_cfg_t (sip_config.h of 2.15): thirteen flags, and the timers by which the layout is known."""

    _fields_ = (
        ("flags_before", ctypes.c_int * 4),
        ("disable_tcp_switch", ctypes.c_int),
        ("flags_after", ctypes.c_int * 8),
        ("transactions", ctypes.c_uint),
        ("timers", ctypes.c_uint * 4),
    )


_TIMERS: Final = (500, 4000, 5000, 32000)
"""T1, T2, T4 and D in milliseconds (RFC 3261 appendix A)."""


class InviteFilter:
    """Answers INVITEs with 503 before pjsip spends anything on them. Keep it until the library is destroyed."""

    def __init__(self, admits: Callable[[], bool]) -> None:
        """`admits` is asked about each INVITE, on the owner thread."""
        self._admits = admits
        self._callback = _OnRequest(self._on_request)
        name = b"mod-sansheng-gate"
        self._module = _Module(
            name=name, name_length=len(name), id=-1, priority=_BEFORE_DIALOGS, on_rx_request=self._callback
        )
        self._endpoint = _library().pjsua_get_pjsip_endpt()
        _library().pjsip_endpt_register_module(self._endpoint, ctypes.byref(self._module))

    def _on_request(self, rdata: int) -> int:
        """1: dealt with; 0: on to the next module. What it raised ctypes would print and take for 0."""
        info = _library().pjsip_rx_data_get_info(rdata)
        if b" INVITE/" not in info or self._admits():
            return 0
        _library().pjsip_endpt_respond_stateless(self._endpoint, rdata, _SERVICE_UNAVAILABLE, None, None, None)
        return 1


class _Text(ctypes.Structure):
    """pj_str_t."""

    _fields_ = (("characters", ctypes.c_char_p), ("length", ctypes.c_ssize_t))

    def __init__(self, text: bytes) -> None:
        super().__init__(text, len(text))


class _Links(ctypes.Structure):
    """The head of a pjlib list, and the beginning of each of its members."""

    _fields_ = (("prev", ctypes.c_void_p), ("next", ctypes.c_void_p))


class _AcceptHeader:
    """A list of one header, `Accept: …`; pjsip copies it. Keep it until then."""

    def __init__(self, types: str) -> None:
        self._name, self._value = _Text(b"Accept"), _Text(types.encode())
        # pjsip_generic_string_hdr has 80 bytes (sip_msg.h).
        self._header = ctypes.create_string_buffer(256)
        _library().pjsip_generic_string_hdr_init2(
            self._header, ctypes.byref(self._name), ctypes.byref(self._value)
        )
        member = ctypes.addressof(self._header)
        self.head = _Links(member, member)
        head = ctypes.addressof(self.head)
        _Links.from_buffer(self._header).prev = _Links.from_buffer(self._header).next = head


def respond_in_dialog(rdata: Any, status: int, accept: str | None = None) -> None:
    """Answer an in-dialog request from inside its callback (`rdata`: pjsua2's SipRxData), with an Accept header
    where one is given.

    pjsip answers 500 by itself to what neither it nor the application has answered.
    """
    request = int(rdata.pjRxData)
    dialog = _library().pjsip_rdata_get_dlg(request)
    if dialog:
        headers = None if accept is None else _AcceptHeader(accept)
        first = None if headers is None else ctypes.byref(headers.head)
        _library().pjsip_dlg_respond(dialog, request, status, None, first, None)
