"""The few functions of the C library inside pjsua2 that pjsua2 itself gives no name to.

They are exported by the very extension module that Python has loaded, so there is one library, not two.
"""

import ctypes
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import pjsua2 as pj

_SERVICE_UNAVAILABLE: Final = 503
_LINE: Final = 4000
"""Bytes of a header: no packet has more (PJSIP_MAX_PKT_LEN)."""
FIRST: Final = 4
"""Module priority before PJSIP_MOD_PRIORITY_TRANSPORT_LAYER (8): nobody has answered anything yet."""
BESIDE_DIALOGS: Final = 40
"""Between PJSIP_MOD_PRIORITY_UA_PROXY_LAYER (32), which keeps what belongs to a call, by pjsip's own reading, and
PJSIP_MOD_PRIORITY_DIALOG_USAGE (48). Modules of one priority are asked in the order of their registration."""


@cache
def _library() -> Any:
    module: Any = pj._pjsua2
    library = ctypes.CDLL(module.__file__)
    library.pjsip_rdata_get_dlg.restype = ctypes.c_void_p
    library.pjsip_rdata_get_dlg.argtypes = [ctypes.c_void_p]
    library.pjsip_dlg_respond.restype = ctypes.c_int
    library.pjsip_dlg_respond.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, *[ctypes.c_void_p] * 3]
    library.pjsip_generic_string_hdr_init2.argtypes = [ctypes.c_void_p] * 3
    library.pjsip_msg_find_hdr.restype = ctypes.c_void_p
    library.pjsip_msg_find_hdr.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p]
    library.pjsip_hdr_print_on.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    library.pjsip_tsx_layer_find_tsx.restype = ctypes.c_void_p
    library.pjsip_tsx_layer_find_tsx.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.pjsip_tsx_terminate.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.pjsua_get_pjsip_endpt.restype = ctypes.c_void_p
    library.pjsip_endpt_get_tpmgr.restype = ctypes.c_void_p
    library.pjsip_endpt_get_tpmgr.argtypes = [ctypes.c_void_p]
    library.pjsip_tpmgr_set_drop_data_cb.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    library.pjsip_tpmgr_get_state_cb.restype = ctypes.c_void_p
    library.pjsip_tpmgr_get_state_cb.argtypes = [ctypes.c_void_p]
    library.pjsip_tpmgr_set_state_cb.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    library.pjsip_endpt_register_module.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    library.pjsip_rx_data_get_info.restype = ctypes.c_char_p
    library.pjsip_rx_data_get_info.argtypes = [ctypes.c_void_p]
    library.pjsip_endpt_respond_stateless.argtypes = [
        *(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int),
        *(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p),
    ]
    return library


_OnMessage = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)


class _Dropped(ctypes.Structure):
    """pjsip_tp_dropped_data (sip_transport.h)."""

    _fields_ = (("transport", ctypes.c_void_p), ("data", ctypes.c_void_p), ("length", ctypes.c_size_t))


_OnDropped = ctypes.CFUNCTYPE(None, ctypes.POINTER(_Dropped))
_OnState = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_OnLog = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_void_p, ctypes.c_int)


