"""SIGTERM: nothing new is taken, live calls may end by themselves for `drain_seconds`, then they are released."""

import signal

import pytest

from tests.broker import Mosquitto, watching
from tests.faults.live import SENTENCES
from tests.process.customers import Story, placed
from tests.process.gateway import Site, mqtt, sip_line
from tests.process.material import voice
from tests.sip.conftest import free_port
from tests.sip.peer.caller import Caller, turned_away

pytestmark = pytest.mark.process

FIRST, SECOND, LATE = "13800000001", "13800000002", "13800000003"


async def test_a_call_that_ends_by_itself_is_waited_for(site: Site, mosquitto: Mosquitto) -> None:
    port = free_port()
    site.write(mqtt(mosquitto.url), sip_line("sip1", port), drain_seconds=60)
    async with watching(mosquitto.port) as (watcher, _):
        gateway = await site.start()
        async with placed(f"sip:8801@127.0.0.1:{port}", FIRST) as customer:
            await Story(watcher, FIRST).said("greeting")
            customer.rtp.start_sending(voice() * SENTENCES)  # who is silent is released by JH-6 meanwhile
            gateway.send(signal.SIGTERM)
            await turned_away(f"sip:8801@127.0.0.1:{port}")
            assert await _refused(port)
            customer.bye()
            assert await gateway.ended() == 0
        await watcher.until(lambda w: w.of("status")[-1] == "offline")
    record = await site.call_of(FIRST)
    assert (record["released_by"], record["cause"]) == ("customer", "bye")


async def test_who_stays_past_the_drain_time_is_released(site: Site, mosquitto: Mosquitto) -> None:
    port = free_port()
    site.write(mqtt(mosquitto.url), sip_line("sip1", port), drain_seconds=1.0)
    async with watching(mosquitto.port) as (watcher, _):
        gateway = await site.start()
        target = f"sip:8801@127.0.0.1:{port}"
        async with placed(target, FIRST) as answered, placed(target, SECOND) as second:
            await Story(watcher, FIRST).said("greeting")
            await Story(watcher, SECOND).said("greeting")
            gateway.send(signal.SIGTERM)
            await answered.incoming("BYE")
            await second.incoming("BYE")
            assert await gateway.ended() == 0
        for number in (FIRST, SECOND):
            await Story(watcher, number).until("released", by="shutdown")
            record = await site.call_of(number)
            assert (record["outcome"], record["released_by"]) == ("answered", "shutdown")
            assert {"clause": "JH-2", "kept": False}.items() <= record["compliance"][-1].items()
        await watcher.until(lambda w: w.of("status")[-1] == "offline")
    async with watching(mosquitto.port) as (late, _):
        await late.until(lambda w: ("status", "offline", True) in w.heard)


async def _refused(port: int) -> bool:
    """Whether a new caller is refused, and never answered."""
    caller = await Caller.open(f"sip:8801@127.0.0.1:{port}", user=LATE)
    try:
        caller.invite()
        return ((await caller.final("INVITE")).status or 0) >= 400
    finally:
        caller.close()
