"""What four calls of one SIP worker cost by what goes on in them: `python -m benchmarks.sip_cost [--seconds 5]`.

Real SIP and RTP on loopback. For each phase the share of a core that the worker takes is printed, whole and by
thread (the kernel's own sums, /proc/PID/task/TID/schedstat), and the same for a call; at the end the worker's
memory. What else the machine does shows in it: compare two versions by turns, and take the median of several runs.
"""

import argparse
import asyncio
import os
import re
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.material import pcm, speech
from benchmarks.sip_rtp import REST_AFTER, write_prompt
from drivers.line import Answer, Answered, CallOffered, LineEvent, Play, StopPlaying
from drivers.sip.caller import free_address
from drivers.sip.config import SipConfig
from drivers.sip.line import SipLine
from tests.sip.peer.caller import Caller

CALLS = 4
SETTLES = 1.0
"""Seconds before a phase is measured."""


class Worker:
    """One line's worker, by its process."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def seconds(self) -> dict[str, float]:
        """Of the processor, by thread."""
        used: dict[str, float] = {}
        for task in Path(f"/proc/{self._pid}/task").iterdir():
            name = (task / "comm").read_text().strip()
            used[name] = used.get(name, 0.0) + int((task / "schedstat").read_text().split()[0]) / 1e9
        return used

    def memory(self) -> str:
        """Proportional set size."""
        rollup = Path(f"/proc/{self._pid}/smaps_rollup").read_text()
        found = re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)
        return "?" if found is None else f"{int(found[1]) / 1024:.0f} MB PSS"


async def measure(worker: Worker, name: str, seconds: float, runs: int) -> None:
    """One phase, which must last SETTLES + runs * seconds."""
    await asyncio.sleep(SETTLES)
    shares = []
    for _ in range(runs):
        before, began = worker.seconds(), time.monotonic()
        await asyncio.sleep(seconds)
        after, took = worker.seconds(), time.monotonic() - began
        shares.append({thread: 100 * (used - before.get(thread, 0.0)) / took for thread, used in after.items()})
    whole = statistics.median(sum(share.values()) for share in shares)
    threads = {thread: statistics.median(share.get(thread, 0.0) for share in shares) for thread in shares[-1]}
    parts = ", ".join(f"{thread} {share:.2f}" for thread, share in threads.items() if share >= 0.005)
    print(f"{name:<24} {whole:6.2f} % of a core, {whole / CALLS:.2f} % a call  ({parts})", flush=True)


async def run(seconds: float, runs: int) -> None:
    listen = free_address("127.0.0.1")
    line = SipLine(SipConfig("bench", listen=listen, aor=f"sip:8801@{listen}", calls=CALLS))
    legs: list[str] = []

    def report(event: LineEvent) -> None:
        if isinstance(event, CallOffered):
            line.execute(Answer(event.leg))
        elif isinstance(event, Answered):
            legs.append(event.leg)

    lasts = runs * seconds + 2 * SETTLES
    voice = pcm(speech(lasts)).tolist()
    with tempfile.TemporaryDirectory() as folder:
        prompt = write_prompt(Path(folder) / "prompt.wav", 2 * lasts)
        await line.open(report)
        try:
            assert line.worker_pid is not None
            worker = Worker(line.worker_pid)
            callers = [await Caller.open(f"sip:8801@{listen}", user=f"1380000{n:04}") for n in range(CALLS)]
            await asyncio.sleep(1.5 * REST_AFTER)
            await measure(worker, "no call", seconds, runs)
            for caller in callers:
                caller.invite()
                await caller.response("INVITE", 200)
                caller.rtp.start_sending()
            await measure(worker, "silence", seconds, runs)
            for leg in legs:
                line.execute(Play(leg, 1, (prompt,)))
            await measure(worker, "prompt", seconds, runs)
            for caller in callers:
                caller.rtp.start_sending(voice)
            await measure(worker, "prompt, callers talk", seconds, runs)
            for leg in legs:
                line.execute(StopPlaying(leg))
            for caller in callers:
                caller.rtp.start_sending(voice)
            await measure(worker, "callers talk", seconds, runs)
            print(worker.memory())
            for caller in callers:
                caller.bye()
                caller.close()
        finally:
            await line.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0, help="of a measurement")
    parser.add_argument("--runs", type=int, default=3, help="measurements a phase, of which the median is told")
    options = parser.parse_args()
    if os.geteuid() == 0:
        os.nice(-10)  # the callers' own delays are not to be measured
    asyncio.run(run(options.seconds, options.runs))
