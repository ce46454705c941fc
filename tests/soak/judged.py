"""Whether a gateway has grown: what it held when it was quiet at first and at last, and how its memory went."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.soak.sample import Held, Sample
from tests.soak.slope import Slope, slope

COUNTED = ("descriptors", "threads", "ports")
BOUND = 0.2
"""Megabytes a minute that a process's memory may grow by at the least, with 95 %, over the second half: what an
allocator keeps of calls that come at random. A leak of 10 kB a call is more at 20 calls a minute."""
POOLED = 4
"""Times the database's file may be open beyond the first look: a pool keeps up to five connections (SQLAlchemy's
pool_size), and has the second when two first read at once, however late that is."""
LONG_ENOUGH = 300.0
"""Seconds of load below which memory is shown and not judged: in a minute's run a first occasion of each kind of
call is growth, and the half that counts has six samples."""


@dataclass(frozen=True, slots=True)
class Grown:
    """One process: quiet at first, quiet at last, and its own pages' slope under load in megabytes a minute."""

    process: str
    first: Held
    last: Held | None
    memory: Slope
    judged: bool
    """Whether the load lasted long enough for the slope to tell anything."""


def growth(first: Sample, load: Sequence[Sample], last: Sample) -> list[Grown]:
    """Each process of the first sample. The slope is that of the second half of the load."""
    half = load[len(load) // 2 :]
    judged = load[-1].at - load[0].at >= LONG_ENOUGH
    return [
        Grown(name, held, last.processes.get(name), slope(_minutes(half, name)), judged)
        for name, held in first.processes.items()
    ]


def leaks(first: Sample, last: Sample, grown: Sequence[Grown]) -> Iterator[str]:
    """What is wrong, in words."""
    if last.tasks > first.tasks:
        yield f"tasks of the event loop: {first.tasks} at first, {last.tasks} at last"
    for extra in sorted(last.processes.keys() - first.processes.keys()):
        yield f"{extra}: a process that was not there at first"
    for one in grown:
        if one.last is None:
            yield f"{one.process}: its process has ended"
            continue
        for name in COUNTED:
            before, after = getattr(one.first, name), getattr(one.last, name)
            more = one.last.opened - one.first.opened if name == "descriptors" else Counter[str]()
            if after - _pooled(more) > before:
                told = ", ".join(f"{count} × {what}" for what, count in more.items())
                yield f"{one.process}: {name}: {before} at first, {after} at last {told}".rstrip()
        if one.judged and one.memory.least > BOUND:
            yield f"{one.process}: grows by {one.memory.least:.2f} MB a minute at least; {BOUND} may be chance"


def _pooled(more: Counter[str]) -> int:
    """How many of these descriptors are a pool's that fills to its bound."""
    return sum(min(count, POOLED) for what, count in more.items() if what.endswith((".db", ".db-wal", ".db-shm")))


def _minutes(samples: Sequence[Sample], name: str) -> list[tuple[float, float]]:
    return [(one.at / 60, one.processes[name].pss) for one in samples if name in one.processes]
