"""Who waits is reassured on time; who would rather be called back is, at his number and at no other one."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import pytest_asyncio

from tests.broker import PATIENCE, Watcher
from tests.process.customers import Story
from tests.process.desk_scene import DeskScene, Telephone, desk_scene_in
from tests.process.gateway import run
from tests.process.material import make_dialplan, voice
from tests.process.sounds import RATE, hears, sound, starts
from tests.sip.conftest import write_wav
from tests.sip.peer import g711
from tests.sip.peer.caller import SipText
from tests.sip.peer.rtp import RtpPeer

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]

VOICE = voice()
REASSURANCES = {name: sound(seed, 0.8) for seed, name in enumerate(("first", "again", "thanks"), 1)}
"""What is said to those who wait (JH-8, JH-9)."""
EVERY, TOLERANCE = 15.0, 0.5
"""Seconds between two of them (JH-8)."""
WAITER, CALLED, BUSY, PREMIUM, FOREIGN = "13800000001", "13800000002", "13800000003", "09001234567", "+19005550199"
AGENT, CUSTOMER = sound(11, 8.0), sound(12, 8.0)
"""What the two of a call-back say."""
TALK = 32000
"""Samples of it that they have said before they hang up."""


@dataclass
class Floor:
    """The gateway, and every telephone outside that it could call."""

    scene: DeskScene
    outside: Telephone
    tasks: dict[str, asyncio.Task[Any]] = field(default_factory=dict)
    called_asked: asyncio.Event = field(default_factory=asyncio.Event)
    """CALLED has asked to be called back. One is called at a time, in the order in which they have asked."""

    async def rung_outside(self, number: str) -> SipText:
        """The INVITE by which this number is called; it is the one of `outside` now."""
        wanted = f"INVITE sip:{number}@"
        return await self.outside._find(lambda m: m.start.startswith(wanted), PATIENCE, 1)

    async def rung_to_call(self, number: str) -> Telephone:
        """The agent's telephone that is rung so that this number is called back."""
        masked = f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
        told = await self.scene.gateway.logged(rf"agent \d+ is rung to call {re.escape(masked)} back")
        phone = self.scene.phones[re.findall(r"agent (\d+) is rung", told)[0]]
        await self.scene.presence(phone.user, "ringing", why="call_back")
        async with asyncio.timeout(PATIENCE):
            while len(phone.rings) < 2:
                phone._arrived.clear()
                await phone._arrived.wait()
        phone.reply(180)
        return phone

    async def ticket(self, number: str, **fields: Any) -> dict[str, Any]:
        """What the only ticket of that number says."""
        code, out, _ = await run("tickets", "list", "-c", str(self.scene.site.config), "--json", "--show-numbers")
        assert code == 0
        (found,) = [t for t in map(json.loads, out.splitlines()) if t["number"] == number]
        return dict(found)


# -- the calls -------------------------------------------------------------------------------------------------


async def waits(floor: Floor) -> tuple[Story, list[int]]:
    """His first agent refuses, the second one does not come in 35 s, the third one does."""
    async with floor.scene.customer(WAITER) as (customer, story):
        (await floor.scene.rung_for(story)).reply(603)
        (await floor.scene.rung_for(story, 2)).reply(180)
        await story.until("prompt_started", prompt="waiting-again")
        third = await floor.scene.rung_for(story, 3)
        third.reply(180)
        third.pick_up()
        await third.has_come("ACK")
        await story.until("agent_connected", agent=third.user)
        customer.bye()
        await story.until("released", by="customer", cause="bye")
        return story, by_its_clock(customer.rtp)


def by_its_clock(rtp: RtpPeer) -> list[int]:
    """What came, each packet where its timestamp puts it."""
    first = rtp.packets[0].timestamp
    heard = [0] * (rtp.packets[-1].timestamp - first + 160)
    for packet in rtp.packets:
        samples = g711.decode(packet.payload_type, packet.payload)
        heard[packet.timestamp - first : packet.timestamp - first + len(samples)] = samples
    return heard


async def wants_a_call(floor: Floor, number: str, after: asyncio.Event | None = None) -> tuple[Story, str]:
    """He tells his case, his agent does not come; while he waits he presses 1, and confirms his number, not before
    `after`."""
    async with floor.scene.customer(number, "sip2") as (customer, story):
        phone = await floor.scene.rung_for(story)
        phone.reply(180)
        await story.said("greeting")
        customer.rtp.start_sending(VOICE)
        await story.until("prompt_started", prompt="waiting-first")
        customer.rtp.press("1")
        await story.until("prompt_started", prompt="call-back-number")
        if after is not None:
            await after.wait()
        customer.rtp.press("1")
        await phone.has_come("CANCEL")
        asked = await story.until("call_back")
        if number == CALLED:
            floor.called_asked.set()
        assert (asked["source"], asked["confirmed"]) == ("caller_id", True)
        await story.said("farewell")
        customer.bye()
        await story.until("released", by="customer", cause="bye")
        return story, phone.user


async def is_called_back(floor: Floor) -> tuple[str, str, list[int], list[int]]:
    """His agent is rung, then he; the two talk, and he hangs up. Gives both agents and what each heard."""
    _, owner = await wants_a_call(floor, CALLED)
    phone = await floor.rung_to_call(CALLED)
    assert not floor.outside.rings
    phone.rtp.start_sending()
    phone.pick_up()
    await floor.rung_outside(CALLED)
    floor.outside.reply(180)
    await floor.scene.watcher.until(lambda w: _events(w, "customer_ringing"))
    floor.outside.pick_up()
    await floor.outside.has_come("ACK")
    floor.outside.rtp.start_sending(CUSTOMER)
    phone.rtp.start_sending(AGENT)
    await phone.rtp.wait_for_packets(len(phone.rtp.packets) + 250)
    call = phone.call_id
    floor.outside.bye()
    await phone.has_come("BYE", call)
    return owner, phone.user, floor.outside.rtp.heard(), phone.rtp.heard()


