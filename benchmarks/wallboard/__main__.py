"""`python -m benchmarks.wallboard`: 200 lines at 10 events a second, five browsers that follow, 10 000 that come
and vanish; what that costs the wallboard, and by how much it delays the event loop that feeds it."""

import argparse
import asyncio
import contextlib
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import psutil
from aiohttp import ClientSession

from gateway.feed.encoding import Message, encode
from gateway.wallboard.feeder import Feeder
from gateway.wallboard.settings import Settings

ROOT = "sansheng/bench"
STATES = ("ringing", "greeting", "listening", "prompting", "waiting", "talking", "closing")
LOOK = 0.005
"""Seconds between two looks at the event loop's delay."""
FOLLOWERS = 5


@dataclass
class Spell:
    """What was seen in one part of the run. Delays in seconds, CPU in shares of a core."""

    name: str
    seconds: float
    delays: list[float]
    cpu: float
    memory: int
    descriptors: int

    def line(self) -> str:
        """For the table."""
        delays = sorted(self.delays)
        p50, p99 = (delays[int(len(delays) * share)] * 1000 for share in (0.5, 0.99))
        return (
            f"{self.name:12} {self.seconds:6.1f} s  loop delay p50 {p50:5.2f} ms p99 {p99:6.2f} ms "
            f"max {delays[-1] * 1000:6.1f} ms  wallboard: CPU {self.cpu:4.0%} RSS {self.memory / 1e6:5.1f} MB "
            f"fds {self.descriptors}"
        )


async def main() -> None:
    """Run it and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wallboard")
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--rate", type=float, default=10.0, help="events a second and line")
    parser.add_argument("--seconds", type=float, default=15.0, help="before and after the storm")
    parser.add_argument("--clients", type=int, default=10_000)
    options = parser.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    watchers: list[Callable[[Message], None]] = []

    def watch(watcher: Callable[[Message], None]) -> list[Message]:
        watchers.append(watcher)
        return [_state(line, 0) for line in range(options.lines)]

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings("bench", "127.0.0.1", port, "Asia/Shanghai", 100, f"sqlite:///{folder}/x", folder)
        feeder = Feeder(settings, ROOT, watch, lambda code, detail, raised: print(code, detail, raised))
        feeder.start()
        while feeder.url is None:  # noqa: ASYNC110 - nobody tells, and nothing is measured yet
            await asyncio.sleep(0.1)
        async with _telling(watchers[0], options.lines, options.rate), _followers(feeder.url):
            print((await _spell("quiet", feeder, asyncio.sleep(options.seconds))).line())
            print((await _spell("storm", feeder, _storm(feeder.url, options.clients))).line())
            print((await _spell("afterwards", feeder, asyncio.sleep(options.seconds))).line())
        await feeder.stop()


async def _spell(name: str, feeder: Feeder, work: Coroutine[Any, Any, None]) -> Spell:
    assert feeder.pid is not None
    child, loop = psutil.Process(feeder.pid), asyncio.get_running_loop()
    began, used = loop.time(), sum(child.cpu_times()[:2])
    doing = asyncio.create_task(work)
    delays = []
    while not doing.done():
        before = loop.time()
        await asyncio.sleep(LOOK)
        delays.append(loop.time() - before - LOOK)
    seconds = loop.time() - began
    cpu = (sum(child.cpu_times()[:2]) - used) / seconds
    return Spell(name, seconds, delays, cpu, child.memory_info().rss, child.num_fds())


async def _storm(url: str, clients: int) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.wallboard.storm", url, str(clients))
    )
    await process.wait()


@contextlib.asynccontextmanager
async def _telling(tell: Callable[[Message], None], lines: int, rate: float) -> AsyncIterator[None]:
    """Every line's state, `rate` times a second."""

    async def telling() -> None:
        number = 0
        while True:
            number += 1
            for line in range(lines):
                tell(_state(line, number))
            await asyncio.sleep(1 / rate)

    task = asyncio.create_task(telling())
    try:
        yield
    finally:
        task.cancel()


@contextlib.asynccontextmanager
async def _followers(url: str) -> AsyncIterator[None]:
    """Browsers that follow; who was hung up on is told."""

    async def follow(session: ClientSession) -> None:
        async with session.get(f"{url}/stream") as answer:
            while await answer.content.readany():
                pass
        print("a browser that follows was hung up on")

    async with ClientSession() as session:
        tasks = [asyncio.create_task(follow(session)) for _ in range(FOLLOWERS)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _state(line: int, number: int) -> Message:
    state = STATES[(number + line) % len(STATES)]
    call = {
        "call": f"20260218-093000-sip{line}-5f03ab",
        "state": state,
        "rings": number % 4,
        "caller": "138****5678",
    }
    call |= {"agent": "801", "verdict": "speech", "prompt": "greeting", "since": "2026-02-18T09:30:00.250+08:00"}
    fields = {"line": f"sip{line}", "driver": "sip", "state": state, "seq": number, "calls": [call]}
    return Message(f"{ROOT}/line/sip{line}/state", encode(fields), retained=True)


if __name__ == "__main__":
    asyncio.run(main())
