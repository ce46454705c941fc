"""Who runs on the machine and what each has open: one pass over /proc, for every check that asks who."""

import os
import re
import socket
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from gateway.doctor.machine import Machine, read_text

_LOCK = re.compile(r"^\d+: (?:-> )?\w+\s+\w+\s+\w+\s+(?P<pid>\d+) (?P<file>[0-9a-f]+:[0-9a-f]+:\d+) ")
"""A line of /proc/locks (proc(5)): everybody may read it, so that it tells of other users' programs too."""
_TAKEN = {"udp": frozenset({"07"}), "tcp": frozenset({"0A"})}
"""State in which a socket keeps others from its port: UDP's only one, and TCP's LISTEN (tcp_states.h)."""
_ANY = "00000000"
_MAPPED = "0000000000000000FFFF0000"
"""Before an IPv4 address among IPv6's, as /proc/net writes it on a little-endian machine."""


@dataclass(frozen=True, slots=True)
class Process:
    """A program that runs."""

    pid: int
    name: str
    parent: int
    command: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name} (pid {self.pid})"

    @property
    def is_gateway(self) -> bool:
        """Whether it is a `sansheng run`, whatever its config."""
        words = [Path(word).name for word in self.command]
        return any(pair == ("sansheng", "run") for pair in pairwise(words))


@dataclass(frozen=True, slots=True)
class Census:
    """The processes of one moment."""

    processes: dict[int, Process] = field(default_factory=dict)
    blind: bool = False
    """Some processes hide what they have open from this user: other users' do, from all but root."""
    _open: dict[str, frozenset[int]] = field(default_factory=dict)
    _locks: dict[str, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def take(cls, machine: Machine) -> "Census":
        """Look at every process that there is."""
        processes: dict[int, Process] = {}
        links: defaultdict[str, set[int]] = defaultdict(set)
        blind = False
        for folder in _folders(machine.at("/proc")):
            process = _process(folder)
            if process is None:
                continue
            processes[process.pid] = process
            try:
                for link in _links(folder / "fd"):
                    links[link].add(process.pid)
            except PermissionError:
                blind = True
            except OSError:
                continue  # it has ended meanwhile
        locks: defaultdict[str, set[int]] = defaultdict(set)
        for line in (machine.text("/proc/locks") or "").splitlines():
            found = _LOCK.match(line)
            if found:
                locks[found["file"]].add(int(found["pid"]))
        frozen = {link: frozenset(pids) for link, pids in links.items()}
        return cls(processes, blind, frozen, {file: frozenset(pids) for file, pids in locks.items()})

    def named(self, name: str) -> list[Process]:
        """Those whose program has this name (the kernel keeps 15 characters of it)."""
        return [process for process in self.processes.values() if process.name == name[:15]]

    def holders(self, file: Path) -> list[Process]:
        """Who has `file`, a real path, open or locked, by pid."""
        pids = set(self._open.get(str(file), ()))
        try:
            found = file.stat()
            number = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
            pids |= self._locks.get(number, frozenset())
        except OSError:
            pass  # it is not there: nobody has locked it
        return self._known(pids)

    def socket_holders(self, inodes: Iterable[str]) -> list[Process]:
        """Who has one of these sockets open, by pid."""
        return self._known({pid for inode in inodes for pid in self._open.get(f"socket:[{inode}]", ())})

    def gateway_of(self, process: Process) -> Process:
        """The gateway whose softphone it is; itself where it is none's."""
        return next((each for each in self.family(process) if each.is_gateway), process)

    def family(self, process: Process) -> Iterator[Process]:
        """It, its parent, and so on."""
        seen: set[int] = set()
        current: Process | None = process
        while current is not None and current.pid not in seen:
            seen.add(current.pid)
            yield current
            current = self.processes.get(current.parent)

    def _known(self, pids: Iterable[int]) -> list[Process]:
        return [self.processes[pid] for pid in sorted(pids) if pid in self.processes]


def sockets_on(machine: Machine, kind: str, host: str, port: int) -> list[str]:
    """Inodes of the sockets that keep others from `host`:`port`; `kind` is `udp` or `tcp`, the host IPv4."""
    wanted = f"{int.from_bytes(socket.inet_aton(host), sys.byteorder):08X}"
    # A socket on every IPv6 address takes IPv4's port too.
    takes = {_ANY, wanted, _ANY * 4, f"{_MAPPED}{wanted}"}
    lines = [(machine.text(f"/proc/net/{name}") or "").splitlines()[1:] for name in (kind, f"{kind}6")]
    found = []
    for words in (line.split() for file in lines for line in file):
        address, _, number = words[1].partition(":")
        clash = address in takes or wanted == _ANY
        if clash and int(number, 16) == port and words[3] in _TAKEN[kind]:
            found.append(words[9])
    return found


def _folders(proc: Path) -> list[Path]:
    try:
        return [folder for folder in proc.iterdir() if folder.name.isdigit()]
    except OSError:
        return []


def _process(folder: Path) -> Process | None:
    stat, command = read_text(folder / "stat"), read_text(folder / "cmdline")
    # `pid (name) state parent …`; the name may hold anything, a bracket too.
    name, bracket, rest = (stat or "").partition("(")[2].rpartition(")")
    words = rest.split()
    if not bracket or len(words) < 2:
        return None
    return Process(int(folder.name), name, int(words[1]), tuple((command or "").rstrip("\0").split("\0")))


def _links(folder: Path) -> Iterator[str]:
    for link in folder.iterdir():
        try:
            yield str(link.readlink())
        except FileNotFoundError:
            continue  # closed meanwhile
