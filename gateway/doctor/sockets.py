"""Whether a port of this machine's network is free, found out by taking it for a moment."""

import errno
import socket
from dataclasses import dataclass

from gateway.doctor.census import Process, sockets_on
from gateway.doctor.scene import Scene

_KINDS = {"udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM}


@dataclass(frozen=True, slots=True)
class Taken:
    """Why an address cannot be had."""

    number: int
    """errno of bind(2)."""
    reason: str
    holders: tuple[Process, ...] = ()
    ours: bool = False
    """The gateway of this config has it."""


def taken(scene: Scene, kind: str, host: str, port: int) -> Taken | None:
    """Why `host`:`port` cannot be bound; None: it can. `kind` is `udp` or `tcp`, the host an IPv4 address."""
    with socket.socket(socket.AF_INET, _KINDS[kind]) as probe:
        if kind == "tcp":
            # As servers do: an old connection that is only just over keeps nobody away.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            if kind == "tcp":
                probe.listen(1)  # with SO_REUSEADDR bind alone succeeds beside another that does not listen yet
        except OSError as error:
            return _why(scene, kind, host, port, error)
    return None


def _why(scene: Scene, kind: str, host: str, port: int, error: OSError) -> Taken:
    number = error.errno or 0
    if number != errno.EADDRINUSE:
        return Taken(number, error.strerror or str(error))
    found = scene.census.socket_holders(sockets_on(scene.machine, kind, host, port))
    holders = list(dict.fromkeys(map(scene.census.gateway_of, found)))
    ours = bool(holders) and all(scene.is_ours(process) for process in holders)
    return Taken(number, f"{kind.upper()} {host}:{port} is held by {scene.told(holders)}", tuple(holders), ours)
