"""One run of calls against whoever answers: SIPp signals, the voices speak and hear, what it takes is read
meanwhile."""

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import said, voices
from benchmarks.load.packets import Heard, Spread, seconds_within
from benchmarks.load.processes import cpu_of, dropped_by, family, pss_by
from benchmarks.load.sipp import Caller, Placed, calling, stopped
from benchmarks.load.site import free_ports

RTP_FIRST, RTP_LAST = 30000, 32700
"""Callers' own ports; below Linux' ephemeral ones."""
SLOTS = 125
"""Callers' ports: of 100 who come in 10 s, each is free again before its turn comes round."""
SLACK = 2.0
"""Seconds that callers stay beyond what is measured."""
PATIENCE = 30.0
"""Seconds that a busy machine may take to answer all, or to start the voices."""
VERDICT = 4.0
"""Seconds after a greeting within which every customer is heard, who stands in the street, too."""


@dataclass(frozen=True, slots=True)
class Load:
    """Which calls come."""

    calls: int
    rate: float
    """New ones a second."""
    seconds: float
    """For which what they take is measured: with all of them up, or while they come and go."""
    all_up: bool = True
    first: int = 0
    """Number of the first caller: no two of a site are alike."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Over the stretch that was measured. CPU in seconds, memory in MB."""

    seconds: float
    call_seconds: float
    """Seconds of calls that were up: 100 in one second are 100."""
    cpu: float
    own: float
    """Of the CPU what the first process took, without those that it has started."""
    pss: float
    generator: float
    """CPU of SIPp and the voices."""
    dropped: int
    """Callers' packets that the kernel threw away, as nobody had fetched those before."""


@dataclass(frozen=True, slots=True)
class Run:
    """What came of it."""

    load: Load
    callers: tuple[Caller, ...]
    placed: Placed
    heard: dict[str, Heard]
    greeting: float
    """Its seconds."""
    cost: Cost
    lateness: float
    """Milliseconds by which 99 in 100 of the voices' turns were late at most."""


def callers_of(load: Load, ports: Sequence[int], rtp: int) -> tuple[Caller, ...]:
    """Who calls: one line after another, each with a number, and a port of his own while he is up."""
    return tuple(
        Caller(f"138{load.first + n:08}", ports[n % len(ports)], rtp + 2 * (n % SLOTS), said.kind_of(n))
        for n in range(load.calls)
    )


async def run(load: Load, firsts: Sequence[int], ports: Sequence[int], folder: Path, greeting: float) -> Run:
    """Put the load on these processes and their children, which answer on `ports`. `folder` is made."""
    slots = min(load.calls, SLOTS)
    rtp = free_ports(2 * slots, RTP_FIRST, RTP_LAST)
    said.write(folder, greeting)
    callers = callers_of(load, ports, rtp)
    coming = load.calls / load.rate
    stay = greeting + VERDICT
    if load.all_up:
        stay = max(stay, coming + load.seconds + SLACK)
    async with speaking(folder, rtp, slots) as speakers, calling(callers, load.rate, stay, folder) as calls:
        if load.all_up:
            await calls.answered(load.calls, coming + PATIENCE)
        else:
            await calls.answered(1, PATIENCE)
            await asyncio.sleep(stay)  # from now on as many leave as come
        window = await measured(load.seconds, firsts, (calls.pid, speakers.pid))
        placed = await calls.ended(coming + stay)
    heard, lateness = voices.read(folder)
    late = 1000 * Spread.of(lateness).most_of_them
    return Run(load, callers, placed, heard, greeting, window.cost(heard.values()), late)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, and what was taken in it."""

    began: int
    ended: int
    """Nanoseconds, by the clock that stamps packets."""
    cpu: float
    own: float
    pss: float
    generator: float
    dropped: int

    def cost(self, heard: Iterable[Heard]) -> Cost:
        """For the calls that were up then."""
        up = sum(seconds_within(call.stamps, self.began, self.ended) for call in heard)
        seconds = (self.ended - self.began) / 1e9
        return Cost(seconds, up, self.cpu, self.own, self.pss, self.generator, self.dropped)


async def measured(seconds: float, firsts: Sequence[int], generators: Sequence[int]) -> Window:
    """What these processes with their children, and the generators, take from now on for so many seconds."""
    pids = family(firsts)
    cpu, own, generator = (cpu_of(each) for each in (pids, firsts[:1], generators))
    began = time.time_ns()
    await asyncio.sleep(seconds)
    ended = time.time_ns()
    spent = (cpu_of(pids) - cpu, cpu_of(firsts[:1]) - own)
    generator = cpu_of(generators) - generator
    return Window(began, ended, *spent, pss_by(pids), generator, dropped_by(pids))


@contextlib.asynccontextmanager
async def speaking(folder: Path, port: int, ports: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """The voices run; at the end they have written what was heard. OSError where they do not start or end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "benchmarks.load.voices", str(folder), str(port), str(ports)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            if await process.stdout.readline() != b"ready\n":
                raise OSError("the voices of the load did not start")
        yield process
        process.stdin.close()
        async with asyncio.timeout(PATIENCE):
            if await process.wait():
                raise OSError("the voices of the load failed")
    finally:
        await stopped(process)
