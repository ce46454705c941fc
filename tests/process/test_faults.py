"""One gateway through all that can go wrong while it runs: it never stops, and every call has its record."""

import asyncio
import contextlib
import itertools
import os
import random
import signal
import socket
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from drivers.emulator import Caller as FxoCaller
from tests.broker import watching
from tests.process.customers import Story, hangs_up_in_the_greeting, placed
from tests.process.gateway import gone
from tests.process.lines import in_service, line_events, out_of_service, state
from tests.process.scene import Scene, scene_in
from tests.sip.peer.caller import Caller

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]

SOON = 5.0
"""Seconds within which a line whose worker has died must be back."""
FLOOD = 10_000_000
"""Bytes of datagrams."""
GROWTH = 16_000_000
"""Bytes a process may grow by: buffers that a first load fills; twice the flood would not fit in."""
HANDLES = 12
"""File descriptors that may be open more than before: what a call or a connection holds while it ends."""

RING = b"R"
"""Must not be among random bytes: after a DLE it is a ring, and a line that rings is answered."""

NUMBERS = (f"1380000{number:04d}" for number in itertools.count(1))
"""A caller's number for every call."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory, dialplan: Path) -> AsyncIterator[Scene]:
    async with scene_in(tmp_path_factory.mktemp("scene"), dialplan) as scene:
        yield scene


@contextlib.asynccontextmanager
async def call_on(scene: Scene, line: str) -> AsyncIterator[tuple[Caller, Story]]:
    """A customer who has heard the greeting and is silent; gone, and on record as gone by himself, at the end."""
    story = Story(scene.watcher, next(NUMBERS))
    async with placed(scene.target(line), story.number) as customer:
        await customer.response("INVITE", 200)
        customer.rtp.start_sending()
        await story.said("greeting")
        yield customer, story


async def hang_up(customer: Caller, story: Story) -> None:
    """The customer is still there: his hang-up is the call's end."""
    customer.bye()
    await customer.response("BYE", 200)
    await story.until("released", by="customer", cause="bye")


async def test_a_killed_worker_costs_its_own_calls_and_five_seconds(scene: Scene) -> None:
    async with call_on(scene, "sip1") as (_, lost), call_on(scene, "sip2") as (bystander, other):
        before = len(line_events(scene.watcher, "sip1", "line_restored"))
        killed = asyncio.get_running_loop().time()
        scene.worker("sip1").kill()
        await lost.until("released", by="fault", cause="worker_died")
        await scene.watcher.until(lambda w: len(line_events(w, "sip1", "line_restored")) > before)
        assert asyncio.get_running_loop().time() - killed < SOON
        bystander.rtp.press("5")
        await other.until("dtmf", digit="5")
        await hang_up(bystander, other)
    await serves(scene, "sip1")
    record = await scene.site.call_of(lost.number)
    assert (record["outcome"], record["released_by"], record["cause"]) == ("answered", "fault", "worker_died")
    assert record["ended_at"] is not None
    assert [fault["code"] for fault in line_events(scene.watcher, "sip1", "line_fault")] == ["worker_died"]
    assert line_events(scene.watcher, "sip2", "line_fault") == []
    raised, cured = scene.watcher.of("line/sip1/alert/worker_died")
    assert raised["detail"].startswith("the worker ended by signal 9; ")
    assert cured == ""
    bell = [(one["event"], one["line"]) for one in scene.watcher.of("alert") if one["code"] == "worker_died"]
    assert bell == [("trouble", "sip1"), ("trouble_over", "sip1")]


async def test_a_modem_pulled_out_at_rest_and_in_a_call_is_back_when_it_is(scene: Scene) -> None:
    scene.modem.unplug()
    assert await out_of_service(scene.watcher, "fxo1") == "port_lost"
    scene.modem.replug()
    await in_service(scene.watcher, "fxo1", 2)
    story = Story(scene.watcher, next(NUMBERS))
    call = scene.modem.exchange.call(FxoCaller.silent(number=story.number))
    await story.until("prompt_started", prompt="greeting")
    scene.modem.unplug()
    await story.until("released", by="fault", cause="port_lost")
    assert await out_of_service(scene.watcher, "fxo1", 2) == "port_lost"
    assert (await call.ended()).answered
    scene.modem.replug()
    await in_service(scene.watcher, "fxo1", 3)
    record = await scene.site.call_of(story.number)
    assert (record["outcome"], record["released_by"], record["cause"]) == ("answered", "fault", "port_lost")


