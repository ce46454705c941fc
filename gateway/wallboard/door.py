"""Connections to the wallboard: how many, of whom, and how long one may read nothing."""

import asyncio
import logging
import socket
from collections import Counter
from collections.abc import Callable
from ipaddress import IPv4Address
from typing import Any, Final

from aiohttp import web
from aiohttp.web_protocol import RequestHandler
from aiohttp.web_request import BaseRequest

from gateway.wallboard.headers import put_on

log = logging.getLogger(__name__)

LONGEST: Final = 65_536
"""Bytes that are read of a request which is refused unread."""
BESIDES: Final = 64
"""Connections beyond those that follow the lines: pages, pictures, log-ins."""
SHARE: Final = 0.5
"""Of all that there is, for one address that is not this machine's own nor a proxy's."""
KEPT: Final = 0.25
"""Of all that there is, for addresses that have FEW: two that take all they can do not keep others out."""
FEW: Final = 6
"""Connections that a browser opens at the same time."""
AT_ONCE: Final = 32
"""Connections that are refused before whoever is inside gets his turn."""
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
        has = self._sources[source]
        kept = 0 if has < FEW or self._unlimited(source) else int(self._most * KEPT)
        if self.inside >= self._most - kept or has >= self.share(source, self._most):
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


class Entrance(socket.socket):
    """A listening socket behind the door: a connection has its place from when it is accepted, before TLS and
    before it says anything, until its descriptor is closed. For asyncio's `create_server`."""

    def __init__(self, door: Door, refusal: bytes) -> None:
        """`refusal` is what is sent to those for whom there is no room. Raises OSError."""
        super().__init__(socket.AF_INET, socket.SOCK_STREAM)
        self._door = door
        self._refusal = refusal

    def accept(self) -> tuple[socket.socket, Any]:
        """The next for whom there is room. Raises BlockingIOError: there is none just now."""
        for _ in range(AT_ONCE):
            connection, address = super().accept()
            if self._door.enter(address[0]):
                return _Inside(connection.detach(), self._door, address[0]), address
            with connection:
                self._refuse(connection)
        raise BlockingIOError

    def _refuse(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        try:
            connection.send(self._refusal)
            connection.recv(LONGEST)  # unread, it would have the kernel take back what was sent (RFC 9112 §9.6)
        except OSError:
            pass  # it says nothing yet, or has gone


class _Inside(socket.socket):
    """A connection that has entered."""

    def __init__(self, descriptor: int, door: Door, source: str) -> None:
        super().__init__(fileno=descriptor)
        self._door, self._source = door, source
        self._in = True

    def close(self) -> None:
        """Make room."""
        if self._in:
            self._in = False
            self._door.leave(self._source)
        super().close()


class Visitor(RequestHandler):
    """One connection: aiohttp's; what it says wrong is answered without a word in the log."""

    __slots__ = ("_line", "_unread")

    def __init__(self, manager: web.Server, **kwargs: Any) -> None:
        super().__init__(manager, loop=asyncio.get_running_loop(), **kwargs)
        self._line: asyncio.Transport | None = None
        self._unread = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It has come in, and TLS is agreed on."""
        assert isinstance(transport, asyncio.Transport)
        self._line = transport
        super().connection_made(transport)

    def look(self) -> None:
        """To be called now and then: whoever has read nothing of what has been waiting for him since the last time
        is hung up on, be he in the middle of an answer or hung up on already."""
        if self._line is None:
            return
        waiting = self._line.get_write_buffer_size()
        if waiting and waiting == self._unread:
            self._line.abort()
        self._unread = waiting

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
        put_on(response)
        return response


def is_loopback(source: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return IPv4Address(source).is_loopback
    except ValueError:
        return False
