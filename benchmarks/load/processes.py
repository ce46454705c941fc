"""What processes take: processor time, and memory as their proportional share (PSS, `/proc/PID/smaps_rollup`)."""

import contextlib
import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import psutil

_PSS = re.compile(r"^Pss:\s+(\d+) kB$", re.MULTILINE)
_INODE, _DROPS = 9, 12
"""Columns of /proc/net/udp."""


def family(firsts: Sequence[int]) -> list[int]:
    """These processes and all that they have started, and so on."""
    return [pid for first in firsts for pid in (first, *_below(first))]


def _below(pid: int) -> list[int]:
    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def pss_by(pids: Iterable[int]) -> float:
    """MB that these processes hold, what they share shared out among them. Reading it stops each of them for a
    moment: not while packets are timed."""
    held = 0.0
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has ended just now
            held += pss_of(Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii"))
    return held


def cpu_of(pids: Iterable[int]) -> float:
    """Seconds that these processes have taken, user and system; nothing of those that have ended."""
    seconds = 0.0
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):
            times = psutil.Process(pid).cpu_times()
            seconds += times.user + times.system
    return seconds


def pss_of(rollup: str) -> float:
    """MB of 10^6 bytes, from the text of a smaps_rollup. ValueError where it tells none."""
    found = _PSS.search(rollup)
    if found is None:
        raise ValueError(f"smaps_rollup tells no Pss: {rollup[:80]!r}")
    return int(found[1]) * 1024 / 1e6


def dropped_by(pids: Iterable[int]) -> int:
    """Packets that the kernel threw away at the UDP sockets that these processes have open now."""
    inodes: set[str] = set()
    for pid in pids:
        with contextlib.suppress(OSError):  # ended, or closed meanwhile
            for link in Path(f"/proc/{pid}/fd").iterdir():
                inodes.update(re.findall(r"^socket:\[(\d+)\]$", str(link.readlink())))
    return dropped(udp_sockets(), inodes)


def udp_sockets() -> str:
    """The kernel's table of them."""
    return Path("/proc/net/udp").read_text(encoding="ascii")


def dropped(table: str, inodes: Collection[str]) -> int:
    """Of the sockets with these inodes, from the text of /proc/net/udp: what came while their buffer was full."""
    rows = [line.split() for line in table.splitlines()[1:]]
    return sum(int(row[_DROPS]) for row in rows if row[_INODE] in inodes)