async def test_random_bytes_on_the_serial_port(scene: Scene) -> None:
    """At rest and while it rings: the call that comes is answered and released as ever."""
    noise = random.Random(3)
    story = Story(scene.watcher, next(NUMBERS))
    before = {process.pid: process.num_fds() for process in scene.gateway.family()}
    for _ in range(100):
        scene.modem.send_raw(noise.randbytes(500).replace(RING, b""))
        await scene.modem.line_time(0.02)
    call = scene.modem.exchange.call(FxoCaller.silent(number=story.number).hanging_up_after(6.0))
    for _ in range(5):
        scene.modem.send_raw(noise.randbytes(500).replace(RING, b""))
        await scene.modem.line_time(0.02)
    assert (await call.ended()).answered
    await state(scene.watcher, "fxo1", "idle")
    assert grown_handles(scene, before) == []


async def test_malformed_sip_in_a_call(scene: Scene) -> None:
    """From the customer's own address, within his dialogue and without."""
    async with call_on(scene, "sip1") as (customer, story):
        worker = scene.worker("sip1")
        for packet in malformed(customer):
            customer.send_raw(packet)
        customer.rtp.press("3")
        await story.until("dtmf", digit="3")
        await hang_up(customer, story)
    assert worker.is_running()
    await serves(scene, "sip1")


async def test_a_flood_of_datagrams_in_a_call(scene: Scene) -> None:
    """10 MB at the SIP port and at the RTP port: the call goes on, nothing grows."""
    async with call_on(scene, "sip1") as (customer, story):
        worker = scene.worker("sip1")
        before = {
            process.pid: (process.memory_info().rss, process.num_fds()) for process in scene.gateway.family()
        }
        assert customer.rtp.target is not None
        for address in (customer.peer, customer.rtp.target):
            await asyncio.to_thread(flood, address, FLOOD)
        await is_heard(customer, story, "7")
        await hang_up(customer, story)
    assert worker.is_running()
    await serves(scene, "sip1")
    for process in scene.gateway.family():
        assert process.memory_info().rss - before[process.pid][0] < GROWTH
    assert grown_handles(scene, {pid: handles for pid, (_, handles) in before.items()}) == []


async def test_a_broker_killed_in_a_call_is_told_everything_when_it_is_back(scene: Scene) -> None:
    async with call_on(scene, "sip2") as (customer, story):
        first = line_events(scene.watcher, "sip2", "answered")[-1]["seq"]
        lost = scene.gateway.lines("ERROR.*is not reached")
        scene.broker.kill()
        await scene.gateway.logged("ERROR.*is not reached", count=len(lost) + 1)
        customer.rtp.press("1")
        await scene.broker.start()
        async with watching(scene.broker.port) as (watcher, _):
            later = Story(watcher, story.number)
            await later.until("dtmf", digit="1")
            assert await watcher.until(lambda w: w.of("status")[-1:] == ["online"])
            await hang_up(customer, later)
            for line in ("sip1", "sip2", "fxo1"):
                await state(watcher, line, "idle")
            told = [event["seq"] for event in watcher.of("line/sip2/event")]
            assert told == list(range(told[0], told[0] + len(told)))
            assert told[0] > first
    async with watching(scene.broker.port) as (late, _):
        await late.until(lambda w: len({topic for topic, _, retained in w.heard if retained}) == 6)
        assert late.of("status") == ["online"]
        assert [late.of(f"line/{line}/state")[0]["calls"] for line in ("sip1", "sip2", "fxo1")] == [[], [], []]


async def test_a_gateway_that_is_held_up_counts_what_its_customers_heard(scene: Scene) -> None:
    """Its disk or machine stands still while they ring: the softphones know when each began, and gave up."""
    async with watching(scene.broker.port) as (watcher, _):
        stays, leaves = await rung_while_it_stands_still(scene)
        await Story(watcher, stays).until("released")
        await Story(watcher, leaves).until("released", by="customer", cause="cancel")
    late, gone_by = await scene.site.call_of(stays), await scene.site.call_of(leaves)
    assert late["rings"] >= 5
    assert {j["clause"]: j["kept"] for j in late["compliance"]}["JH-1"] is False
    assert 3 <= gone_by["rings"] <= late["rings"]
    ended, answered = (datetime.fromisoformat(at) for at in (gone_by["ended_at"], late["answered_at"]))
    assert ended < answered, "when he gave up, and not when the gateway went on"


