"""The agent's telephone is baresip or linphone: a customer is put through to it, in a whole gateway."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.broker import PATIENCE
from tests.interop.clients import NUMBERS, Baresip, Linphone, Telephone
from tests.interop.conftest import GREETING, QUIET, Hotline, hotline_in
from tests.process.customers import Story
from tests.process.sounds import hears, places, sound
from tests.sip.conftest import free_port, write_wav
from tests.sip.peer.caller import Caller

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]

CUSTOMER, AGENT = sound(11, 6.0), sound(12, 2.0)
"""What they say: the customer once, the agent on and on, so that whenever he is heard it is this."""
PACKETS = 50
"""Packets a second that the line sends: by them time is told."""


@dataclass
class Desk:
    """A hotline with one agent, 801, and his telephone."""

    hotline: Hotline
    telephone: Telephone

    async def presence(self, state: str) -> None:
        """The agent's state, now or when it comes."""

        def is_it(watcher: Any) -> bool:
            return bool(watcher.of("agent/801/state")[-1:]) and watcher.of("agent/801/state")[-1]["state"] == state

        await self.hotline.watcher.until(is_it)

    @contextlib.asynccontextmanager
    async def connected(self) -> AsyncIterator[tuple[Caller, Story]]:
        """A customer who talks with the agent, and has heard him."""
        await self.presence("free")
        story = Story(self.hotline.watcher, next(NUMBERS))
        customer = await Caller.open(self.hotline.target, user=story.number)
        ringing = len(self.telephone.log)
        try:
            customer.invite()
            await customer.response("INVITE", 200, PATIENCE)
            customer.rtp.start_sending()
            await story.until("agent_ringing", agent="801")
            await self.telephone.rings(ringing)
            await self.telephone.answer()
            await story.until("agent_connected", agent="801")
            await story.said("greeting")
            customer.rtp.start_sending(CUSTOMER)
            await passes(customer, 4.0)
            yield customer, story
            await story.until("released", by="customer", cause="bye")
        finally:
            customer.bye()  # where it has failed, the next one needs the agent
            customer.close()


async def passes(customer: Caller, seconds: float) -> None:
    """So much time goes by on the line."""
    await customer.rtp.wait_for_packets(len(customer.rtp.packets) + round(seconds * PACKETS), PATIENCE)


@pytest_asyncio.fixture(
    scope="module", loop_scope="module", params=[Baresip, Linphone], ids=["baresip", "linphone"]
)
async def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, dialplan: Path
) -> AsyncIterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    telephone = request.param(folder / "telephone", "801")
    voice = Path(write_wav(folder / "agent.wav", AGENT * (QUIET // 2)))
    tables = (
        f'[desk]\nlisten = "127.0.0.1:{free_port()}"\nafter_call_seconds = 0.0',
        f'[[agents]]\nnumber = "801"\nextension = "{telephone.uri}"',
    )
    await telephone.start(voice)
    try:
        async with hotline_in(folder, dialplan, *tables) as hotline:
            yield Desk(hotline, telephone)
    finally:
        await telephone.end()


async def test_agent_talks_and_holds(desk: Desk):
    """baresip, linphone of an agent: talks with a customer, both are heard; holds, resumes; is hung up"""
    async with desk.connected() as (customer, story):
        heard = customer.rtp.heard()
        assert hears(heard, GREETING)
        assert len(places(heard, AGENT)) > len(AGENT) // 1600 // 2
        await desk.telephone.hold()
        await story.until("waiting")
        asked = await story.until("prompt_started", clause="JH-8")
        await story.said(asked["prompt"])
        await desk.telephone.resume()
        customer.rtp.packets.clear()
        await passes(customer, 4.0)
        assert len(places(customer.rtp.heard(), AGENT)) > len(AGENT) // 1600 // 2, "not heard after his hold"
        customer.bye()


async def test_agent_hangs_up(desk: Desk):
    """baresip, linphone of an agent: hangs up; the customer stays, and is asked whether there is more"""
    async with desk.connected() as (customer, story):
        await desk.telephone.hang_up()
        await story.until("agent_left", agent="801")
        await story.until("prompt_started", prompt="further")
        assert not customer.has_incoming("BYE")
        customer.bye()


async def test_agent_hears_customer(desk: Desk):
    """baresip, linphone of an agent: what the customer says is in what the telephone has heard"""
    async with desk.connected() as (customer, _):
        await passes(customer, 3.0)
        customer.bye()
    await desk.telephone.end()  # what it heard is whole then; so this test is the last one of its telephone
    assert hears(desk.telephone.samples(), CUSTOMER)
