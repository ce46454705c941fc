"""RTP that comes from elsewhere, or goes on otherwise than it began, while a customer and an agent talk."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tests.faults.live import NUMBERS, hangs_up, on_record, presses, undisturbed
from tests.process.customers import Story
from tests.process.desk_scene import DeskScene, Telephone, desk_scene_in
from tests.process.sounds import hears, sound
from tests.sip.peer import g711
from tests.sip.peer.caller import Caller
from tests.sip.peer.rtp import RtpPeer

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]

CUSTOMER, ANEW, AGENT, STRAY = (sound(seed, 8.0) for seed in (21, 22, 23, 24))
SOME = 24000
"""Samples of each that are looked for."""
PACKETS = 50
"""A second."""
PBX, ELSEWHERE = "127.0.0.1", "127.0.0.2"
PAUSE = 4.0
"""Seconds without a packet; 30 were tried by hand."""


@dataclass
class Talk:
    """A customer and his agent, joined."""

    customer: Caller
    phone: Telephone
    story: Story

    async def passes(self, seconds: float) -> None:
        """So much time goes by on the agent's line."""
        await self.phone.rtp.wait_for_packets(len(self.phone.rtp.packets) + round(seconds * PACKETS))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory, dialplan: Path) -> AsyncIterator[DeskScene]:
    agents = ("801", "802", "803")
    async with desk_scene_in(tmp_path_factory.mktemp("astray"), dialplan, agents=agents) as scene:
        yield scene


@contextlib.asynccontextmanager
async def talk(scene: DeskScene) -> AsyncIterator[Talk]:
    """They talk; at the end the customer, who is heard and hears, hangs up, and all is on record."""
    async with scene.customer(next(NUMBERS)) as (customer, story):
        phone = await scene.rung_for(story)
        phone.rtp.start_sending()
        phone.reply(180)
        phone.pick_up()
        await phone.has_come("ACK")
        await story.until("agent_connected", agent=phone.user)
        await story.said("greeting")
        customer.rtp.start_sending(CUSTOMER)
        phone.rtp.start_sending(AGENT)
        yield Talk(customer, phone, story)
        await presses(customer, story, "9")
        await hangs_up(customer, story)
    await on_record(scene.site, story)


@contextlib.asynccontextmanager
async def stray(host: str, talk: Talk) -> AsyncIterator[RtpPeer]:
    """Another stream to where the customer's goes, from this host: a loud sound, and keys."""
    port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    port.bind((host, 0))
    _, peer = await asyncio.get_running_loop().create_datagram_endpoint(lambda: RtpPeer(8), sock=port)
    peer.target = talk.customer.rtp.target
    peer.jump(source=0x0BAD, sequence=7000, timestamp=90_000)
    peer.start_sending(STRAY)
    for digit in "123":
        peer.press(digit)
    try:
        yield peer
    finally:
        peer.close()


def heard(peer: RtpPeer, since: int) -> Sequence[int]:
    """What has come since so many packets had."""
    return [s for packet in peer.packets[since:] for s in g711.decode(packet.payload_type, packet.payload)]


async def test_another_host_is_not_heard_and_hears_nothing(scene: DeskScene) -> None:
    async with talk(scene) as one:
        customer, agent = len(one.customer.rtp.packets), len(one.phone.rtp.packets)
        async with stray(ELSEWHERE, one) as peer, undisturbed(one.customer):
            await one.passes(5.0)
            assert not peer.packets
        assert hears(heard(one.customer.rtp, customer), AGENT[:SOME])
        at_agent = heard(one.phone.rtp, agent)
        assert hears(at_agent, CUSTOMER[:SOME])
        assert not hears(at_agent, STRAY[:SOME])
        assert not [event for event in one.story.events if event["event"] == "dtmf"]


async def test_the_call_is_his_again_once_another_port_of_the_pbx_is_silent(scene: DeskScene) -> None:
    """A host that may send is trusted: while it sends twice its streams disturb each other (docs/sip.md)."""
    async with talk(scene) as one:
        async with stray(PBX, one):
            await one.passes(2.0)
        await one.passes(1.0)
        customer, agent = len(one.customer.rtp.packets), len(one.phone.rtp.packets)
        one.customer.rtp.start_sending(ANEW)
        one.phone.rtp.start_sending(AGENT)
        async with undisturbed(one.customer):
            await one.passes(4.0)
        assert hears(heard(one.customer.rtp, customer), AGENT[:SOME])
        assert hears(heard(one.phone.rtp, agent), ANEW[:SOME])


async def test_a_pause_and_then_another_stream(scene: DeskScene) -> None:
    """As from a PBX that has moved his call: another SSRC, another sequence, another time."""
    async with talk(scene) as one:
        async with undisturbed(one.customer):
            one.customer.rtp.stop_sending()
            await one.story.until("media_lost")
            await one.passes(PAUSE)
            agent = len(one.phone.rtp.packets)
            one.customer.rtp.jump(source=0x77, sequence=31_000, timestamp=7_000_000)
            one.customer.rtp.start_sending(ANEW)
            await one.story.until("media_restored")
            await one.passes(4.0)
        assert hears(heard(one.phone.rtp, agent), ANEW[:SOME])
    assert not [event for event in one.story.events if event["event"] == "agent_left"]
