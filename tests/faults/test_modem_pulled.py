"""The modem is pulled out in each state of a call, and put back: what becomes of the call and of the agent who is
with the customer, and how soon the line serves again. Each call is the first one after the replug before it."""

import asyncio
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from drivers.emulator import Call, EmulatedModem
from drivers.emulator import Caller as FxoCaller
from tests.faults.live import NUMBERS
from tests.process.customers import Story
from tests.process.day import quick_exchange
from tests.process.desk_scene import DeskScene, desk_scene_in
from tests.process.gateway import fxo_line
from tests.process.lines import line_events, out_of_service, state

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]

LINE, AGENTS = "fxo1", ("801", "802", "803", "804")
BACK = 12.0
"""Seconds from the replug to the line that serves: it looks again after 1, 2 and 5 s (docs/fxo.md), and sets the
modem up in some 5 s."""


@dataclass
class Bench:
    """A gateway with a modem, and agents who are rung for its customers."""

    scene: DeskScene
    modem: EmulatedModem

    def rung(self) -> tuple[Call, Story]:
        """A silent customer calls; he goes when he is told to."""
        story = Story(self.scene.watcher, next(NUMBERS))
        return self.modem.exchange.call(FxoCaller.silent(number=story.number).never_hanging_up()), story

    def told(self, code: str) -> Any:
        """What people are told of the line: an alert that stands, or nothing."""
        return (self.scene.watcher.of(f"line/{LINE}/alert/{code}") or [""])[-1]

    async def pull(self) -> None:
        """Out of the machine, of which people are told."""
        watcher = self.scene.watcher
        faults = len(line_events(watcher, LINE, "line_fault"))
        self.modem.unplug()
        assert await out_of_service(watcher, LINE, faults + 1) == "port_lost"
        raised = watcher.of(f"line/{LINE}/alert/port_lost")
        assert "the modem vanished" in next(one for one in reversed(raised) if one)["detail"]

    async def put_back(self) -> None:
        """Into the machine; the line serves again, in time, and nobody is told of a fault any more."""
        served = len(line_events(self.scene.watcher, LINE, "line_restored"))
        async with asyncio.timeout(BACK):
            self.modem.replug()
            await self.scene.watcher.until(lambda w: len(line_events(w, LINE, "line_restored")) > served)
        for code in ("port_lost", "port_missing"):
            await self.scene.watcher.until(lambda _, code=code: not self.told(code))

    async def lost(self, story: Story) -> dict[str, Any]:
        """The record of a call that the modem took along."""
        await story.until("released", by="fault", cause="port_lost")
        record = await self.scene.site.call_of(story.number)
        assert (record["released_by"], record["cause"]) == ("fault", "port_lost")
        assert record["ended_at"] is not None
        return record


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bench(tmp_path_factory: pytest.TempPathFactory, dialplan: Path) -> AsyncIterator[Bench]:
    folder = tmp_path_factory.mktemp("pulled")
    async with (
        EmulatedModem("conexant", exchange=quick_exchange()) as modem,
        desk_scene_in(folder, dialplan, fxo_line(LINE, modem.port), agents=AGENTS, on_ring=2) as scene,
    ):
        yield Bench(scene, modem)


async def is_greeted(_: Bench, __: Call, story: Story) -> None:
    await story.until("prompt_started", prompt="greeting")


async def waits(bench: Bench, _: Call, story: Story) -> None:
    """His agent has refused, and he has been told to wait."""
    (await bench.scene.rung_for(story)).reply(603)
    await story.until("waiting")
    await story.said("waiting-first")


async def talks(bench: Bench, _: Call, story: Story) -> None:
    phone = await bench.scene.rung_for(story)
    phone.rtp.start_sending()
    phone.reply(180)
    phone.pick_up()
    await phone.has_come("ACK")
    await story.until("agent_connected", agent=phone.user)
    await story.said("greeting")


async def has_gone(_: Bench, call: Call, story: Story) -> None:
    """The exchange plays its busy tone, which nobody has told from anything else yet."""
    await story.said("greeting")
    call.leave()
    await call.left()


async def test_pulled_while_it_rings(bench: Bench) -> None:
    """His first rings are a call that nobody could answer; he rings on, and is answered once the modem is back."""
    call, story = bench.rung()
    await story.until("caller_id")
    await bench.pull()
    record = await bench.lost(story)
    assert (record["outcome"], record["answered_at"]) == ("failed", None)
    await bench.put_back()
    (answered,) = await bench.scene.watcher.until(lambda w: line_events(w, LINE, "answered"))
    assert answered["call"] != record["call"]
    call.leave()
    assert (await call.ended()).answered
    await state(bench.scene.watcher, LINE, "idle")


@pytest.mark.parametrize("until", [is_greeted, waits, talks, has_gone])
async def test_pulled_in_a_call(bench: Bench, until: Callable[[Bench, Call, Story], Awaitable[None]]) -> None:
    """It is on record with what was recorded of it; its agent is free again, and the line too."""
    await bench.modem.line_free()
    call, story = bench.rung()
    await until(bench, call, story)
    await bench.pull()
    record = await bench.lost(story)
    assert record["outcome"] == "answered"
    with wave.open(record["recording"]) as recording:
        assert (recording.getnchannels(), recording.getframerate()) == (2, 8000)
        assert recording.getnframes() > 0
    for agent in AGENTS:
        await bench.scene.presence(agent, "free")
        if (phone := bench.scene.phones[agent]).picked_up:
            await phone.has_come("BYE")
    await bench.put_back()


async def test_the_line_serves_after_all_that(bench: Bench) -> None:
    call, story = bench.rung()
    await talks(bench, call, story)
    call.leave()
    await story.until("released", by="customer", cause="busy_tone")
    record = await bench.scene.site.call_of(story.number)
    assert [judged for judged in record["compliance"] if not judged["kept"]] == []
