"""Where all the workers of a gateway come from: one fork server, or each started by itself where there is none.

The server is there while anybody holds the source. One that has died or hangs is replaced when the next worker is
wanted; those that it has forked go on.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator
from typing import Final
from weakref import WeakKeyDictionary

from drivers.sip.child import Child, output_pipe, spawn
from drivers.sip.fork_protocol import ANSWER_LIMIT, ORDER, READY
from drivers.sip.worker_log import worker_log

_log = logging.getLogger(__name__)

LOAD_LIMIT: Final = 15.0
"""Seconds in which the fork server has loaded everything: 1 s, ten times that on a busy box."""
FORK_LIMIT: Final = 2.0
"""Seconds a fork may take: 5 ms, and what a busy box makes of that (see worker_client.PONG_LIMIT)."""
_CHUNK: Final = 65536


class NoFork(Exception):
    """The fork server could not be had, or did not fork."""


class WorkerSource:
    """Starts workers."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._server: _Server | None = None
        self._given_up = False
        """A new server did not fork: neither would the next."""
        self.holders = 0

    async def start(self, theirs: socket.socket) -> Child:
        """A new worker on its end of a socket pair. Raises OSError."""
        async with self._lock:
            while not self._given_up:
                try:
                    return await self._fork(theirs)
                except NoFork as error:
                    _log.warning("the fork server %s", error)
                    await self._end_server()
        _log.warning("a worker starts by itself, which takes more time and memory")
        return await spawn("drivers.sip.worker", theirs.fileno())

    async def close(self) -> None:
        """End the server."""
        async with self._lock:
            await self._end_server()

    async def _fork(self, theirs: socket.socket) -> Child:
        server, new = self._server, self._server is None
        try:
            if server is None:
                server = self._server = await _Server.start()
                await server.load()
            return await server.fork(theirs)
        except NoFork:
            self._given_up = new
            raise
        except asyncio.CancelledError:  # its answer, when it comes, would be taken for the next one's
            await self._end_server()
            raise

    async def _end_server(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            await server.end()


class _Server:
    """The process and our end of its socket."""

    def __init__(self, control: socket.socket, process: Child) -> None:
        self._control = control
        self._process = process
        self._log = asyncio.create_task(_relay_log(process), name="fork server log")

    @classmethod
    async def start(cls) -> "_Server":
        """Raises OSError."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                process = await spawn("drivers.sip.fork_server", theirs.fileno())
        except BaseException:
            ours.close()
            raise
        ours.setblocking(False)
        return cls(ours, process)

    async def load(self) -> None:
        """Wait until it can fork. Raises NoFork."""
        if await self._answer(LOAD_LIMIT) != READY:
            raise NoFork("spoke out of turn")

    async def fork(self, theirs: socket.socket) -> Child:
        """Raises NoFork."""
        reader, output = await output_pipe()
        try:
            socket.send_fds(self._control, [ORDER], [theirs.fileno(), output])
        except OSError as error:
            raise NoFork(f"takes no order: {error}") from None
        finally:
            os.close(output)
        try:
            number = int(await self._answer(FORK_LIMIT))
            if number > 0:
                return Child(number, reader)
        except (OSError, ValueError) as error:
            raise NoFork(f"gave no process: {error}") from None
        raise NoFork(f"cannot fork: {os.strerror(-number)}")

    async def end(self) -> None:
        """Close our side of the socket, at which it ends, and wait; SIGKILL if it does not. Its workers go on."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_WR)
        try:
            async with asyncio.timeout(FORK_LIMIT):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._log
        self._end_late_ones()
        self._control.close()

    def _end_late_ones(self) -> None:
        """Workers that were forked when nobody waited for them any more: they are our children all the same."""
        with contextlib.suppress(OSError):
            while answer := self._control.recv(ANSWER_LIMIT):
                if answer.isdigit():
                    os.kill(int(answer), signal.SIGKILL)
                    os.waitpid(int(answer), 0)

    async def _answer(self, limit: float) -> bytes:
        try:
            async with asyncio.timeout(limit):
                answer = await asyncio.get_running_loop().sock_recv(self._control, ANSWER_LIMIT)
        except TimeoutError:
            raise NoFork(f"was silent for {limit:.0f} s") from None
        except OSError as error:
            raise NoFork(f"is gone: {error}") from None
        if not answer:
            raise NoFork("has ended")
        return answer


async def _relay_log(process: Child) -> None:
    log = worker_log()
    while data := await process.output.read(_CHUNK):
        for level, text in log.feed(data, asyncio.get_running_loop().time()):
            _log.log(level, "fork server: %s", text)


_sources: "WeakKeyDictionary[asyncio.AbstractEventLoop, WorkerSource]" = WeakKeyDictionary()


@contextlib.asynccontextmanager
async def worker_source() -> AsyncIterator[WorkerSource]:
    """This event loop's source; its server ends with the last who holds it."""
    source = _sources.setdefault(asyncio.get_running_loop(), WorkerSource())
    source.holders += 1
    try:
        yield source
    finally:
        source.holders -= 1
        if not source.holders:
            await source.close()
