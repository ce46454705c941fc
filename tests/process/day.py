"""A day at one gateway: both kinds of line, every kind of customer at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from drivers.emulator import Caller as FxoCaller
from drivers.emulator import CallReport, Clearing, EmulatedModem, Exchange
from tests.broker import Mosquitto, Watcher, watching
from tests.process import customers
from tests.process.customers import A_CALL, Part, Story, placed
from tests.process.gateway import Site, fxo_line, mqtt, sip_line, site_in
from tests.process.material import REQUEST
from tests.sip.conftest import free_port
from tests.sip.peer.caller import Caller

BETWEEN_CALLS = 1.5
"""Seconds from a modem's on-hook to the next caller's first ring: nobody calls sooner, and the modem has its class
to leave."""
LOOP_DROP = Clearing("silence", loop_drop=True)

SIP: dict[str, tuple[str, str, Part, str]] = {
    "talking": ("13800000001", "sip1", customers.talks, "PCMA"),
    "silent": ("13800000002", "sip1", customers.is_silent, "PCMA"),
    "noisy": ("13800000003", "sip1", customers.is_noisy, "PCMA"),
    "faint": ("13800000004", "sip1", customers.is_faint, "PCMA"),
    "giving up": ("13800000005", "sip2", customers.gives_up, "PCMA"),
    "staying": ("13800000006", "sip2", customers.stays, "PCMU"),
    "pressing": ("13800000007", "sip2", customers.presses_keys, "PCMU"),
    "without audio": ("13800000008", "sip2", customers.sends_nothing, "PCMU"),
    "hanging up": ("13800000009", "sip2", customers.hangs_up_in_the_greeting, "PCMA"),
}
"""Number, line, what he does, codec."""

FXO: dict[str, tuple[str, str, FxoCaller]] = {
    "talking": ("13900000001", "fxo1", FxoCaller.talking(REQUEST)),
    "silent": ("13900000002", "fxo2", FxoCaller.silent()),
    "noisy": ("13900000003", "fxo3", FxoCaller.noisy("street")),
    "faint": ("13900000004", "fxo4", FxoCaller.faint(REQUEST)),
    "giving up": ("13900000005", "fxo5", FxoCaller.ringing_off(1.5)),
    "staying": ("13900000006", "fxo6", FxoCaller.talking(REQUEST).never_hanging_up()),
    "pressing": ("13900000007", "fxo1", FxoCaller.pressing("801#").hanging_up_after_prompts(1)),
    "hanging up": ("13900000009", "fxo3", FxoCaller.silent().hanging_up_after(5.0).clearing_with(LOOP_DROP)),
}
"""Number, line, what he does; calls of one line come one after another."""

PERSONALITIES = {
    "fxo1": "conexant",
    "fxo2": "usr5637",
    "fxo3": "conexant",
    "fxo4": "usr5637",
    "fxo5": "conexant",
    "fxo6": "usr5637",
}


@dataclass
class Day:
    """What became of it all."""

    stories: dict[tuple[str, str], Story]
    """By driver and kind of customer."""
    records: dict[str, dict[str, Any]]
    """By caller's number."""
    reports: dict[str, CallReport]
    """What the exchange noted of each FXO call, by kind of customer."""
    watcher: Watcher
    late: dict[str, Any]
    """What a subscriber who comes at the end is given, by topic."""
    statuses: dict[str, int]
    """Final SIP status of the callers who were not taken."""
    log: str

    def record(self, driver: str, kind: str) -> dict[str, Any]:
        return self.records[self.stories[driver, kind].number]


