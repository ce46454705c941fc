"""Joined legs on SIP lines: `python -m benchmarks.sip_join [--pairs 4] [--seconds 20]`.

Customers on one line, agents called from another, each line a worker process of its own; real SIP and RTP on
loopback. Prints how long after an agent's 200 the first voice of his customer comes, how long a sound is under way
from telephone to telephone, each way, and the CPU of both workers with the legs joined and unjoined. What the same
sounds take through two calls connected inside one softphone (benchmarks.sip_patch) is no doing of the join.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from benchmarks.sip_rtp import spread
from drivers.line import Answer, Answered, CallOffered, Dial, Join, LineEvent, Part
from drivers.sip.caller import free_address
from drivers.sip.config import SipConfig
from drivers.sip.line import SipLine
from tests.sip.peer import g711
from tests.sip.peer.callee import Callee
from tests.sip.peer.caller import Caller
from tests.sip.peer.rtp import FRAME, RtpPeer

BEEP_EVERY = 25
"""Packets from one beep of a packet's length to the next: half a second, over any delay to be measured."""
LOUD = 6000


class Beeper:
    """Sends faint noise with a beep in every BEEP_EVERYth packet, and knows when each one was sent."""

    def __init__(self, rtp: RtpPeer, source: random.Random) -> None:
        self.rtp = rtp
        self.sent: list[float] = []
        noise = [round(source.gauss(0, 300)) for _ in range(FRAME)]
        self._noise = g711.encode(rtp.payload_type, noise)
        self._beep = g711.encode(rtp.payload_type, [16000, -16000] * (FRAME // 2))

    async def run(self) -> None:
        due, number = time.monotonic(), 0
        while True:
            beeps = number % BEEP_EVERY == 0
            if beeps:
                self.sent.append(time.monotonic())
            self.rtp._packet(self.rtp.payload_type, self._beep if beeps else self._noise, self.rtp._timestamp)
            self.rtp._timestamp += FRAME
            number += 1
            due += 0.02
            await asyncio.sleep(max(0, due - time.monotonic()))


def heard(rtp: RtpPeer, level: int) -> list[float]:
    """When sounds over `level` began to come."""
    found, loud = [], False
    for packet in rtp.packets:
        was, loud = loud, max(map(abs, g711.decode(packet.payload_type, packet.payload)), default=0) > level
        if loud and not was:
            found.append(packet.at)
    return found


def delays(sent: list[float], arrived: list[float]) -> list[float]:
    """Milliseconds from each arrival back to what was sent last before it."""
    return [1000 * (at - max(began for began in sent if began < at)) for at in arrived if at > sent[0]]


class Bench:
    """Two lines and what they report."""

    def __init__(self, folder: str, pairs: int) -> None:
        self.folder = Path(folder)
        self.pairs = pairs
        self.facts: dict[str, list[LineEvent]] = {"customers": [], "desk": []}
        self.lines: dict[str, SipLine] = {}
        self._arrived = asyncio.Event()

    async def open(self) -> None:
        for name in self.facts:
            listen = free_address("127.0.0.1")
            self.lines[name] = SipLine(SipConfig(name, listen=listen, aor=f"sip:8801@{listen}"))
            await self.lines[name].open(partial(self._report, name))

    def _report(self, name: str, event: LineEvent) -> None:
        self.facts[name].append(event)
        if name == "customers" and isinstance(event, CallOffered):
            self.lines[name].execute(Answer(event.leg))
        self._arrived.set()

    async def wait(self, name: str, kind: type, count: int) -> list[Any]:
        while len(found := [event for event in self.facts[name] if isinstance(event, kind)]) < count:
            self._arrived.clear()
            await self._arrived.wait()
        return found

    def join(self, customer: str, agent: str) -> None:
        one, other = str(self.folder / f"{agent}.a"), str(self.folder / f"{agent}.b")
        self.lines["customers"].execute(Join(customer, one, other))
        self.lines["desk"].execute(Join(agent, other, one))

    async def cpu(self, title: str, seconds: float) -> None:
        workers = [psutil.Process(line.worker_pid) for line in self.lines.values()]
        for worker in workers:
            worker.cpu_percent()
        await asyncio.sleep(seconds)
        shares = [worker.cpu_percent() for worker in workers]
        print(f"{title:<44} {sum(shares):.1f} % of a core, the two workers together")


async def measure(bench: Bench, seconds: float) -> None:
    source = random.Random(1)
    target = str(bench.lines["customers"]._config.aor)
    customers = [await Caller.open(target, user=f"1380000{n:04}") for n in range(bench.pairs)]
    agents = [await Callee.open(f"sip:desk@{bench.lines['desk']._config.listen}") for _ in range(bench.pairs)]
    for customer in customers:
        customer.invite()
    legs = [event.leg for event in await bench.wait("customers", Answered, bench.pairs)]
    beepers = [Beeper(phone.rtp, source) for phone in (*customers, *agents)]
    for number, agent in enumerate(agents):
        bench.lines["desk"].execute(Dial(f"out-{number}", agent.uri))
        await agent.invited()
        agent.reply(180)
    tasks = [asyncio.create_task(beeper.run()) for beeper in beepers]
    picked_up = []
    for number, agent in enumerate(agents):
        picked_up.append(time.monotonic())
        agent.reply(200, sdp=True)
        await bench.wait("desk", Answered, number + 1)
        bench.join(legs[number], f"out-{number}")
    await asyncio.sleep(seconds / 2)
    await bench.cpu(f"{bench.pairs} pairs joined", seconds)
    first = [1000 * (heard(a.rtp, 200)[0] - t) for a, t in zip(agents, picked_up, strict=True)]
    spread("agent's answer to first customer audio", first)
    to_agent, to_customer = [], []
    for number, (customer, agent) in enumerate(zip(customers, agents, strict=True)):
        to_agent += delays(beepers[number].sent, heard(agent.rtp, LOUD))
        to_customer += delays(beepers[bench.pairs + number].sent, heard(customer.rtp, LOUD))
    spread("customer's beep to agent's telephone", to_agent)
    spread("agent's beep to customer's telephone", to_customer)
    for number, leg in enumerate(legs):
        bench.lines["customers"].execute(Part(leg))
        bench.lines["desk"].execute(Part(f"out-{number}"))
    await asyncio.sleep(2)
    await bench.cpu("the same legs unjoined", seconds)
    for task in tasks:
        task.cancel()
    for phone in (*customers, *agents):
        phone.bye()
        phone.close()


async def measure_patch(pairs: int, seconds: float) -> None:
    """The same telephones, two calls of one softphone a pair."""
    listen = free_address("127.0.0.1")
    patch = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.sip_patch", listen),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert patch.stdin is not None
    assert patch.stdout is not None
    await patch.stdout.readline()
    phones = [await Caller.open(f"sip:8801@{listen}") for _ in range(2 * pairs)]
    for phone in phones:
        phone.invite()
        await phone.response("INVITE", 200)
    source = random.Random(1)
    beepers = [Beeper(phone.rtp, source) for phone in phones]
    tasks = [asyncio.create_task(beeper.run()) for beeper in beepers]
    await asyncio.sleep(seconds)
    found = []
    for number, phone in enumerate(phones):
        found += delays(beepers[number ^ 1].sent, heard(phone.rtp, LOUD))
    spread(f"{pairs} pairs of calls in one softphone", found)
    for task in tasks:
        task.cancel()
    for phone in phones:
        phone.bye()
        phone.close()
    patch.stdin.close()
    await patch.wait()


async def run(pairs: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, pairs)
        try:
            await bench.open()
            await measure(bench, seconds)
        finally:
            for line in bench.lines.values():
                await line.close()
    for patched in {1, min(pairs, 2)}:
        await measure_patch(patched, seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=4, choices=range(1, 5))
    parser.add_argument("--seconds", type=float, default=20.0, help="for which the CPU is measured, each time")
    options = parser.parse_args()
    asyncio.run(run(options.pairs, options.seconds))
