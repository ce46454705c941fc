"""Keeps one worker process alive: spawns it, proves that it turns, kills it when it hangs, starts the next.

spawn ─ ready within READY_LIMIT ─▶ serve ─ pong within PONG_LIMIT, again and again ─▶ end of file, or killed
  ▲                                                                                          │
  └────────────────────────────── after BACK_OFF ◀────── lost(code, detail) ◀────────────────┘
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from typing import Final

from drivers.line import FaultCode
from drivers.sip.child import Child
from drivers.sip.config import SipConfig
from drivers.sip.messages import (
    Configure,
    Decoder,
    Message,
    Ping,
    Pong,
    Shutdown,
    WireError,
    WorkerFailed,
    WorkerReady,
    encode,
)
from drivers.sip.worker_log import worker_log
from drivers.sip.worker_source import WorkerSource, worker_source

_log = logging.getLogger(__name__)

READY_LIMIT: Final = 10.0
"""Seconds from its start to WorkerReady. By itself Python, numpy, the VAD and pjsua2 take 1 s, ten times that on a
busy box; forked it takes a tenth."""
PING_EVERY: Final = 0.5
PONG_LIMIT: Final = 3.0
"""Seconds after a ping without a pong by which the worker counts as hung; with PING_EVERY and a new one's start
under the promised 5 s. Measured on two cores with four calls up: a good worker answers within 0.2 s beside 40 busy
loops, and within 2.1 s beside 20 where it may not raise its priority."""
_SLICES: Final = 6
"""PONG_LIMIT is waited for in so many parts: when our own loop has stalled, or the machine slept, only one of them
has run out unheard, and the pong that lies in the socket is read in the next."""
BACK_OFF: Final = (0.5, 1.0, 2.0, 5.0)
"""Seconds before each restart in a row; the last one repeats, a worker that served begins anew."""
EXIT_LIMIT: Final = 4.0
"""Seconds from Shutdown to the process's end, before SIGKILL."""
_CHUNK: Final = 65536


class WorkerClient:
    """The supervisor of one line's worker. Lives on the event loop."""

    def __init__(
        self, config: SipConfig, receive: Callable[[Message], None], lost: Callable[[FaultCode, str], None]
    ) -> None:
        """`receive` gets each message of a worker, `lost` is told each time one has ended or could not start."""
        self._config = config
        self._receive = receive
        self._lost = lost
        self._generation = 0
        self._writer: asyncio.StreamWriter | None = None
        self._closing = asyncio.Event()
        self._process: Child | None = None
        self._supervisor: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The worker's process id while it lives."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Begin to keep a worker alive."""
        self._supervisor = asyncio.create_task(self._supervise(), name=f"{self._config.line_id} worker")

    def send(self, message: Message) -> None:
        """To the worker; dropped when there is none."""
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(encode(message))

    async def stop(self) -> None:
        """Have the worker end its calls and exit; SIGKILL after EXIT_LIMIT. Idempotent."""
        self._closing.set()
        supervisor, self._supervisor = self._supervisor, None
        if supervisor is None:
            return
        self.send(Shutdown())
        try:
            async with asyncio.timeout(EXIT_LIMIT):
                await asyncio.shield(supervisor)
        except TimeoutError:
            _log.warning("%s: the worker did not end by itself and was killed", self._config.line_id)
            self._kill()
            await supervisor

    async def _supervise(self) -> None:
        async with worker_source() as source:
            await self._keep_alive(source)

    async def _keep_alive(self, source: WorkerSource) -> None:
        failures = 0
        while not self._closing.is_set():
            self._generation += 1
            life = _Life(self._generation)
            await self._live(source, life)
            if self._closing.is_set():
                return
            self._lost(life.code, life.detail)
            failures = 0 if life.served else failures + 1
            if life.served and life.hung:
                continue  # found out seconds after it had gone: its callers have waited long enough
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BACK_OFF[min(failures, len(BACK_OFF) - 1)]):
                    await self._closing.wait()

    async def _live(self, source: WorkerSource, life: "_Life") -> None:
        """One worker from spawn to reaping."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self._process = process = await source.start(theirs)
        except OSError as error:
            ours.close()
            life.detail = f"the worker could not be started: {error}"
            return
        reader, self._writer = await asyncio.open_connection(sock=ours)
        log = asyncio.create_task(self._relay_log(process), name=f"{self._config.line_id} worker log")
        try:
            self.send(Configure(self._config, life.generation))
            if self._closing.is_set():
                self.send(Shutdown())
            async with asyncio.TaskGroup() as group:
                watchdog = group.create_task(self._watch(life))
                await self._read(reader, life)
                watchdog.cancel()
        finally:
            self._writer.close()
            self._writer = None
            await self._reap(process, life)
            self._process = None
            await log

    async def _read(self, reader: asyncio.StreamReader, life: "_Life") -> None:
        """Every message until the end of the file."""
        decoder = Decoder()
        try:
            while data := await reader.read(_CHUNK):
                for message in decoder.feed(data):
                    self._take(message, life)
        except ConnectionError:
            pass  # the worker died with unread orders in its socket; how it died is told by its status
        except WireError as error:
            life.detail = f"the worker's socket: {error}"
            self._kill()
        except Exception as error:  # noqa: BLE001  whatever one worker says must not keep the next from being started
            _log.exception("%s: what the worker told could not be taken; it is replaced", self._config.line_id)
            life.detail = f"the worker told what could not be taken: {type(error).__name__}"
            self._kill()

    def _take(self, message: Message, life: "_Life") -> None:
        match message:
            case Pong(number):
                life.turned.set()
                if number < 0:
                    self._receive(message)
            case WorkerReady():
                life.served = True
                life.turned.set()
                self._receive(message)
            case WorkerFailed(code, detail):
                life.code, life.detail = code, detail
            case _:
                self._receive(message)

    async def _watch(self, life: "_Life") -> None:
        """Kill a worker that does not turn."""
        try:
            async with asyncio.timeout(READY_LIMIT):
                await life.turned.wait()
            number = 0
            while True:
                await asyncio.sleep(PING_EVERY)
                number += 1
                life.turned.clear()
                self.send(Ping(number))
                await _answered(life.turned)
        except TimeoutError:
            life.hung = True
            life.detail = "the worker hung and was killed"
            self._kill()

    async def _reap(self, process: Child, life: "_Life") -> None:
        """Wait for the process; it has closed its socket, so it is about to be gone."""
        try:
            async with asyncio.timeout(EXIT_LIMIT):
                status = await process.wait()
        except TimeoutError:
            self._kill()
            status = await process.wait()
        if not life.detail:
            ended = f"by signal {-status}" if status < 0 else f"with status {status}"
            life.detail = f"the worker ended {ended}"

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    async def _relay_log(self, process: Child) -> None:
        log = worker_log()
        while data := await process.output.read(_CHUNK):
            for level, text in log.feed(data, asyncio.get_running_loop().time()):
                _log.log(level, "%s worker: %s", self._config.line_id, text)


async def _answered(turned: asyncio.Event) -> None:
    """Wait for a pong. Raises TimeoutError."""
    for part in range(_SLICES):
        try:
            async with asyncio.timeout(PONG_LIMIT / _SLICES):
                await turned.wait()
                return
        except TimeoutError:
            if part == _SLICES - 1:
                raise


class _Life:
    """What is known of one worker process."""

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.turned = asyncio.Event()
        self.served = False
        self.hung = False
        self.code = FaultCode.WORKER_DIED
        self.detail = ""
