"""What a gateway and its processes hold at one moment."""

import contextlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

MB = 1e6


@dataclass(frozen=True, slots=True)
class Held:
    """What one process holds. Megabytes are of 10^6 bytes."""

    pss: float
    """Its share of pages that are no file's."""
    rss: float
    descriptors: int
    threads: int
    ports: int
    """Sockets of the network that are bound: UDP, and TCP that listens."""
    opened: Counter[str]
    """Descriptors by what they are: a file's path, or a kind."""


@dataclass(frozen=True, slots=True)
class Sample:
    """All processes by what they do, at a second since the beginning; `tasks`: the gateway's event loop's."""

    at: float
    processes: Mapping[str, Held]
    tasks: int


def held_by(gateway: psutil.Process, roles: Mapping[int, str]) -> dict[str, Held]:
    """Each process by its role; one that is not in `roles` by its number among the children. Who ends meanwhile is
    left out."""
    found = {}
    for number, process in enumerate([gateway, *gateway.children(recursive=True)]):
        with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
            found[roles.get(process.pid, f"child {number}")] = _held(process)
    return found


def roles_of(gateway: psutil.Process, lines: Mapping[str, int]) -> dict[int, str]:
    """What each process does: the gateway, a line's softphone by the line's port, or its program's module."""
    roles = {gateway.pid: "gateway"}
    for child in gateway.children(recursive=True):
        ports = {connection.laddr.port for connection in child.net_connections(kind="udp")}
        line = next((line for line, port in lines.items() if port in ports), None)
        role = line or _module(child)
        roles[child.pid] = role if role not in roles.values() else f"{role} {child.pid}"
    return roles


def _opened(pid: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found[re.sub(r":\[\d+\]$", "", str(link.readlink()))] += 1
    return found


def _module(process: psutil.Process) -> str:
    command = process.cmdline()
    name = next((part for part in command if part.startswith(("gateway.", "drivers."))), command[-1])
    return name if len(name) < 30 else name[:30]


def _held(process: psutil.Process) -> Held:
    sockets = process.net_connections(kind="inet")
    bound = [s for s in sockets if s.status in (psutil.CONN_LISTEN, psutil.CONN_NONE)]
    return Held(
        pss=_share(process.pid),
        rss=process.memory_info().rss / MB,
        descriptors=process.num_fds(),
        threads=process.num_threads(),
        ports=len(bound),
        opened=_opened(process.pid),
    )


def _share(pid: int) -> float:
    """Megabytes of a process's own pages, those shared after a fork by share (Pss_Anon of smaps_rollup, proc(5)).
    Pages of files are left out: their share grows whenever another program that has them too ends."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:")) * 1024 / MB
