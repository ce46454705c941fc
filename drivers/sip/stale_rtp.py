"""RTP of calls that a worker before this one took with it when it died: kept from the calls of this one.

Their telephones know nothing of it and go on sending to where they were told, for as long as their users hold on.
pjmedia takes audio from anywhere, and after ten packets from elsewhere sends its own there: a new call on such a
port would be heard by a stranger and hear him. So a port that is still sent to stays shut until it is left alone.
"""

import contextlib
import socket
import time
from typing import Final

from drivers.sip.config import RTP_PORTS, SipConfig

LISTEN: Final = 0.1
"""Seconds listened for: RTP comes every 20 to 60 ms."""
_QUIET: Final = 5.0
"""Seconds without a packet after which a port is free: a longer pause than talk has on a telephone that sends
no silence."""
_CHECK: Final = 1.0
_CHUNK: Final = 2048


class StaleRtp:
    """The RTP ports of a line that may not be used yet."""

    def __init__(self, config: SipConfig, now: float) -> None:
        """Shut the ports to which somebody sends. Takes LISTEN seconds."""
        self._shut: dict[socket.socket, float] = {}
        """With when the last packet came."""
        self._check_at = now
        everywhere = _bound(config)
        time.sleep(LISTEN)  # before the library runs: nothing waits for this thread yet
        for port in everywhere:
            if _drained(port):
                self._shut[port] = now
            else:
                port.close()

    def turn(self, now: float) -> None:
        """Open the ports that are left alone by now."""
        if not self._shut or now < self._check_at:
            return
        self._check_at = now + _CHECK
        for port, last in list(self._shut.items()):
            if _drained(port):
                self._shut[port] = now
            elif now - last >= _QUIET:
                del self._shut[port]
                port.close()

    def close(self) -> None:
        """Open all."""
        for port in self._shut:
            port.close()
        self._shut.clear()


def _bound(config: SipConfig) -> list[socket.socket]:
    """A socket on each of the line's RTP ports; one that another program has is left to it."""
    ports = []
    for number in range(config.rtp_port, config.rtp_port + RTP_PORTS, 2):
        port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            port.setblocking(False)
            port.bind((config.host, number))
            ports.append(port)
        except OSError:
            port.close()
    return ports


def _drained(port: socket.socket) -> bool:
    """Whether anything had come."""
    came = False
    with contextlib.suppress(OSError):  # nothing more
        while port.recv(_CHUNK):
            came = True
    return came
