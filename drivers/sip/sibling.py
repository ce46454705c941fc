"""A fork whose child belongs to our own parent: it waits for it, and the child dies with it rather than with us.

What os.fork does, but for one flag of the kernel's (clone(2), CLONE_PARENT), which neither Python nor the C
library offers. The C library's own note of the thread's number is kept right as its fork keeps it
(CLONE_CHILD_SETTID).
"""

import ctypes
import errno
import os
import platform
from pathlib import Path
from typing import Any, Final

_CLONE: Final = {"x86_64": 56, "aarch64": 220}
"""The system call's number (Linux, asm/unistd.h); where it is not known, nobody is forked this way."""
_SIGCHLD: Final = 17
_CLONE_PARENT: Final = 0x8000
_CLONE_CHILD_CLEARTID: Final = 0x200000
_CLONE_CHILD_SETTID: Final = 0x1000000
_PR_GET_TID_ADDRESS: Final = 40


def fork_sibling() -> int:
    """0 in the new process, its number in this one. To be called where no other thread runs, as a fork copies
    none. Raises OSError where the kernel, a sandbox or a second thread forbids it."""
    number = _CLONE.get(platform.machine())
    if number is None:
        raise OSError(errno.ENOSYS, f"not known how to fork on {platform.machine()}")
    if len(list(Path("/proc/self/task").iterdir())) != 1:
        raise OSError(errno.EDEADLK, "a process with several threads is not forked")
    library: Any = ctypes.PyDLL(None, use_errno=True)  # which keeps the interpreter's lock, as os.fork does
    library.syscall.restype = ctypes.c_long
    arguments = _arguments(library)
    ctypes.pythonapi.PyOS_BeforeFork()
    pid = int(library.syscall(ctypes.c_long(number), *map(ctypes.c_ulong, arguments)))
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
        return 0
    failed = ctypes.get_errno() if pid < 0 else 0
    ctypes.pythonapi.PyOS_AfterFork_Parent()
    if failed:
        raise OSError(failed, os.strerror(failed))
    return pid


def _arguments(library: Any) -> tuple[int, int, int, int, int]:
    """Flags, no stack of its own, no place for the parent's copy, and where the C library keeps the thread's
    number; the last two of the five change places between the architectures."""
    place = ctypes.c_void_p()
    if library.prctl(_PR_GET_TID_ADDRESS, ctypes.byref(place), 0, 0, 0) or not place.value:
        raise OSError(errno.ENOSYS, "the kernel does not tell where the thread's number is kept")
    flags = _CLONE_PARENT | _CLONE_CHILD_SETTID | _CLONE_CHILD_CLEARTID | _SIGCHLD
    last = (place.value, 0) if platform.machine() == "x86_64" else (0, place.value)
    return (flags, 0, 0, *last)
