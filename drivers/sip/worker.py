"""The softphone's process: `python -m drivers.sip.worker FD PARENT`. The gateway starts it, nobody else.

Its main thread owns pjsua2 from libCreate to libDestroy and turns everything: the network, the gateway's orders on
socket FD, the audio that the clock thread has left for it. It ends when it is told to, when the gateway has closed
the socket, and at the latest, by the kernel's hand, when the gateway has died.
"""

import contextlib
import ctypes
import faulthandler
import gc
import logging
import os
import signal
import socket
import sys
import time
from dataclasses import replace
from typing import Final

from drivers.line import LegEvent, LineCommand
from drivers.line.masking import without_numbers
from drivers.sip.endpoint import Endpoint, EndpointError
from drivers.sip.link import GatewayGone, Link
from drivers.sip.messages import (
    Configure,
    Message,
    Originate,
    Ping,
    Pong,
    Probe,
    Shutdown,
    WorkerFailed,
    WorkerReady,
)
from drivers.sip.softphone import Softphone

_log = logging.getLogger(__name__)

_TURN_BUSY: Final = 10
"""Milliseconds a turn waits for the network while calls are up: how late an order or a frame may be taken."""
_TURN_IDLE: Final = 50
"""The same without calls; an INVITE still wakes it at once, only the gateway's ping waits."""
_COLLECT_EVERY: Final = 30.0
"""Seconds between cyclic collections, which only this thread may run."""
_GOODBYE: Final = 1.5
"""Seconds that BYEs and the un-REGISTER are given at the end."""
_SWITCH: Final = 0.001
"""Seconds between thread switches: Python's own 5 ms would let a busy ear delay the media clock."""
_NICENESS: Final = -10
"""Audio is due every 20 ms, whatever else the machine does. Taken where it is granted (root, CAP_SYS_NICE)."""
_PR_SET_PDEATHSIG: Final = 1


class Worker:
    """Configure, serve, end."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._leaving = False

    def run(self) -> None:
        """The whole life. Raises GatewayGone."""
        configure = self._await_configuration()
        try:
            endpoint = Endpoint(configure.config, configure.generation)
        except EndpointError as error:
            self._link.send(WorkerFailed(error.code, error.detail))
            self._link.flush()
            return
        self._link.send(WorkerReady(endpoint.max_legs))
        softphone = Softphone(configure.config, endpoint, self._tell, time.monotonic())
        try:
            self._serve(endpoint, softphone)
        finally:
            self._say_goodbye(endpoint, softphone)
            softphone.drop_all()
            if endpoint.account.unanswered:
                _leave_at_once()
            endpoint.close()

    def _tell(self, message: Message) -> None:
        """Send a fact, and when it happened: the gateway may be held up for longer than a ring."""
        self._link.send(replace(message, seen=time.monotonic()) if isinstance(message, LegEvent) else message)

    def _await_configuration(self) -> Configure:
        while not (messages := self._link.receive()):
            time.sleep(_TURN_BUSY / 1000)
        first, *others = messages
        if not isinstance(first, Configure):
            raise GatewayGone(f"began with {type(first).__name__} in place of Configure")
        self._leaving = any(isinstance(message, Shutdown) for message in others)
        return first

    def _serve(self, endpoint: Endpoint, softphone: Softphone) -> None:
        collect_at = time.monotonic() + _COLLECT_EVERY
        while not self._leaving:
            endpoint.turn(_TURN_BUSY if softphone.busy else _TURN_IDLE)
            now = time.monotonic()
            softphone.turn(now)
            for message in self._link.receive():
                self._obey(message, softphone, now)
            self._link.flush()
            if now >= collect_at:
                collect_at = now + _COLLECT_EVERY
                gc.collect()

    def _obey(self, message: Message, softphone: Softphone, now: float) -> None:
        match message:
            case Ping(number):
                self._link.send(Pong(number))
            case Shutdown():
                self._leaving = True
            case Originate():
                softphone.originate(message, now)
            case Probe():
                softphone.probe(message)
            case LineCommand():
                softphone.execute(message, now)
            case _:
                _log.error("%s is not for a worker", type(message).__name__)

    def _say_goodbye(self, endpoint: Endpoint, softphone: Softphone) -> None:
        now = time.monotonic()
        softphone.release_all(now)
        limit = now + _GOODBYE
        while softphone.busy and now < limit:
            endpoint.turn(_TURN_BUSY)
            now = time.monotonic()
            softphone.turn(now)
            self._try_flush()
        self._try_flush()

    def _try_flush(self) -> None:
        """The callers are owed their BYE even when nobody is told of it."""
        with contextlib.suppress(GatewayGone):
            self._link.flush()


def _leave_at_once() -> None:
    """End the process without destroying the library: it would end questions that are still open on behalf of an
    account that has gone by then, and abort (pjsua2 2.15.1). The calls have had their BYE."""
    logging.shutdown()
    os._exit(0)


def _die_with(parent: int) -> None:
    """Have the kernel end this process with its parent, were it hung itself by then."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit("the gateway has gone")


class _Masking(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """What pjsip or a peer says may bring a caller's number along (WD-11)."""
        return without_numbers(super().format(record))


def main(arguments: list[str]) -> int:
    """Serve on the socket given by number; 0 once told to end, 1 when the gateway has vanished."""
    if len(arguments) != 2 or not all(argument.isdigit() for argument in arguments):
        sys.stderr.write("usage: python -m drivers.sip.worker FD PARENT (started by the gateway)\n")
        return 2
    _die_with(int(arguments[1]))
    # Ctrl-C, a closed terminal and a service manager's stop reach every process of the group: the gateway alone
    # decides what ends, in which order, after the calls have been let out.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    faulthandler.enable()
    sys.setswitchinterval(_SWITCH)
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Masking("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.DEBUG, handlers=[handler])
    link = Link(socket.socket(fileno=int(arguments[0])))
    try:
        Worker(link).run()
    except GatewayGone as gone:
        _log.warning("the gateway has gone: %s", gone)
        return 1
    finally:
        link.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