class _Module(ctypes.Structure):
    """pjsip_module (sip_module.h): a list node, a name, two numbers and nine callbacks."""

    _fields_ = (
        *(("prev", ctypes.c_void_p), ("next", ctypes.c_void_p)),
        *(("name", ctypes.c_char_p), ("name_length", ctypes.c_ssize_t)),
        *(("id", ctypes.c_int), ("priority", ctypes.c_int)),
        *((name, ctypes.c_void_p) for name in ("load", "start", "stop", "unload")),
        *(("on_rx_request", _OnMessage), ("on_rx_response", _OnMessage)),
        *((name, ctypes.c_void_p) for name in ("on_tx_request", "on_tx_response", "on_tsx_state")),
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


def calls_held() -> int:
    """Calls that the library holds now; one that has ended until its last transaction has."""
    return int(_library().pjsua_call_get_count())


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


class RequestModule:
    """Is shown requests (ResponseModule: answers) that come as far as its priority. Keep it until the library
    is destroyed."""

    _shown = "on_rx_request"

    def __init__(self, name: str, priority: int, is_dealt_with: Callable[[int], bool]) -> None:
        """`is_dealt_with` is called on the owner thread with a pjsip_rx_data's address; False: on to the next
        module. It must not raise: ctypes would print it and take it for False."""
        self._callback = _OnMessage(is_dealt_with)
        self._name = name.encode()
        self._module = _Module(name=self._name, name_length=len(name), id=-1, priority=priority)
        setattr(self._module, self._shown, self._callback)
        _library().pjsip_endpt_register_module(_library().pjsua_get_pjsip_endpt(), ctypes.byref(self._module))


class ResponseModule(RequestModule):
    """Is shown answers."""

    _shown = "on_rx_response"


class RequestFilter:
    """Answers requests that belong to no call with 503 before pjsip spends more on them. Keep it as its module."""

    def __init__(self, name: str, methods: tuple[str, ...], admits: Callable[[], bool]) -> None:
        """`admits` is asked about each request of these methods."""
        self._admits = admits
        self._methods = methods
        self._module = RequestModule(name, BESIDE_DIALOGS, self._is_refused)

    def _is_refused(self, rdata: int) -> bool:
        if method_of(rdata) not in self._methods or self._admits():
            return False
        respond(rdata, _SERVICE_UNAVAILABLE)
        return True


def method_of(rdata: int) -> str:
    """The method of a request, as pjsip has read it."""
    info: bytes = _library().pjsip_rx_data_get_info(rdata)  # "Request msg INVITE/cseq=1 (rdata0x…)"
    return info.removeprefix(b"Request msg ").partition(b"/cseq=")[0].decode("utf-8", "replace")


def headers_of(message: int, kind: int) -> list[tuple[int, str]]:
    """The headers of a kind (pjsip_hdr_e) in a pjsip_msg: where each lies, and its line. One too long to
    be printed is left out."""
    found: list[tuple[int, str]] = []
    header = _library().pjsip_msg_find_hdr(message, kind, None)
    while header:
        line = ctypes.create_string_buffer(_LINE)
        length = _library().pjsip_hdr_print_on(header, line, _LINE)
        if length > 0:
            found.append((header, line.raw[:length].decode("utf-8", "replace")))
        header = _library().pjsip_msg_find_hdr(message, kind, _Links.from_address(header).next)
    return found


def answers_somebody(message: int) -> bool:
    """Whether each To of a pjsip_msg has a tag, as pjsip has read it."""
    header, found = _library().pjsip_msg_find_hdr(message, pj.PJSIP_H_TO, None), 0
    while header:
        to = _FromTo.from_address(header)
        if to.tag.length <= 0:
            return False
        found += 1
        header = _library().pjsip_msg_find_hdr(message, pj.PJSIP_H_TO, to.next)
    return found > 0


def take_out(header: int) -> None:
    """Take a header out of its message."""
    links = _Links.from_address(header)
    _Links.from_address(links.prev).next, _Links.from_address(links.next).prev = links.next, links.prev


def respond(rdata: int, status: int, headers: Sequence[tuple[str, str]] = ()) -> None:
    """Answer a request that no transaction or dialog has been made for."""
    kept = _Headers(headers)
    endpoint = _library().pjsua_get_pjsip_endpt()
    _library().pjsip_endpt_respond_stateless(endpoint, rdata, status, None, kept.first, None)


class DropWatch:
    """Is told of datagrams that pjsip could not read. Keep it until the library is destroyed."""

    def __init__(self, dropped: Callable[[int], None]) -> None:
        """`dropped` is called on the owner thread with where the datagram lies; it must not raise."""
        self._dropped = dropped
        self._callback = _OnDropped(self._on_dropped)
        manager = _library().pjsip_endpt_get_tpmgr(_library().pjsua_get_pjsip_endpt())
        _library().pjsip_tpmgr_set_drop_data_cb(manager, self._callback)

    def _on_dropped(self, data: Any) -> None:
        # A transport begins with its name, which is udp0x… for UDP. What a stream brings may begin anywhere in the
        # packet, so that where it came from cannot be read.
        if ctypes.string_at(data.contents.transport, 3) == b"udp":
            self._dropped(data.contents.data)


class AcceptWatch:
    """Is told when a connection over TCP has been taken; after libInit. Keep it until the library is destroyed."""

    def __init__(self, accepted: Callable[[], None]) -> None:
        """`accepted` is called on the owner thread; it must not raise."""
        self._accepted = accepted
        manager = _library().pjsip_endpt_get_tpmgr(_library().pjsua_get_pjsip_endpt())
        self._pjsua = _OnState(_library().pjsip_tpmgr_get_state_cb(manager))
        self._callback = _OnState(self._changed)
        _library().pjsip_tpmgr_set_state_cb(manager, self._callback)

    def _changed(self, transport: int, state: int, info: int) -> None:
        self._pjsua(transport, state, info)
        # A transport begins with its name, which is tcps0x… for a connection of the far end's.
        if state == pj.PJSIP_TP_STATE_CONNECTED and ctypes.string_at(transport, 4) == b"tcps":
            self._accepted()


class LogTap:
    """Takes pjlib's log, which pjlib prints else; after libInit. Keep it until the library is destroyed."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        """`write` gets each message, on whichever thread; it must not raise."""
        self._callback = _OnLog(lambda level, text, length: write(ctypes.string_at(text, length)))
        _library().pj_log_set_log_func(self._callback)


class _Text(ctypes.Structure):
    """pj_str_t."""

    _fields_ = (("characters", ctypes.c_char_p), ("length", ctypes.c_ssize_t))

    def __init__(self, text: bytes) -> None:
        super().__init__(text, len(text))


class _FromTo(ctypes.Structure):
    """pjsip_fromto_hdr (sip_msg.h), as far as the tag."""

    _fields_ = (
        *(("prev", ctypes.c_void_p), ("next", ctypes.c_void_p), ("kind", ctypes.c_int)),
        *(("name", ctypes.c_void_p * 2), ("short_name", ctypes.c_void_p * 2), ("functions", ctypes.c_void_p)),
        *(("uri", ctypes.c_void_p), ("tag", _Text)),
    )


class _Links(ctypes.Structure):
    """The head of a pjlib list, and the beginning of each of its members."""

    _fields_ = (("prev", ctypes.c_void_p), ("next", ctypes.c_void_p))


class _Headers:
    """A list of headers; pjsip copies it. Keep it until then."""

    def __init__(self, headers: Sequence[tuple[str, str]]) -> None:
        self._texts = [(_Text(name.encode()), _Text(value.encode())) for name, value in headers]
        # pjsip_generic_string_hdr has 80 bytes (sip_msg.h).
        self._members = [ctypes.create_string_buffer(256) for _ in headers]
        self._head = _Links()
        for member, (name, value) in zip(self._members, self._texts, strict=True):
            _library().pjsip_generic_string_hdr_init2(member, ctypes.byref(name), ctypes.byref(value))
        ring = [self._head, *(_Links.from_buffer(member) for member in self._members)]
        for before, after in zip(ring, [*ring[1:], ring[0]], strict=True):
            before.next, after.prev = ctypes.addressof(after), ctypes.addressof(before)

    @property
    def first(self) -> Any:
        """What pjsip takes for the list; None where it is empty."""
        return ctypes.byref(self._head) if self._members else None


def respond_in_dialog(rdata: Any, status: int, accept: str | None = None) -> None:
    """Answer an in-dialog request from inside its callback (`rdata`: pjsua2's SipRxData), with an Accept header
    where one is given.

    pjsip answers 500 by itself to what neither it nor the application has answered.
    """
    request = int(rdata.pjRxData)
    dialog = _library().pjsip_rdata_get_dlg(request)
    if dialog:
        headers = _Headers([] if accept is None else [("Accept", accept)])
        _library().pjsip_dlg_respond(dialog, request, status, None, headers.first, None)
