"""The softphone's process, which the fork server has forked or the gateway has started as
`python -m drivers.sip.worker FD PARENT`; nobody else starts it.

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
from drivers.sip.fork_protocol import WORKER
from drivers.sip.link import GatewayGone, Link
from drivers.sip.messages import (
    Configure,
    Located,
    Message,
    Originate,
    Ping,
    Pong,
    Probe,
    Shutdown,
    TakeNoMore,
    WorkerFailed,
    WorkerReady,
)
from drivers.sip.softphone import Softphone

_log = logging.getLogger(__name__)

_TURN_BUSY: Final = 40
"""Milliseconds a turn waits while calls are up, unless it is woken: how late RTP and a frame may be taken, the end
of a prompt told and SIP over TCP answered. SIP over UDP and orders wake it."""
_TURN_JOINED: Final = 20
"""The same where somebody at the other end waits for what is said: RTP is read in turns."""
_TURN_IDLE: Final = 100
"""The same without calls."""
_GLANCE: Final = 0.01
"""Seconds between looks for the configuration, which is on its way."""
_COLLECT_EVERY: Final = 30.0
"""Seconds between cyclic collections, which only this thread may run."""
_GOODBYE: Final = 1.5
"""Seconds that BYEs and the un-REGISTER are given at the end."""
_SWITCH: Final = 0.001
"""Seconds between thread switches: Python's own 5 ms would let a busy ear delay the media clock."""
_NICENESS: Final = -10
"""Audio is due every 20 ms, whatever else the machine does. Taken where it is granted (root, CAP_SYS_NICE)."""
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NAME: Final = 15


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
            time.sleep(_GLANCE)
        first, *others = messages
        if not isinstance(first, Configure):
            raise GatewayGone(f"began with {type(first).__name__} in place of Configure")
        self._leaving = any(isinstance(message, Shutdown) for message in others)
        return first

    def _serve(self, endpoint: Endpoint, softphone: Softphone) -> None:
        collect_at = time.monotonic() + _COLLECT_EVERY
        endpoint.waking.watch(self._link.fileno())
        while not self._leaving:
            endpoint.turn(_turn(softphone))
            now = time.monotonic()
            softphone.turn(now)
            for message in self._link.receive():
                endpoint.in_service.hear(now)
                self._obey(message, endpoint, softphone, now)
            self._link.flush()
            if now >= collect_at:
                collect_at = now + _COLLECT_EVERY
                gc.collect()

    def _obey(self, message: Message, endpoint: Endpoint, softphone: Softphone, now: float) -> None:
        match message:
            case Ping(number):
                self._link.send(Pong(number))
            case Shutdown():
                self._leaving = True
            case TakeNoMore():
                endpoint.in_service.end()
            case Located(host, address):
                endpoint.names.located(host, address)
            case Originate():
                softphone.originate(message, now)
            case Probe():
                softphone.probe(message)
            case LineCommand():
                softphone.execute(message, now)
            case _:
                _log.error("%s is not for a worker", type(message).__name__)

    def _say_goodbye(self, endpoint: Endpoint, softphone: Softphone) -> None:
        endpoint.waking.forget(self._link.fileno())  # whose end, or orders that are not taken any more, never rest
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


def _turn(softphone: Softphone) -> int:
    """Milliseconds."""
    if softphone.joined:
        return _TURN_JOINED
    return _TURN_BUSY if softphone.busy else _TURN_IDLE


def _leave_at_once() -> None:
    """End the process without destroying the library: it would end questions that are still open on behalf of an
    account that has gone by then, and abort (pjsua2 2.15.1). The calls have had their BYE."""
    logging.shutdown()
    os._exit(0)


def die_with(parent: int) -> None:
    """Have the kernel end this process with its parent, were it hung itself by then."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit("the gateway has gone")


def take_name(name: str) -> None:
    """What ps and top call this process."""
    ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode(), 0, 0, 0)


def ask_no_server() -> None:
    """Have this process know the hosts of /etc/hosts alone. pjsip looks up its own machine's name as it starts,
    and whatever a peer's SDP names in place of an address, on the thread that serves every call: a DNS server that
    is silent would stop all of them, whenever a caller likes. Names that matter
    are asked of the gateway (names.py)."""
    configure = getattr(ctypes.CDLL(None), "__nss_configure_lookup", None)
    if configure is None or configure(b"hosts", b"files") != 0:
        _log.warning("the C library is not glibc: a DNS server that is silent can stop the calls of this line")


def take_priority() -> None:
    """Come before other programs, where that is granted."""
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)


class _Masking(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """What pjsip or a peer says may bring a caller's number along (WD-11)."""
        return without_numbers(super().format(record))


def main(arguments: list[str]) -> int:
    """Serve on the socket given by number; 0 once told to end, 1 when the gateway has vanished."""
    if len(arguments) != 2 or not all(argument.isdigit() for argument in arguments):
        sys.stderr.write("usage: python -m drivers.sip.worker FD PARENT (started by the gateway)\n")
        return 2
    die_with(int(arguments[1]))
    take_name(WORKER)
    # Ctrl-C, a closed terminal and a service manager's stop reach every process of the group: the gateway alone
    # decides what ends, in which order, after the calls have been let out.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    faulthandler.enable()
    sys.setswitchinterval(_SWITCH)
    take_priority()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Masking("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.DEBUG, handlers=[handler])
    ask_no_server()
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
