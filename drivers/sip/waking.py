"""What wakes the owner thread: SIP that comes over UDP, an order of the gateway's, or the time.

pjsip's own wait knows nothing of the gateway's socket, so that it would have to be cut short a hundred times a
second for orders to be taken at once.
"""

import select
import socket
from typing import Final

from drivers.sip.socket_filter import own_sockets

_KINDS: Final = (socket.SOCK_DGRAM, socket.SOCK_STREAM)


class Waking:
    """Waits. Owner thread only."""

    def __init__(self) -> None:
        self._poll = select.poll()
        self._sip: list[socket.socket] = []

    def open(self, port: int) -> None:
        """After the SIP sockets are bound to `port`: UDP's, and TCP's listener. What comes over a TCP connection
        is served in time rather than at once."""
        self._sip = [sock for kind in _KINDS for sock in own_sockets((port,), kind)]
        for sock in self._sip:
            self.watch(sock.fileno())

    def close(self) -> None:
        """Let go of the sockets."""
        for sock in self._sip:
            self.forget(sock.fileno())
            sock.close()
        self._sip.clear()

    def watch(self, descriptor: int) -> None:
        """Wake for this one, too."""
        self._poll.register(descriptor, select.POLLIN)

    def forget(self, descriptor: int) -> None:
        """Wake for it no more."""
        self._poll.unregister(descriptor)

    def wait(self, milliseconds: int) -> None:
        """So long at most."""
        self._poll.poll(milliseconds)
