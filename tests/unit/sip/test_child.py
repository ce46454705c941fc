"""A child process that cannot be watched is none: it leaves neither a stranger nor a zombie behind."""

import errno
import os
import sys

import psutil
import pytest

from drivers.sip.child import Child, output_pipe, spawn

pytestmark = pytest.mark.service


def asleep() -> int:
    """The number of a process that does nothing."""
    return os.posix_spawn(sys.executable, [sys.executable, "-c", "import time; time.sleep(60)"], os.environ)


async def test_a_child_for_which_there_is_no_descriptor_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(pid: int) -> int:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(os, "pidfd_open", refused)
    reader, theirs = await output_pipe()
    os.close(theirs)
    pid = asleep()
    with pytest.raises(OSError, match="Too many open files"):
        Child(pid, reader)
    assert not psutil.pid_exists(pid)


async def test_an_ended_child_is_waited_for_once() -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    child = await spawn("drivers.sip.fork_protocol", nothing)
    os.close(nothing)
    assert await child.wait() == 0
    assert await child.output.read() == b""
    child.kill()
    assert not psutil.pid_exists(child.pid)
