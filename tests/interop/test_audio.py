"""Audio as telephones send it that do otherwise than these two by themselves."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from drivers.line import Verdict
from tests.interop.calls import calling
from tests.interop.clients import NUMBERS, Baresip
from tests.interop.conftest import GREETING, Hotline
from tests.process.customers import Story
from tests.process.material import voice
from tests.process.sounds import hears
from tests.sip.peer.caller import Caller
from tests.sip.peer.rtp import RtpPeer

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]

PACKETS = 50
"""Packets a second of the line's own: by them time is told."""


@contextlib.asynccontextmanager
async def up(
    hotline: Hotline, *, edit: Callable[[str], str] = str, greeted: bool = True
) -> AsyncIterator[tuple[Caller, Story]]:
    """A customer who has heard the greeting; his is the hang-up. `edit`: what he makes of his offer."""
    story = Story(hotline.watcher, next(NUMBERS))
    customer = await Caller.open(hotline.target, user=story.number)
    try:
        customer.invite(sdp=edit(customer.sdp()))
        await customer.response("INVITE", 200, 20)
        if greeted:
            await story.said("greeting")
        yield customer, story
        assert not customer.has_incoming("BYE")
        customer.bye()
        await story.until("released", by="customer", cause="bye")
    finally:
        customer.close()


@contextlib.asynccontextmanager
async def moved(customer: Caller) -> AsyncIterator[RtpPeer]:
    """Another port of his."""
    peer = await RtpPeer.open(customer.rtp.payload_type)
    peer.target = customer.rtp.target
    try:
        yield peer
    finally:
        peer.close()


async def passes(customer: Caller, seconds: float) -> None:
    """So much time goes by on the line."""
    await customer.rtp.wait_for_packets(len(customer.rtp.packets) + round(seconds * PACKETS), 30)


async def test_packets_of_baresip(hotline: Hotline, tmp_path: Path):
    """baresip: sends packets of 10, 30, 40 and 60 ms; is heard, and hears us"""

    async def calls(milliseconds: int) -> None:
        telephone = Baresip(tmp_path / f"{milliseconds}", next(NUMBERS))
        settings = f";ptime={milliseconds}"
        async with calling(hotline, telephone, hotline.says(), settings=settings) as story:
            await story.until("verdict", verdict=Verdict.SPEECH.value)
            await telephone.hang_up()
            await story.until("released", by="customer", cause="bye")
        assert hears(telephone.samples(), GREETING)
        assert any(f"audio ptime={milliseconds} " in line for line in telephone.log), "it did not obey"

    async with asyncio.TaskGroup() as group:
        for milliseconds in (10, 30, 40, 60):
            group.create_task(calls(milliseconds))


@pytest.mark.parametrize("milliseconds", [10, 30, 60])
async def test_packets(hotline: Hotline, milliseconds: int):
    """any telephone: sends packets of 10, 30, 60 ms and is heard"""
    async with up(hotline) as (customer, story):
        customer.rtp.frame = 8 * milliseconds
        customer.rtp.start_sending(voice())
        await story.until("verdict", verdict=Verdict.SPEECH.value)
        customer.rtp.press("7")
        await story.until("dtmf", digit="7")
        assert not [event for event in story.events if event["event"] == "media_lost"]


async def test_another_port(hotline: Hotline):
    """any telephone: sends from another port than it named; is heard, and our audio goes there (RFC 4961)"""
    async with up(hotline) as (customer, story), moved(customer) as elsewhere:
        elsewhere.start_sending(voice())
        await story.until("verdict", verdict=Verdict.SPEECH.value)
        await elsewhere.wait_for_packets(50)
        assert not [event for event in story.events if event["event"] == "media_lost"]


async def test_inactive_from_the_start(hotline: Hotline):
    """any telephone: offers `inactive` at first, is on hold, and is greeted once it hears"""
    async with up(hotline, edit=lambda sdp: f"{sdp}a=inactive\r\n", greeted=False) as (customer, story):
        await story.until("held")
        assert not [packet for packet in customer.rtp.packets if packet.payload_type == 8], "he wants no audio"
        await customer.offer("sendrecv")
        await story.until("resumed")
        await story.said("greeting")
        customer.rtp.start_sending(voice())
        await story.until("verdict", verdict=Verdict.SPEECH.value)


async def test_comfort_noise(hotline: Hotline):
    """any telephone: sends comfort noise, five packets a second, for silence; is heard as silent, never as lost"""
    async with up(hotline, edit=with_comfort_noise) as (customer, story):
        customer.rtp.start_sending(voice())
        await story.until("verdict", verdict=Verdict.SPEECH.value)
        customer.rtp.stop_sending()
        noises = asyncio.create_task(comforts(customer))
        try:
            await passes(customer, 2.5)
            assert verdicts(story)[-2:] == ["speech", "silent"]
            assert "media_lost" not in [event["event"] for event in story.events]
        finally:
            noises.cancel()
        customer.rtp.start_sending(voice())
        await passes(customer, 1.5)
        assert verdicts(story)[-2:] == ["silent", "speech"]


async def test_silence_without_packets(hotline: Hotline):
    """any telephone: sends nothing for silence; is served as silent, and heard when he speaks again"""
    async with up(hotline) as (customer, story):
        customer.rtp.start_sending(voice())
        await story.until("verdict", verdict=Verdict.SPEECH.value)
        customer.rtp.stop_sending()
        await story.until("media_lost")
        await story.said("further")
        customer.rtp.start_sending(voice())
        await story.until("media_restored")
        await passes(customer, 1.0)
        assert "silent-1" not in [event.get("prompt") for event in story.events], "he spoke"


def with_comfort_noise(sdp: str) -> str:
    return sdp.replace("8 101\r\n", "8 13 101\r\n") + "a=rtpmap:13 CN/8000\r\n"


async def comforts(customer: Caller) -> None:
    """Sends comfort noise until cancelled."""
    while True:
        customer.rtp.comfort()
        await asyncio.sleep(0.2)


def verdicts(story: Story) -> list[str]:
    """So far."""
    return [event["verdict"] for event in story.events if event["event"] == "verdict"]
