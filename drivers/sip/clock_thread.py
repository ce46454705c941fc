"""The bridge's clock thread as the interpreter knows it.

It is pjsua2's thread, not Python's. Each time it calls into Python it is given a thread state that is taken away
again at the end of the call, with its stack: two system calls that change the process's memory map, and a fresh
page, 400 times a second with four legs. Here it is given one to keep for as long as the clock runs.
"""

import contextlib
import ctypes
import os
import threading
from typing import Any, Final

_API: Final[Any] = ctypes.pythonapi
_API.PyGILState_GetThisThreadState.restype = ctypes.c_void_p
_API.PyThreadState_Clear.argtypes = [ctypes.c_void_p]
_API.PyThreadState_Delete.argtypes = [ctypes.c_void_p]


NICENESS: Final = -15
"""Before the threads that listen, which would keep the next packet waiting: of 100 calls at once on two processors
it takes 0.6 to 1 ms off the greeting's p99. Taken where it is granted (root, CAP_SYS_NICE, LimitNICE)."""


class ClockThread:
    """One run of the clock after another."""

    def __init__(self) -> None:
        self._state: int | None = None

    @property
    def kept(self) -> bool:
        """Whether the thread that runs has its state for good."""
        return self._state is not None

    def keep(self) -> None:
        """Called on the clock thread, from within a callback: its state outlives the callback, and it comes before
        other threads."""
        _API.PyGILState_Ensure()  # one more than will be released (C API: calls nest)
        self._state = _API.PyGILState_GetThisThreadState()
        with contextlib.suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)

    def ended(self) -> None:
        """Called on another thread once the clock's has ended: what it kept is freed."""
        state, self._state = self._state, None
        if state is not None:
            _API.PyThreadState_Clear(state)
            _API.PyThreadState_Delete(state)
