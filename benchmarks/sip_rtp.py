"""A SIP line's timing and cost: `python -m benchmarks.sip_rtp [--calls 4] [--seconds 20]`.

Real SIP and RTP on loopback: callers who send noise, so that the ears work, and hear one long prompt. Prints the
delays from INVITE to 200 and from 200 to the first RTP packet, the time between the prompt's packets, how far the
reported end of the prompt lies from its last packet, the worker's CPU and memory idle and busy, and how long the
line is away after its worker was killed.
"""

import argparse
import asyncio
import math
import os
import random
import signal
import statistics
import tempfile
import time
import wave
from itertools import pairwise
from pathlib import Path

import psutil

from drivers.line import Answer, Answered, CallOffered, LineEvent, LineFault, LineRestored, Play, PlayFinished
from drivers.sip.caller import free_address
from drivers.sip.config import SipConfig
from drivers.sip.line import SipLine
from tests.sip.peer.caller import Caller

REST_AFTER = 5.0
"""Seconds after which an idle worker's media clock stops (drivers.sip.softphone)."""


class Station:
    """The line, its facts with their times."""

    def __init__(self, line: SipLine, prompt: str) -> None:
        self.line = line
        self.prompt = prompt
        self.facts: list[tuple[float, LineEvent]] = []
        self._arrived = asyncio.Event()

    def report(self, event: LineEvent) -> None:
        self.facts.append((time.monotonic(), event))
        self._arrived.set()
        if isinstance(event, CallOffered):
            self.line.execute(Answer(event.leg))
        elif isinstance(event, Answered):
            self.line.execute(Play(event.leg, 1, (self.prompt,)))

    async def wait(self, kind: type, count: int) -> float:
        while len(times := [at for at, event in self.facts if isinstance(event, kind)]) < count:
            self._arrived.clear()
            await self._arrived.wait()
        return times[count - 1]


def write_prompt(path: Path, seconds: float) -> str:
    samples = (round(6000 * math.sin(n / 3)) for n in range(int(8000 * seconds)))
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples))
    return str(path)


def spread(name: str, milliseconds: list[float]) -> None:
    ordered = sorted(milliseconds)

    def at(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    middle = f"p50 {at(0.5):.2f}  p99 {at(0.99):.2f}  max {ordered[-1]:.2f}"
    print(f"{name:<34} {middle} ms  (n = {len(ordered)})")


async def measure_calls(station: Station, target: str, count: int, seconds: float) -> None:
    worker = psutil.Process(station.line.worker_pid)
    await asyncio.sleep(1.5 * REST_AFTER)
    worker.cpu_percent()
    await asyncio.sleep(10)
    print(f"{'idle worker':<34} {worker.cpu_percent():.1f} % of a core, {rss(worker)}")
    source = random.Random(1)
    noise = [round(source.gauss(0, 800)) for _ in range(int(8000 * (seconds + 5)))]
    callers = [await Caller.open(target, user=f"1380000{n:04}") for n in range(count)]
    invited = []
    for caller in callers:
        invited.append(time.monotonic())
        caller.invite()
        await caller.response("INVITE", 200)
        caller.rtp.start_sending(noise)
    worker.cpu_percent()
    await asyncio.sleep(seconds - 2)
    print(f"{f'{count} calls playing and heard':<34} {worker.cpu_percent():.1f} % of a core, {rss(worker)}")
    await station.wait(PlayFinished, count)
    answers = [await caller.response("INVITE", 200) for caller in callers]
    spread("INVITE to 200", [1000 * (a.at - i) for a, i in zip(answers, invited, strict=True)])
    first = [caller.rtp.packets[0].at for caller in callers]
    spread("200 to first packet", [1000 * (p - a.at) for p, a in zip(first, answers, strict=True)])
    gaps, ends = [], []
    finished = [at for at, event in station.facts if isinstance(event, PlayFinished)]
    for caller, end in zip(callers, finished, strict=True):
        loud = [packet for packet in caller.rtp.packets if len(set(packet.payload)) > 3]
        gaps += [1000 * (b.at - a.at) for a, b in pairwise(loud)]
        ends.append(1000 * (end - loud[-1].at - 0.02))
    spread("between the prompt's packets", gaps)
    print(f"{'its mean':<34} {statistics.mean(gaps):.3f} ms")
    spread("end reported after the last sample", ends)
    for caller in callers:
        caller.bye()
        caller.close()


def rss(process: psutil.Process) -> str:
    return f"{process.memory_info().rss / 1e6:.0f} MB"


async def measure_restart(station: Station) -> None:
    pid = station.line.worker_pid
    assert pid is not None
    killed = time.monotonic()
    os.kill(pid, signal.SIGKILL)
    fault = await station.wait(LineFault, 1)
    restored = await station.wait(LineRestored, 2)
    times = f"reported after {fault - killed:.2f} s, back after {restored - killed:.2f} s"
    print(f"{'worker killed':<34} {times}")


async def run(calls: int, seconds: float) -> None:
    listen = free_address("127.0.0.1")
    line = SipLine(SipConfig("bench", listen=listen, aor=f"sip:8801@{listen}", calls=calls))
    with tempfile.TemporaryDirectory() as folder:
        station = Station(line, write_prompt(Path(folder) / "prompt.wav", seconds))
        try:
            await line.open(station.report)
            await measure_calls(station, f"sip:8801@{listen}", calls, seconds)
            await measure_restart(station)
        finally:
            await line.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=20.0, help="length of the prompt")
    options = parser.parse_args()
    asyncio.run(run(options.calls, options.seconds))
