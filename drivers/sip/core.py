"""The few functions of the C library inside pjsua2 that pjsua2 itself gives no name to.

They are exported by the very extension module that Python has loaded, so there is one library, not two.
"""

import ctypes
from functools import cache
from typing import Any, Final

import pjsua2 as pj

_OK: Final = 200


@cache
def _library() -> Any:
    module: Any = pj._pjsua2
    library = ctypes.CDLL(module.__file__)
    library.pjsip_rdata_get_dlg.restype = ctypes.c_void_p
    library.pjsip_rdata_get_dlg.argtypes = [ctypes.c_void_p]
    library.pjsip_dlg_respond.restype = ctypes.c_int
    library.pjsip_dlg_respond.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, *[ctypes.c_void_p] * 3]
    return library


def set_log_level(level: int) -> None:
    """pjlib's log level; pjsua2 can set it only after libCreate has printed its own lines."""
    _library().pj_log_set_level(level)


def call_limit() -> int:
    """Calls the library can hold at a time, after libInit; pjsua2 takes a larger maxCalls without a word."""
    return int(_library().pjsua_call_get_max_count())


def accept_in_dialog(rdata: Any) -> None:
    """Answer an in-dialog request with 200 from inside its callback (`rdata`: pjsua2's SipRxData).

    pjsip answers 500 by itself to what neither it nor the application has answered.
    """
    request = int(rdata.pjRxData)
    dialog = _library().pjsip_rdata_get_dlg(request)
    if dialog:
        _library().pjsip_dlg_respond(dialog, request, _OK, None, None, None)
