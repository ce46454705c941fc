"""`python -m tests.soak --seconds 600`: exit code 0 where a whole gateway, under calls for so long, has grown in
nothing: no task, thread, descriptor, process or port, and no memory.

Two SIP lines, an emulated modem, two agents' telephones, a broker, the wallboard with a browser; calls of every
kind all the time. What is quiet is compared once each kind of call has been, and at the end.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

import psutil

from drivers.emulator import EmulatedModem
from tests.broker import free_port
from tests.process.day import quick_exchange
from tests.process.desk_scene import DeskScene, desk_scene_in
from tests.process.gateway import fxo_line
from tests.process.material import make_dialplan
from tests.process.test_metrics import Scraper
from tests.soak.judged import LONG_ENOUGH, Grown, growth, leaks
from tests.soak.people import People
from tests.soak.sample import Sample, held_by, roles_of

LINES = ("sip1", "sip2")
CUSTOMERS = 3
"""Of each SIP line at once: it has four legs."""
EVERY = 5.0
"""Seconds between two samples; reading a process's share of memory stops it for a moment."""
WARM_UP = 45.0
"""Seconds of calls before the first look: what is opened, loaded or compiled at a first call is there then."""
QUIET = 12.0
"""Seconds after the last call: agents' after-call time, sockets and timers of dialogues (RFC 3261: 32 s of timer B
do not hold anything but the stack's own memory) have gone."""


class Soak:
    """One gateway and its people."""

    def __init__(self, scene: DeskScene, modem: EmulatedModem, metrics: int, wallboard: int) -> None:
        self._scene, self._modem = scene, modem
        self._scraper = Scraper(metrics)
        self._wallboard = f"http://127.0.0.1:{wallboard}"
        self._gateway = psutil.Process(scene.gateway.pid)
        self._roles = roles_of(self._gateway, scene.ports)
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self.calls = 0
        self.failed: list[str] = []

    async def sample(self) -> Sample:
        """What is held now."""
        page = await self._scraper.scrape()
        tasks = page.value("asyncio_tasks")
        assert tasks is not None, "the gateway tells its tasks"
        self._scraper.pages.clear()
        held = await asyncio.to_thread(held_by, self._gateway, self._roles)
        return Sample(self._loop.time() - self._began, held, int(tasks))

    async def load(self, seconds: float, seed: int) -> list[Sample]:
        """Calls for so long, and what was held meanwhile; returns once all is quiet."""
        people, samples = People(seed), []
        async with asyncio.TaskGroup() as group:
            for line in LINES:
                for name in range(CUSTOMERS):
                    group.create_task(people.call(self._scene.target(line), len(line) * 100 + name))
            group.create_task(people.call_by_modem(self._modem))
            group.create_task(people.watch(self._wallboard))
            for phone in self._scene.phones.values():
                group.create_task(people.attend(phone))
            until = self._loop.time() + seconds
            while self._loop.time() < until:
                await asyncio.sleep(EVERY)
                samples.append(await self.sample())
            people.enough.set()
        print(f"calls: {dict(people.calls)}")
        self.calls += people.calls.total()
        self.failed += people.failed
        for phone in self._scene.phones.values():
            phone.messages.clear()
        await self._scene.watcher.until(lambda w: all(self._idle(line) for line in (*LINES, "fxo1")))
        self._scene.watcher.heard[:-200] = []
        await asyncio.sleep(QUIET)
        return samples

    def _idle(self, line: str) -> bool:
        states = self._scene.watcher.of(f"line/{line}/state")
        return bool(states) and states[-1]["state"] == "idle"


async def soak(seconds: float, leak: int = 0) -> int:
    """Run it; 1 where something has grown. `leak`: kilobytes that the gateway is made to keep of each call."""
    within = (sys.executable, "-m", "tests.soak.leaking", str(leak)) if leak else ()
    metrics, wallboard = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="sansheng-soak-") as name:
        folder = Path(name)
        async with EmulatedModem("usr5637", exchange=quick_exchange()) as modem:
            tables = (
                fxo_line("fxo1", modem.port),
                f'[metrics]\nlisten = "127.0.0.1:{metrics}"',
                f'[wallboard]\nlisten = "127.0.0.1:{wallboard}"',
            )
            dialplan = folder / make_dialplan(folder)
            async with desk_scene_in(folder, dialplan, *tables, lines=LINES, within=within) as scene:
                one = Soak(scene, modem, metrics, wallboard)
                await one.load(WARM_UP, seed=0)
                first = await one.sample()
                load = await one.load(seconds, seed=1)
                last = await one.sample()
                bound = _ports(scene.gateway.pid)
    found = [*leaks(first, last, grown := growth(first, load, last)), *_left(bound)]
    show(grown, first, last)
    if not all(process.judged for process in grown):
        print(f"memory is not judged: that takes {LONG_ENOUGH:.0f} s of load")
    print(f"{one.calls} calls in {seconds:.0f} s and the warm-up, {len(one.failed)} of them went wrong")
    for line in (*one.failed, *found):
        print(f"- {line}")
    return 1 if found or one.failed else 0


def show(grown: list[Grown], first: Sample, last: Sample) -> None:
    """The table."""
    print(f"tasks of the event loop: {first.tasks} → {last.tasks}")
    print(f"{'process':32}{'own MB':>16}{'RSS MB':>16}{'fds':>10}{'threads':>9}{'ports':>8}  MB/min (95 %)")
    for one in grown:
        a, z, rate = one.first, one.last or one.first, one.memory
        print(
            f"{one.process:32}{f'{a.pss:.1f} → {z.pss:.1f}':>16}{f'{a.rss:.1f} → {z.rss:.1f}':>16}"
            f"{f'{a.descriptors} → {z.descriptors}':>10}{f'{a.threads} → {z.threads}':>9}"
            f"{f'{a.ports} → {z.ports}':>8}  {rate.rate:+.3f} ({rate.least:+.3f} … {rate.most:+.3f})"
        )


def _ports(gateway: int) -> set[tuple[int, int]]:
    """Ports that the gateway's processes have bound."""
    processes = [psutil.Process(gateway), *psutil.Process(gateway).children(recursive=True)]
    sockets = [socket for process in processes for socket in process.net_connections(kind="inet")]
    return {(socket.type, socket.laddr.port) for socket in sockets if not socket.raddr}


def _left(bound: set[tuple[int, int]]) -> list[str]:
    """Those that somebody still has after the gateway's end."""
    now = {(socket.type, socket.laddr.port) for socket in psutil.net_connections(kind="inet") if not socket.raddr}
    return [f"port {port} is still bound after the end" for _, port in sorted(bound & now)]


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--leak", type=int, default=0, help="kB that the gateway is made to keep of each call")
    os.environ.setdefault("CI", "1")  # a missing tool is a failure
    options = parser.parse_args()
    return asyncio.run(soak(options.seconds, options.leak))


if __name__ == "__main__":
    sys.exit(main())
