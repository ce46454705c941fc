"""A child process of ours, however it was made: what it prints, its end, its kill. Lives on the event loop."""

import asyncio
import contextlib
import os
import signal
from typing import Final

from drivers import own_process

_LOST: Final = 255
"""The status of a child that somebody else has waited for."""


class Child:
    """Neither leaves a zombie behind nor kills a stranger that has got its number since."""

    def __init__(self, pid: int, output: asyncio.StreamReader) -> None:
        """Take over a child that nobody has waited for. `output` is what it prints. Raises OSError where it cannot
        be watched; it is killed then."""
        self.pid = pid
        self.output = output
        loop = asyncio.get_running_loop()
        self._status: asyncio.Future[int] = loop.create_future()
        try:
            self._handle = os.pidfd_open(pid)
        except OSError:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise
        loop.add_reader(self._handle, self._reap)

    def kill(self) -> None:
        """SIGKILL, unless it has ended."""
        if not self._status.done():
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    async def wait(self) -> int:
        """Its exit status once it has ended; the signal's number, negative, where one has ended it."""
        return await asyncio.shield(self._status)

    def _reap(self) -> None:
        asyncio.get_running_loop().remove_reader(self._handle)
        os.close(self._handle)
        try:
            _, status = os.waitpid(self.pid, 0)
        except ChildProcessError:
            self._status.set_result(_LOST)
            return
        self._status.set_result(os.waitstatus_to_exitcode(status))


async def output_pipe() -> tuple[asyncio.StreamReader, int]:
    """A pipe for what a child prints: our end, and the child's, to be closed once it has it. Raises OSError."""
    ours, theirs = os.pipe()
    reader = asyncio.StreamReader()
    try:
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ours, "rb", 0)
        )
    except BaseException:
        os.close(theirs)
        raise
    return reader, theirs


async def spawn(module: str, control: int) -> Child:
    """Run a module of ours with two arguments: descriptor number `control`, which it is given, and our process id.
    Raises OSError."""
    reader, output = await output_pipe()
    try:
        pid = _begin(module, control, output)
    finally:
        os.close(output)
    return Child(pid, reader)


def _begin(module: str, control: int, output: int) -> int:
    command = own_process.command(module, str(control), str(os.getpid()))
    silence = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    # A descriptor that becomes itself is one that the child keeps.
    kept = ((os.POSIX_SPAWN_DUP2, ours, its) for ours, its in ((output, 1), (output, 2), (control, control)))
    return os.posix_spawn(command[0], command, own_process.environment(), file_actions=[silence, *kept])
