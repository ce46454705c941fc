"""What a service manager is told: that the gateway is ready, what it does, that it still turns, that it stops.

The protocol of sd_notify(3): assignments, a line each, in one datagram to the Unix socket that the environment
names. Where none is named, as in a terminal, nothing is sent and nothing fails.
"""

import asyncio
import logging
import os
import socket
import time
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager

log = logging.getLogger(__name__)

PATIENCE = 60.0
"""Seconds for what a stop does after the last call: records written, sockets closed, processes waited for."""
LOOK = 5.0
"""Seconds after which a changed status is told at the latest."""
MICROSECOND = 1e-6


class ServiceManager:
    """The service manager that started this process, if one did and wants to be told."""

    def __init__(self, environ: MutableMapping[str, str] = os.environ) -> None:
        """Takes what is meant for this process out of `environ`: processes that it starts do not speak for it."""
        self._address = _address(environ.pop("NOTIFY_SOCKET", ""))
        self._watchdog = _seconds(environ.pop("WATCHDOG_USEC", ""), environ.pop("WATCHDOG_PID", ""))
        self._socket: socket.socket | None = None
        self._status = ""
        """As it was told last."""
        self._owed: tuple[str, ...] = ()
        """What it could not take and must know."""
        self._trouble: str | None = None
        """Why it could not be told anything the last time."""
        if self._address:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
            self._socket.setblocking(False)  # a manager that is stuck must not hold up the calls

    def ready(self, status: str) -> None:
        """The gateway is in service; `status` is what people are shown of it, in one line."""
        if self._tell("READY=1", f"STATUS={status}"):
            self._status = status

    def status(self, status: str) -> None:
        """What people are shown of it, in one line; sent where it is another one than it was told."""
        if status != self._status and self._send(f"STATUS={status}"):
            self._status = status

    @contextmanager
    def reloading(self) -> Iterator[None]:
        """The config is read anew in here; afterwards, be it the new one or still the old, it is ready again."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={round(time.monotonic() / MICROSECOND)}")
        try:
            yield
        finally:
            self._tell("READY=1")

    def stopping(self, drain_seconds: float) -> None:
        """It begins to stop, and live calls may last `drain_seconds`: so long it is not to be killed."""
        allowed = round((drain_seconds + PATIENCE) / MICROSECOND)
        self._tell("STOPPING=1", f"STATUS=draining, {drain_seconds:g} s at most", f"EXTEND_TIMEOUT_USEC={allowed}")

    async def keep(self, status: Callable[[], str]) -> None:
        """Tell that the event loop turns, in half the time after which it would be held for dead, `status()`, and
        what could not be told before. Runs until it is cancelled. From the loop alone: what hangs there hangs
        here."""
        every = LOOK if self._watchdog is None else min(LOOK, self._watchdog / 2)
        while self._socket is not None:
            if self._owed:
                self._tell(*self._owed)
            if self._watchdog is not None:
                self._send("WATCHDOG=1")
            try:
                self.status(status())
            except Exception:  # for want of a beat the calls would be cut, which go on
                log.exception("what it does cannot be told")
            await asyncio.sleep(every)

    def close(self) -> None:
        """Say no more."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _tell(self, *assignments: str) -> bool:
        """What it must know, and is told again by keep() where it cannot take it now: the newest of it alone."""
        self._owed = () if (sent := self._send(*assignments)) else assignments
        return sent

    def _send(self, *assignments: str) -> bool:
        """Whether nothing is left to be told: it was taken, or nobody wants to know."""
        if self._socket is None:
            return True
        try:
            self._socket.sendto("\n".join(assignments).encode(), self._address)
        except OSError as error:  # full, or gone: whoever does not listen must not end the calls
            if error.strerror != self._trouble:
                log.warning("the service manager was not told %s: %s", assignments[0], error.strerror)
            self._trouble = error.strerror
            return False
        self._trouble = None
        return True


def _address(named: str) -> str:
    """The socket's address; a name that begins with @ is one without a file (unix(7))."""
    if not named.startswith(("/", "@")):
        return ""
    return "\0" + named[1:] if named.startswith("@") else named


def _seconds(watchdog: str, process: str) -> float | None:
    """After how long a silence this process is held for dead; None where nobody watches it."""
    if not watchdog.isdecimal() or not int(watchdog) or process not in {"", str(os.getpid())}:
        return None
    return int(watchdog) * MICROSECOND
