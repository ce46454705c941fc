"""The worker's end of the socket to the gateway. Never blocks the thread that owns the softphone."""

import socket
from typing import Final

from drivers.sip.messages import Decoder, Message, WireError, encode

_CHUNK: Final = 65536
BACKLOG: Final = 4 << 20
"""Bytes kept for a gateway that does not read: minutes of facts. One that has stopped so long is given up."""


class GatewayGone(Exception):
    """The gateway has closed the socket, speaks nonsense or no longer reads: the worker has to end."""


class Link:
    """Messages in and out, as far as the socket takes them at once."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._socket.setblocking(False)
        self._decoder = Decoder()
        self._pending = bytearray()

    def fileno(self) -> int:
        """The socket's number, to be waited for."""
        return self._socket.fileno()

    def receive(self) -> list[Message]:
        """The messages that have come. Raises GatewayGone."""
        try:
            data = self._socket.recv(_CHUNK)
        except (BlockingIOError, InterruptedError):
            return []
        except OSError as error:
            raise GatewayGone(str(error)) from None
        if not data:
            raise GatewayGone("closed")
        try:
            return self._decoder.feed(data)
        except WireError as error:
            raise GatewayGone(str(error)) from None

    def send(self, message: Message) -> None:
        """Put a message in the queue; flush() sends it."""
        self._pending += encode(message)

    def flush(self) -> None:
        """Send what the socket takes. Raises GatewayGone."""
        try:
            while self._pending:
                del self._pending[: self._socket.send(self._pending)]
        except (BlockingIOError, InterruptedError):
            if len(self._pending) > BACKLOG:
                raise GatewayGone("reads nothing any more") from None
        except OSError as error:
            raise GatewayGone(str(error)) from None

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()