async def is_busy(floor: Floor) -> tuple[str, str]:
    """He wants to be called back and is talking to somebody else when he is."""
    _, owner = await wants_a_call(floor, BUSY, floor.called_asked)
    phone = await floor.rung_to_call(BUSY)
    await asyncio.wait([floor.tasks["is_called_back"]])
    phone.pick_up()
    invite = await floor.rung_outside(BUSY)
    floor.outside.reply(486, request=invite)
    await floor.scene.watcher.until(lambda w: _events(w, "not_reached"))
    await phone.has_come("BYE")
    return owner, phone.user


def _events(watcher: Watcher, event: str) -> list[dict[str, Any]]:
    return [told for topic, told, _ in watcher.heard if topic.endswith("/event") and told["event"] == event]


async def premium(floor: Floor) -> tuple[Story, str]:
    """A number that costs whoever calls it."""
    return await wants_a_call(floor, PREMIUM)


async def foreign(floor: Floor) -> tuple[Story, str]:
    """One of another country."""
    return await wants_a_call(floor, FOREIGN)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def floor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Floor]:
    folder = tmp_path_factory.mktemp("desk")
    dialplan = folder / make_dialplan(folder)
    for name, samples in REASSURANCES.items():
        write_wav(dialplan / "prompts" / f"waiting-{name}.wav", samples)
    async with contextlib.AsyncExitStack() as stack:
        outside = await Telephone.open("sip:x@127.0.0.1:9", user="outside")
        stack.callback(outside.close)
        address = f"sip:{{number}}@127.0.0.1:{outside.port}"
        back = f'[call_backs]\nline = "sip1"\naddress = "{address}"\nhours = "00:00-24:00"'
        agents = [str(number) for number in range(801, 809)]
        options = {"agents": agents, "lines": ("sip1", "sip2"), "desk": "ring_seconds = 35.0"}
        scene = await stack.enter_async_context(desk_scene_in(folder, dialplan, back, **options))
        floor = Floor(scene, outside)
        for story in (waits, is_called_back, is_busy, premium, foreign):
            floor.tasks[story.__name__] = asyncio.create_task(story(floor))
        await asyncio.wait(floor.tasks.values())
        yield floor


async def test_who_waits_is_reassured_every_fifteen_seconds(floor: Floor) -> None:
    story, heard = floor.tasks["waits"].result()
    at = sorted(start / RATE for known in REASSURANCES.values() for start in starts(heard, known))
    print("a reassurance began at", [f"{second:.2f} s" for second in at])
    assert len(at) == 3
    assert all(abs(later - before - EVERY) <= TOLERANCE for before, later in pairwise(at))
    events = [event for event in story.events if event["event"] in ("prompt_finished", "agent_missed")]
    missed = [event["why"] for event in events if event["event"] == "agent_missed"]
    assert missed == ["refused", "no_answer"]
    assert [event["prompt"] for event in events if "prompt" in event][:2] == ["greeting", "waiting-first"]


async def test_a_call_back_rings_the_owner_and_then_the_customer(floor: Floor) -> None:
    owner, agent, at_customer, at_agent = floor.tasks["is_called_back"].result()
    assert agent == owner
    assert hears(at_customer, AGENT[:TALK])
    assert hears(at_agent, CUSTOMER[:TALK])
    ticket = await floor.ticket(CALLED)
    assert (ticket["call_back"], ticket["state"], ticket["owner"]) == ("reached", "answered", owner)


async def test_one_who_was_busy_is_called_again_later(floor: Floor) -> None:
    owner, agent = floor.tasks["is_busy"].result()
    assert agent == owner
    ticket = await floor.ticket(BUSY)
    assert (ticket["call_back"], ticket["state"], ticket["attempts"]) == ("owed", "open", 1)
    due = datetime.fromisoformat(ticket["due_at"])
    opened = datetime.fromisoformat(ticket["opened_at"])
    assert timedelta(minutes=15) <= due - opened <= timedelta(minutes=17)
    code, shown, _ = await run("tickets", "show", str(ticket["ticket"]), "-c", str(floor.scene.site.config))
    assert code == 0
    assert due.strftime("%H:%M") in shown
    assert "busy" in shown
    assert BUSY not in shown


@pytest.mark.parametrize(("story", "number"), [("premium", PREMIUM), ("foreign", FOREIGN.replace("+", "00"))])
async def test_a_number_that_may_not_be_called_is_left_to_people(floor: Floor, story: str, number: str) -> None:
    floor.tasks[story].result()
    ticket = await floor.ticket(number)
    assert (ticket["call_back"], ticket["state"], ticket["attempts"]) == ("people", "open", 0)


async def test_nobody_was_called_but_agents_and_who_was_owed_a_call(floor: Floor) -> None:
    phones = [*floor.scene.phones.values(), floor.outside]
    called = {ring.start.split()[1].split("@")[0] for phone in phones for ring in phone.rings}
    agents = {f"sip:{number}" for number in floor.scene.phones}
    assert called - agents == {f"sip:{CALLED}", f"sip:{BUSY}"}
