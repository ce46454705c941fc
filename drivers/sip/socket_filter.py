"""What the kernel keeps from a socket of this process, by the sender's IPv4 address: it costs us nothing.

Classic BPF, as socket(7) has it under SO_ATTACH_FILTER; any process may give one to its own sockets.
"""

import ctypes
import os
import socket
import struct
from collections.abc import Collection, Iterable
from contextlib import suppress
from ipaddress import IPv4Network
from itertools import islice
from pathlib import Path
from typing import Final

_ATTACH, _DETACH = 26, 27
"""SO_ATTACH_FILTER, SO_DETACH_FILTER (asm-generic/socket.h)."""
_LOAD, _AND, _EQUAL, _RETURN, _KEEP, _TAKE = 0x20, 0x54, 0x15, 0x06, 0x07, 0x87
"""ld [absolute], and #k, jeq #k, ret #k, tax, txa (linux/bpf_common.h)."""
_SENDER: Final = 0xFFF00000 + 12
"""SKF_NET_OFF and the place of the source address in the IPv4 header (RFC 791 §3.1)."""
_RANDOM: Final = 0xFFFFF000 + 56
"""SKF_AD_OFF + SKF_AD_RANDOM."""
_WHOLE: Final = 0x40000
_NETWORKS, _HOSTS = 250, 40
"""Most that one filter tells apart: the kernel takes 4096 instructions (BPF_MAXINSNS), and no more than 20 kB
(net.core.optmem_max)."""

Instruction = tuple[int, int, int, int]
"""Code, jump if true, jump if false, operand (struct sock_filter)."""


def passing(networks: Iterable[IPv4Network], *, but: Iterable[str] = (), one_in: int = 0) -> list[Instruction]:
    """A filter that takes what comes from `networks`, except from the addresses `but`, and of all else one packet
    in so many (a power of two; 0: none)."""
    rest: list[Instruction] = [(_RETURN, 0, 0, 0)]
    if one_in:
        rest = [
            *((_LOAD, 0, 0, _RANDOM), (_AND, 0, 0, one_in - 1), (_EQUAL, 0, 1, 0), (_RETURN, 0, 0, _WHOLE)),
            *rest,
        ]
    program: list[Instruction] = [(_LOAD, 0, 0, _SENDER), (_KEEP, 0, 0, 0)]
    for host in islice(but, _HOSTS):
        program += [*_unless_from(IPv4Network(host), len(rest)), *rest]
    for network in islice(networks, _NETWORKS):
        program += [*_unless_from(network, 1), (_RETURN, 0, 0, _WHOLE)]
    return [*program, *rest]


def _unless_from(network: IPv4Network, skip: int) -> list[Instruction]:
    """Skip so many instructions for what comes from elsewhere."""
    mask, address = int(network.netmask), int(network.network_address)
    return [(_TAKE, 0, 0, 0), (_AND, 0, 0, mask), (_EQUAL, 0, skip, address)]


def attach(port: socket.socket, program: list[Instruction]) -> None:
    """Have the kernel filter what comes to this socket, in place of any filter before, until detach(). Raises
    OSError."""
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    kept = ctypes.create_string_buffer(code, len(code))
    port.setsockopt(socket.SOL_SOCKET, _ATTACH, struct.pack("HP", len(program), ctypes.addressof(kept)))


def detach(port: socket.socket) -> None:
    """Take whatever comes."""
    with suppress(OSError):  # there was none
        port.setsockopt(socket.SOL_SOCKET, _DETACH, 0)


NOTHING: Final[list[Instruction]] = [(_RETURN, 0, 0, 0)]
"""A filter that takes nothing."""


def own_sockets(
    ports: Collection[int], kind: socket.SocketKind, *, connected: bool = False
) -> list[socket.socket]:
    """The unconnected (or the connected) IPv4 sockets of this process that are bound to these ports: duplicates,
    to be closed by the caller. pjlib tells nobody the descriptors of its own. Some 5 µs for each descriptor that
    the process has."""
    found: list[socket.socket] = []
    for entry in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        # The directory was open while it was read; a duplicate may have its number by now.
        if any(port.fileno() == entry for port in found):
            continue
        port = _duplicate(entry)
        if port is None:
            continue
        if _is_bound(port, ports, kind) and (peer_of(port) is not None) is connected:
            found.append(port)
        else:
            port.close()
    return found


def dialled(listening: int) -> list[tuple[str, int] | None]:
    """The far ends of the TCP connections that this process has begun: those that are not at its port `listening`.
    None: of one that is not up yet."""
    found: list[tuple[str, int] | None] = []
    for entry in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        port = _duplicate(entry)
        if port is None:
            continue
        with port:
            if port.family != socket.AF_INET or port.type != socket.SOCK_STREAM:
                continue
            waits = port.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            if not waits and port.getsockname()[1] not in (listening, 0):
                try:
                    found.append(port.getpeername())
                except OSError:
                    found.append(None)
    return found


def _duplicate(entry: int) -> socket.socket | None:
    """The same socket; None: it is none, or was closed meanwhile."""
    try:
        if not os.readlink(f"/proc/self/fd/{entry}").startswith("socket:"):  # noqa: PTH115 - a Path is slower
            return None
        return socket.socket(fileno=os.dup(entry))
    except OSError:
        return None


def _is_bound(port: socket.socket, ports: Collection[int], kind: socket.SocketKind) -> bool:
    return port.family == socket.AF_INET and port.type == kind and port.getsockname()[1] in ports


def peer_of(port: socket.socket) -> str | None:
    """The address to which this socket is connected."""
    try:
        return str(port.getpeername()[0])
    except OSError:
        return None
