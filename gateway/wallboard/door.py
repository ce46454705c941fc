"""Connections to the wallboard: how many, of whom, and how long one may say nothing."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from ipaddress import IPv4Address
from typing import Any, Final

from aiohttp import web
from aiohttp.web_protocol import RequestHandler
from aiohttp.web_request import BaseRequest

log = logging.getLogger(__name__)

BESIDES: Final = 64
"""Connections beyond those that follow the lines: pages, pictures, log-ins."""
SHARE: Final = 0.5
"""Of all that there is, for one address that is not this machine's own nor a proxy's."""
REFUSED: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)


class Door:
    """Lets connections in, as long as there is room."""

    def __init__(self, most: int, unlimited: Callable[[str], bool]) -> None:
        """`most` at the same time; a source for which `unlimited` may have them all, another one its share."""
        self._most = most
        self._unlimited = unlimited
        self._sources: Counter[str] = Counter()
        self.inside = 0
        """Connections that are open."""

    def share(self, source: str, most: int) -> int:
        """How many of `most` this source may have."""
        return most if self._unlimited(source) else max(1, int(most * SHARE))

    def enter(self, source: str) -> bool:
        """Whether there is room for one more."""
        if self.inside >= self._most or self._sources[source] >= self.share(source, self._most):
            self._sources += Counter()
            return False
        self.inside += 1
        self._sources[source] += 1
        return True

    def leave(self, source: str) -> None:
        """One that had entered has gone."""
        self.inside -= 1
        self._sources[source] -= 1
        self._sources += Counter()


class Visitor(RequestHandler):
    """One connection: aiohttp's, behind the door; what it says wrong is answered without a word in the log."""

    __slots__ = ("_door", "_source")

    def __init__(self, door: Door, manager: web.Server, **kwargs: Any) -> None:
        super().__init__(manager, loop=asyncio.get_running_loop(), **kwargs)
        self._door = door
        self._source: str | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Come in, or be told that it is full."""
        assert isinstance(transport, asyncio.Transport)
        source = str((transport.get_extra_info("peername") or ("",))[0])
        if not self._door.enter(source):
            transport.set_protocol(asyncio.Protocol())
            transport.write(REFUSED)
            transport.close()
            return
        self._source = source
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Make room."""
        if self._source is not None:
            self._door.leave(self._source)
            self._source = None
        super().connection_lost(exc)

    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is no HTTP, too long, or our own mistake: a status and no more. Nothing of a request is logged, as
        it may hold a password or a cookie."""
        if status >= 500 and not isinstance(exc, ConnectionError):
            log.error("a request failed: %s", type(exc).__name__, exc_info=exc if status == 500 else None)
        if request.writer.output_size > 0:
            raise ConnectionResetError("the answer has begun already")
        response = web.Response(status=status, text=f"{status}\n")
        response.force_close()
        return response


def is_loopback(source: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return IPv4Address(source).is_loopback
    except ValueError:
        return False
