"""The wallboard's HTTP server: put together, opened, closed."""

import asyncio
import logging
import socket
import time
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web

from gateway.config.certificates import CertificateWrong
from gateway.wallboard.calls import CallPages, drawing
from gateway.wallboard.door import BESIDES, Door, Visitor, is_loopback
from gateway.wallboard.guard import Guard
from gateway.wallboard.hub import Hub
from gateway.wallboard.login import Logins
from gateway.wallboard.pages import Pages
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


class ServerError(Exception):
    """The wallboard cannot be opened; the message names the cure."""


class Server:
    """One wallboard. Made, opened and closed on one event loop."""

    def __init__(self, settings: Settings, *, blocked: float = BLOCKED, silence: float = SILENCE) -> None:
        """`blocked`: seconds for which a browser may read nothing of what it follows, `silence`: for which any
        connection may hold its place without a whole request."""
        self._settings = settings
        self._silence = silence
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
        sessions = logins = None
        if settings.password_file is not None:
            sessions = Sessions(time.monotonic)
            logins = Logins(Path(settings.password_file), sessions, time.monotonic)
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
        listening = _socket(self._settings)
        runner = web.AppRunner(
            self._pages.application(), access_log=None, handler_cancellation=True, handle_signals=False
        )
        await runner.setup()
        manager = runner.server
        assert manager is not None

        def visitor() -> Visitor:
            return Visitor(
                self.door,
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
            ssl_handshake_timeout=HANDSHAKE if tls is not None else None,
            ssl_shutdown_timeout=1.0 if tls is not None else None,
        )
        self._runner = runner
        self._tasks = [asyncio.create_task(turn(self.hub))]
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
        if self._server is not None:
            self._server.close()
        if self._runner is not None:
            if self._runner.server is not None:
                for visitor in self._runner.server.connections:
                    visitor.force_close()
            await self._runner.cleanup()
            self._runner = None


def _socket(settings: Settings) -> socket.socket:
    where = f"{settings.host}:{settings.port}"
    try:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
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
