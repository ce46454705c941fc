"""The sockets of RTP and RTCP, read on the owner thread."""

import ctypes
from typing import Any, Final

import pjsua2 as pj

_EVENTS: Final = 16
"""PJ_IOQUEUE_MAX_EVENTS_IN_SINGLE_POLL: where so many were served more may wait. Each is a socket, read until
it is empty."""


class MediaQueue:
    """They have a queue apart from SIP's. pjmedia's own thread for it, which pjsua insists on, is ended: it wakes
    for each packet, and 97 times a second where none comes, which was a fifth of what a silent call cost."""

    def __init__(self) -> None:
        """After libInit, before any call."""
        module: Any = pj._pjsua2
        library = ctypes.CDLL(module.__file__)
        library.pjsua_get_pjmedia_endpt.restype = ctypes.c_void_p
        library.pjmedia_endpt_stop_threads.argtypes = [ctypes.c_void_p]
        library.pjmedia_endpt_get_ioqueue.restype = ctypes.c_void_p
        library.pjmedia_endpt_get_ioqueue.argtypes = [ctypes.c_void_p]
        library.pj_ioqueue_poll.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        endpoint = library.pjsua_get_pjmedia_endpt()
        library.pjmedia_endpt_stop_threads(endpoint)
        self._poll = library.pj_ioqueue_poll
        self._queue = library.pjmedia_endpt_get_ioqueue(endpoint)
        self._no_wait = (ctypes.c_long * 2)()

    def read(self) -> None:
        """Take the packets that have come."""
        while self._poll(self._queue, ctypes.byref(self._no_wait)) >= _EVENTS:
            pass