@dataclass
class _Bench:
    """Where the day takes place."""

    watcher: Watcher
    ports: dict[str, int]
    modems: dict[str, EmulatedModem]
    stories: dict[tuple[str, str], Story] = field(default_factory=dict)
    reports: dict[str, CallReport] = field(default_factory=dict)

    async def sip_calls(self) -> None:
        """All at once, but the last of sip2: it has four legs."""
        first = [kind for kind in SIP if kind != "hanging up"]
        await asyncio.gather(*(self._sip_call(kind) for kind in first))
        await self._sip_call("hanging up")

    async def fxo_calls(self, line: str) -> None:
        for kind in (kind for kind, (_, its, _) in FXO.items() if its == line):
            await self._fxo_call(kind)

    async def fifth_call(self) -> int:
        """The SIP status given to one caller more than the line has legs."""
        await asyncio.gather(*(Story(self.watcher, SIP[kind][0]).until("answered") for kind in FOUR))
        caller = await self._caller("127.0.0.1")
        try:
            return (await caller.final("INVITE")).status or 0
        finally:
            caller.close()

    async def stranger(self) -> Caller:
        """Somebody who may not call, and has."""
        return await self._caller("127.0.0.2")

    async def _sip_call(self, kind: str) -> None:
        number, line, part, codec = SIP[kind]
        target = f"sip:8801@127.0.0.1:{self.ports[line]}"
        self.stories["sip", kind] = story = Story(self.watcher, number)
        async with placed(target, number, codec) as customer:
            await part(customer, story)
            await story.until("released")

    async def _fxo_call(self, kind: str) -> None:
        number, line, caller = FXO[kind]
        self.stories["fxo", kind] = story = Story(self.watcher, number)
        call = self.modems[line].exchange.call(replace(caller, number=number))
        async with asyncio.timeout(A_CALL):
            self.reports[kind] = await call.ended()
        await story.until("released")
        await self.watcher.until(lambda w: w.of(f"line/{line}/state")[-1]["state"] == "idle")
        await self.modems[line].line_time(BETWEEN_CALLS)

    async def _caller(self, address: str) -> Caller:
        caller = await Caller.open(f"sip:8801@127.0.0.1:{self.ports['sip1']}", user="13800000099", address=address)
        caller.invite()
        return caller


FOUR = [kind for kind, (_, line, _, _) in SIP.items() if line == "sip1"]


async def live_through_a_day(folder: Path, dialplan: Path) -> Day:
    """From the start of the gateway to the end of the last call."""
    broker = Mosquitto(folder)
    await broker.start()
    try:
        async with site_in(folder, dialplan) as site, _modems() as modems, watching(broker.port) as (watcher, _):
            ports = {"sip1": free_port(), "sip2": free_port()}
            lines = [sip_line(line, port, allow=["127.0.0.1"]) for line, port in ports.items()]
            lines += [fxo_line(line, modem.port) for line, modem in modems.items()]
            site.write(mqtt(broker.url), *lines, on_ring=2)
            return await _live(site, _Bench(watcher, ports, modems), broker.port)
    finally:
        broker.kill()


async def _live(site: Site, bench: _Bench, broker: int) -> Day:
    gateway = await site.start()
    stranger = await bench.stranger()
    fxo = (bench.fxo_calls(line) for line in bench.modems)
    fifth, *_ = await asyncio.gather(bench.fifth_call(), bench.sip_calls(), *fxo)
    await bench.watcher.until(lambda w: w.of("kpi")[-1]["offered"] == len(SIP) + len(FXO))
    late = await _late_comer(broker, len(bench.ports) + len(bench.modems))
    records = {str(record["caller"]): record for record in await site.calls()}
    stranger.close()
    return Day(
        bench.stories,
        records,
        bench.reports,
        bench.watcher,
        late,
        {"stranger": len(stranger.messages), "fifth": fifth},
        gateway.text,
    )


async def _late_comer(broker: int, lines: int) -> dict[str, Any]:
    async with watching(broker) as (watcher, _):

        def all_told(topics: set[str]) -> bool:
            states = {topic for topic in topics if topic.startswith("line/") and topic.endswith("/state")}
            return len(states) >= lines and {"status", "kpi", "agent/801/state"} <= topics

        await watcher.until(lambda w: all_told({topic for topic, _, _ in w.heard}))
        return {topic: payload for topic, payload, retained in watcher.heard if retained}


@contextlib.asynccontextmanager
async def _modems() -> AsyncIterator[dict[str, EmulatedModem]]:
    async with contextlib.AsyncExitStack() as stack:
        yield {
            line: await stack.enter_async_context(EmulatedModem(personality, exchange=quick_exchange()))
            for line, personality in PERSONALITIES.items()
        }


def quick_exchange() -> Exchange:
    """Rings as often as the FXO line still takes for separate rings."""
    return Exchange(ring_on=0.4, ring_off=2.8, ring_jitter=0.0, caller_id_delay=0.3)
