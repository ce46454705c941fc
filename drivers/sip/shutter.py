"""The kernel's help against whoever is to get no answer: connections over TCP are not even begun, and datagrams
are not read while there are too many."""

import contextlib
import logging
import socket
import time
from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Final

from drivers.sip import core
from drivers.sip.config import SipConfig
from drivers.sip.connections import Connections
from drivers.sip.doorkeeper import Doorkeeper
from drivers.sip.socket_filter import NOTHING, attach, detach, own_sockets, passing, peer_of

_log = logging.getLogger(__name__)

_HOLD: Final = 10.0
"""Seconds the shutter stays down once it is."""
_COUNT_EVERY: Final = 0.5
"""Seconds between counts of the connections where there are too many."""
_ONE_IN: Final = 16
"""Of the datagrams that are kept away, one in so many is let through: it tells how things stand, and a BYE that
comes from an unforeseen address is repeated ten times (RFC 3261 §17.1.2.2)."""


class Shutter:
    """Keeps the filters of the line's two sockets as they should be. Where the kernel has none the same hosts get
    no answer; it only costs more."""

    def __init__(self, config: SipConfig, doorkeeper: Doorkeeper) -> None:
        """Begun once the sockets are bound."""
        self._config = config
        self._doorkeeper = doorkeeper
        self._down_until: float | None = None
        self._passed: tuple[str, ...] = ()
        self._kept: tuple[str, ...] = ()
        self._connections = Connections(time.monotonic(), config.names)
        self._count_at = 0.0
        self._accepting: tuple[bool, bool, tuple[str, ...]] = (False, False, ())
        """Whether none is taken, or only of those that `allow` names by themselves, and from whom no more."""
        self._watch = core.AcceptWatch(self._on_accepted)
        self._set_tcp()

    @property
    def down(self) -> bool:
        """Whether datagrams are kept away now."""
        return self._down_until is not None

    def turn(self, now: float) -> None:
        """Follow who is welcome, and how many are not."""
        passed, kept = self._doorkeeper.friends, self._doorkeeper.banned
        changed = (passed, kept) != (self._passed, self._kept)
        self._passed, self._kept = passed, kept
        if changed:
            self._set_tcp()
        self._recount(now)
        if self._doorkeeper.besieged(now):
            down, self._down_until = self.down, now + _HOLD
            if changed or not down:
                self._set_udp()
        elif self._down_until is not None and now >= self._down_until:
            self._down_until = None
            for port in self._sockets(socket.SOCK_DGRAM):
                detach(port)

    def _on_accepted(self) -> None:
        now = time.monotonic()
        self._connections.accepted(self._peers(), now)
        self._follow_connections()

    def _recount(self, now: float) -> None:
        if not any(self._accepting) or now < self._count_at:
            return
        self._count_at = now + _COUNT_EVERY
        self._connections.turn(now)
        self._connections.counted(self._peers())
        self._follow_connections()

    def _follow_connections(self) -> None:
        """At once: more of them are waiting in the kernel's queue."""
        wanted = (self._connections.full, self._connections.only_named, self._connections.crowding)
        if wanted != self._accepting:
            self._accepting = wanted
            self._set_tcp()

    def _peers(self) -> list[str]:
        ports = own_sockets((self._config.port,), socket.SOCK_STREAM, connected=True)
        peers = [peer_of(port) for port in ports]
        for port in ports:
            port.close()
        return [peer for peer in peers if peer is not None]

    def _set_tcp(self) -> None:
        full, only_named, crowding = self._accepting
        welcome = self._config.named_networks if only_named else self._networks()
        program = NOTHING if full else passing(welcome, but=(*crowding, *self._kept))
        for port in self._sockets(socket.SOCK_STREAM):
            with contextlib.suppress(OSError):  # then lets_in() decides alone
                attach(port, program)

    def _set_udp(self) -> None:
        _log.warning(
            "too much comes from hosts that are not in allow, or shut out: most of it is not read any more"
        )
        for port in self._sockets(socket.SOCK_DGRAM):
            with contextlib.suppress(OSError):
                attach(port, passing(self._networks(), but=self._kept, one_in=_ONE_IN))

    def _networks(self) -> list[IPv4Network]:
        return [*self._config.networks, *(IPv4Network(host) for host in self._passed)]

    def _sockets(self, kind: socket.SocketKind) -> Iterator[socket.socket]:
        """Those that nobody is connected to, each closed when the next one's turn comes."""
        for port in own_sockets((self._config.port,), kind):
            with port:
                yield port
