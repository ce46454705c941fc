"""SIGTERM while customers are on the line: they are served as ever, nobody new is taken; a second one ends it."""

import signal

import pytest

from tests.broker import Mosquitto, watching
from tests.faults.live import NUMBERS, live_call, on_record, undisturbed
from tests.process.customers import A_CALL, Story, placed
from tests.process.gateway import Site, mqtt, sip_line
from tests.process.material import voice
from tests.sip.conftest import free_port
from tests.sip.peer.caller import Caller, turned_away

pytestmark = pytest.mark.process

NOT_NOW = {480, 503}
"""Temporarily Unavailable, Service Unavailable: a proxy tries its next gateway (RFC 3261 §21.4.18, §21.5.4)."""


async def refused(port: int) -> int:
    """What a new caller is told."""
    caller = await Caller.open(f"sip:8801@127.0.0.1:{port}", user=next(NUMBERS))
    try:
        caller.invite()
        return (await caller.final("INVITE")).status or 0
    finally:
        caller.close()


async def test_who_is_up_is_served_to_the_end_and_nobody_new_is_taken(site: Site, mosquitto: Mosquitto) -> None:
    port = free_port()
    site.write(
        mqtt(mosquitto.url), sip_line("sip1", port), sip_line("sip2", other := free_port()), drain_seconds=60
    )
    async with watching(mosquitto.port) as (watcher, _):
        gateway = await site.start()
        target = f"sip:8801@127.0.0.1:{port}"
        async with (
            live_call(watcher, target, silent=True) as (silent, served),
            placed(target, next(NUMBERS)) as talker,
        ):
            told = Story(watcher, talker.user)
            await talker.response("INVITE", 200, 20)
            talker.rtp.start_sending()
            async with undisturbed(talker):
                gateway.send(signal.SIGTERM)
                await turned_away(target, f"sip:8801@127.0.0.1:{other}")
                assert {await refused(port), await refused(other)} <= NOT_NOW
                await told.said("greeting")
                talker.rtp.start_sending(voice())
                await told.said("farewell")
                assert await refused(other) in NOT_NOW, "a line without calls says so as long as another has some"
            talker.bye()
            await talker.response("BYE", 200)
            await silent.incoming("BYE", A_CALL)
            await served.until("released", by="standard")
            assert await gateway.ended(A_CALL) == 0
    for story in (served, told):
        await on_record(site, story)


async def test_a_second_one_releases_who_is_up(site: Site, mosquitto: Mosquitto) -> None:
    port = free_port()
    site.write(mqtt(mosquitto.url), sip_line("sip1", port), drain_seconds=600)
    async with watching(mosquitto.port) as (watcher, _):
        gateway = await site.start()
        async with live_call(watcher, f"sip:8801@127.0.0.1:{port}") as (customer, story):
            gateway.send(signal.SIGTERM)
            await gateway.logged("draining")
            assert not customer.has_incoming("BYE")
            gateway.send(signal.SIGTERM)
            await customer.incoming("BYE")
            assert await gateway.ended() == 0
    record = await site.call_of(story.number)
    assert (record["outcome"], record["released_by"]) == ("answered", "shutdown")