async def test_a_killed_gateway_leaves_every_call_on_record_and_no_process(scene: Scene) -> None:
    async with watching(scene.broker.port) as (watcher, _):
        scene.watcher = watcher
        ringing = Story(watcher, next(NUMBERS))
        async with call_on(scene, "sip1") as (_, talking):
            scene.modem.exchange.call(FxoCaller.ringing_off(2.0, number=ringing.number))
            await ringing.until("caller_id")
            family = scene.gateway.workers()
            scene.gateway.send(signal.SIGKILL)
            await scene.gateway.ended()
        assert len(family) == len(scene.ports)
        assert await gone(family), "a worker outlived its gateway"
        await watcher.until(lambda w: w.of("status")[-1] == "offline")
        gateway = await scene.restart()
        assert await gateway.logged("ready: 3 lines in service, 0 faulty")
        await watcher.until(lambda w: w.of("status")[-1] == "online")
        records = {record["call"]: record for record in await scene.site.calls()}
        for story, outcome in ((talking, "answered"), (ringing, "failed")):
            record = records[str(story.call)]
            assert (record["outcome"], record["released_by"]) == (outcome, "fault")
            assert record["ended_at"] is not None
        assert all(record["ended_at"] for record in records.values())
        await serves(scene, "sip1")


async def rung_while_it_stands_still(scene: Scene) -> tuple[str, str]:
    """Two customers: one who rings until he is answered at last, and one who gives up. Their numbers."""
    stays, leaves = next(NUMBERS), next(NUMBERS)
    scene.gateway.send(signal.SIGSTOP)
    try:
        async with placed(scene.target("sip1"), stays) as waiting, placed(scene.target("sip2"), leaves) as leaving:
            await waiting.response("INVITE", 180)
            await leaving.response("INVITE", 180)
            await asyncio.sleep(1.2)  # what is measured: he hears three rings of half a second
            leaving.cancel()
            await leaving.response("INVITE", 487)
            await asyncio.sleep(1.2)
            scene.gateway.send(signal.SIGCONT)
            await waiting.response("INVITE", 200)
    finally:
        scene.gateway.send(signal.SIGCONT)
    return stays, leaves


async def is_heard(customer: Caller, story: Story, digit: str) -> None:
    """The customer presses a key until it is heard: packets may have drowned."""

    async def press() -> None:
        while True:
            customer.rtp.press(digit)
            await asyncio.sleep(0.5)

    pressing = asyncio.create_task(press())
    try:
        await story.until("dtmf", digit=digit)
    finally:
        pressing.cancel()
        await asyncio.gather(pressing, return_exceptions=True)


async def serves(scene: Scene, line: str) -> None:
    """The line takes a call as ever."""
    story = Story(scene.watcher, next(NUMBERS))
    async with placed(scene.target(line), story.number) as customer:
        await hangs_up_in_the_greeting(customer, story)
        await story.until("released", by="customer", cause="bye")


def malformed(customer: Caller) -> list[bytes]:
    """Packets that break off, lie about their length, lack what they must have, or never were SIP."""
    invite = customer._request("INVITE", customer._new_branch(), 1, customer.sdp(), "application/sdp").encode()
    noise = random.Random(5)
    return [
        *(invite[:end] for end in range(0, len(invite), 37)),
        invite.replace(b"Content-Length: ", b"Content-Length: 99999"),
        invite.replace(b"Content-Length: ", b"Content-Length: -"),
        invite.replace(b"Via: ", b"Vai: "),
        invite.replace(b"Call-ID: ", b"Call-ID: " + b"x" * 3000),
        invite.replace(b"CSeq: 1 INVITE", b"CSeq: 99999999999999 \x00\xff"),
        invite.replace(b"v=0", b"v=" + b"0" * 2000),
        invite.replace(b"sip:", b"sip:%00%ff[::"),
        b"SIP/2.0 200\r\n\r\n",
        b"\r\n" * 500,
        *(noise.randbytes(noise.randrange(1, 1400)) for _ in range(200)),
    ]


def flood(address: tuple[str, int], size: int) -> None:
    """`size` bytes of random datagrams, as fast as they go."""
    block = os.urandom(1400)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for _ in range(size // len(block)):
            with contextlib.suppress(OSError):
                sender.sendto(block, address)


def grown_handles(scene: Scene, before: dict[int, int]) -> list[psutil.Process]:
    """Processes with many more file descriptors than they had."""
    return [process for process in scene.gateway.family() if process.num_fds() - before[process.pid] > HANDLES]
