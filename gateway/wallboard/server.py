"""The wallboard's HTTP server: put together, opened, closed."""

import asyncio
import logging
import socket
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from gateway.config.certificates import CertificateWrong
from gateway.wallboard.calls import CallPages, drawing
from gateway.wallboard.door import BESIDES, REFUSED, Door, Entrance, Visitor, is_loopback
from gateway.wallboard.guard import Guard
from gateway.wallboard.hub import Hub
from gateway.wallboard.login import Logins, fingerprints
from gateway.wallboard.pages import Pages
from gateway.wallboard.session_file import SessionFile
from gateway.wallboard.sessions import Sessions
from gateway.wallboard.settings import Settings
from gateway.wallboard.static_files import static_files
from gateway.wallboard.stream import BLOCKED, turn
from gateway.wallboard.tls import Certificate
from gateway.wallboard.visit import Reading

log = logging.getLogger(__name__)

SILENCE: Final = 10.0
"""Seconds for which a connection may hold its place without a whole request."""
LINGER: Final = 1.0
"""Seconds for which a body that nobody wants is taken all the same: hung up on at once, whoever sends it would not
get to read why."""
HANDSHAKE: Final = 5.0
"""Seconds for TLS to be agreed on."""
LONGEST_LINE: Final = 8190
"""Bytes of a request's line, or of one of its header's fields."""
MOST_FIELDS: Final = 64
"""Of a header; a browser sends some 20."""
BACKLOG: Final = 128
"""Connections that the kernel holds until we take them."""
SEND_BUFFER: Final = 131_072
"""Bytes that the kernel holds for one browser: more would only make what it reads older."""


USES_KEPT: Final = 300.0
"""Seconds: far less than a session may be idle."""


class ServerError(Exception):
    """The wallboard cannot be opened; the message names the cure."""


class Server:
    """One wallboard. Made, opened and closed on one event loop."""

    def __init__(
        self,
        settings: Settings,
        *,
        blocked: float = BLOCKED,
        silence: float = SILENCE,
        handshake: float = HANDSHAKE,
    ) -> None:
        """`blocked`: seconds for which a browser may read nothing of what it is sent, `silence`: for which any
        connection may hold its place without a whole request, `handshake`: without TLS."""
        self._settings = settings
        self._blocked, self._silence, self._handshake = blocked, silence, handshake
        reading = Reading(settings.proxies)
        self.door = Door(
            settings.streams + BESIDES, lambda source: is_loopback(source) or reading.is_proxy(source)
        )
        zone = ZoneInfo(settings.timezone)
        self.hub = Hub(
            settings.site,
            time.monotonic,
            lambda: datetime.now(zone).isoformat(timespec="milliseconds"),
            most=settings.streams,
            of_one_source=lambda source: self.door.share(source, settings.streams),
        )
        sessions = logins = self._sessions = self._kept = None
        if settings.password_file is not None:
            file = Path(settings.password_file)
            self._kept = SessionFile(Path(settings.data_dir))
            sessions = self._sessions = Sessions(
                time.time, kept=self._kept.read(fingerprints(file)), changed=self._keep_sessions
            )
            logins = Logins(file, sessions, time.monotonic)
        guard = Guard(reading, sessions, here_alone=is_loopback(settings.host))
        self._pages = Pages(
            self.hub,
            self.door,
            guard,
            CallPages(drawing(settings)),
            static_files(),
            sessions=sessions,
            logins=logins,
            blocked=blocked,
        )
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def _keep_sessions(self) -> None:
        if self._sessions is not None and self._kept is not None:
            self._kept.write(self._sessions.items())

    async def _keep_uses(self) -> None:
        """When each session was used last is kept, too, if not at once."""
        while True:
            await asyncio.sleep(USES_KEPT)
            self._keep_sessions()

    @property
    def url(self) -> str:
        """Where it is, once it is open."""
        assert self._server is not None
        scheme = "http" if self._settings.certificate_file is None else "https"
        return f"{scheme}://{self._settings.host}:{self._server.sockets[0].getsockname()[1]}"

    async def open(self) -> None:
        """Begin to serve. Raises ServerError."""
        try:
            certificate = Certificate.of(self._settings)
        except CertificateWrong as wrong:
            raise ServerError(f"[wallboard] {wrong.key} {wrong}") from None
        tls = None if certificate is None else certificate.context
        listening = _entrance(self._settings, self.door)
        runner = web.AppRunner(
            self._pages.application(), access_log=None, handler_cancellation=True, handle_signals=False
        )
        await runner.setup()
        manager = runner.server
        assert manager is not None

        def visitor() -> Visitor:
            return Visitor(
                manager,
                access_log=None,
                keepalive_timeout=self._silence,
                lingering_time=LINGER,
                max_line_size=LONGEST_LINE,
                max_field_size=LONGEST_LINE,
                max_headers=MOST_FIELDS,
            )

        self._server = await asyncio.get_running_loop().create_server(
            visitor,
            sock=listening,
            backlog=BACKLOG,
            ssl=tls,
            ssl_handshake_timeout=self._handshake if tls is not None else None,
            ssl_shutdown_timeout=1.0 if tls is not None else None,
        )
        self._runner = runner
        looking = _look_at(lambda: manager.connections, self._blocked / 2)
        self._tasks = [asyncio.create_task(looking)]
        self._tasks += [asyncio.create_task(turn(self.hub)), asyncio.create_task(self._keep_uses())]
        if certificate is not None:
            self._tasks.append(asyncio.create_task(certificate.keep()))

    async def run(self) -> None:
        """Once it is open: raises what its work has failed with, and returns no earlier than it is closed."""
        await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """Hang up on whoever is there. Idempotent."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._keep_sessions()
        if self._server is not None:
            self._server.close()
        if self._runner is not None:
            if self._runner.server is not None:
                for visitor in self._runner.server.connections:
                    visitor.force_close()
            await self._runner.cleanup()
            self._runner = None


async def _look_at(visitors: Callable[[], Iterable[RequestHandler]], every: float) -> None:
    """Hang up on who reads nothing, until cancelled."""
    while True:
        await asyncio.sleep(every)
        for visitor in list(visitors()):
            if isinstance(visitor, Visitor):
                visitor.look()


def _entrance(settings: Settings, door: Door) -> Entrance:
    where = f"{settings.host}:{settings.port}"
    try:
        listening = Entrance(door, REFUSED if settings.certificate_file is None else b"")
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)  # those it accepts have it, too
            listening.bind((settings.host, settings.port))
            listening.listen(BACKLOG)
        except BaseException:
            listening.close()
            raise
    except OSError as error:
        raise ServerError(
            f"{where} cannot be had: {error.strerror or error}; free it, or change [wallboard] listen"
        ) from None
    return listening
