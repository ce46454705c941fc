"""Customers and agents in a whole gateway, many calls at once: what each of them hears, and who goes when."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio

from drivers.emulator import Caller as FxoCaller
from drivers.emulator import EmulatedModem, Sound, Wait
from drivers.emulator import HangUp as FxoHangUp
from tests.broker import PATIENCE
from tests.process.customers import Story
from tests.process.day import quick_exchange
from tests.process.desk_scene import DeskScene, Telephone, desk_scene_in, signed
from tests.process.gateway import fxo_line
from tests.process.material import make_dialplan, voice
from tests.process.sounds import channels, hears, sound
from tests.sip.conftest import write_wav
from tests.sip.peer import g711
from tests.sip.peer.caller import Caller

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]

AGENTS = [str(number) for number in range(801, 809)]
GREETING, NOT_HEARD = sound(1, 2.0), sound(2, 1.0)
"""Recordings of the dialplan that are looked for in what was heard."""
SOUNDS = {seed: sound(seed, 12.0) for seed in range(11, 18)}
VOICE = voice()
"""What people say; made beforehand, as all of them talk by this process's clock."""
TALK = 32000
"""Samples of what somebody says that he has said before the call ends."""
AT_ONCE = 0.15
"""Seconds from an agent's 200 to the first that he hears of his customer."""
LOUD = 500
"""Mean amplitude of a packet with a sound in it."""

NUMBERS = (f"1380000{number:04d}" for number in count(1))


@dataclass
class Talk:
    """Two who have talked."""

    story: Story
    phone: Telephone
    at_customer: Sequence[int]
    at_agent: Sequence[int]


@dataclass
class Floor:
    """The gateway, its modem, and all calls that are on at once."""

    scene: DeskScene
    modem: EmulatedModem
    delays: list[float] = field(default_factory=list)
    """Of each agent who picked up while his customer spoke, from his 200 to the first that he heard of it."""
    tasks: dict[str, asyncio.Task[Any]] = field(default_factory=dict)

    async def connected(self, phone: Telephone, story: Story, says: Sequence[int] = ()) -> None:
        """The agent picks up; his customer is speaking."""
        before = len(phone.rtp.packets)
        phone.rtp.start_sending(says)
        phone.reply(180)
        phone.pick_up()
        await phone.has_come("ACK")
        await story.until("agent_connected", agent=phone.user)
        self.delays.append(await first_sound(phone, before) - phone.picked_up)


async def first_sound(phone: Telephone, start: int) -> float:
    """When the first packet from `start` on came that is not silence."""
    async with asyncio.timeout(PATIENCE):
        while True:
            await phone.rtp.wait_for_packets(start + 1, PATIENCE)
            samples = g711.decode(phone.rtp.packets[start].payload_type, phone.rtp.packets[start].payload)
            if sum(map(abs, samples)) > LOUD * len(samples):
                return phone.rtp.packets[start].at
            start += 1


# -- the calls -------------------------------------------------------------------------------------------------


async def talks(floor: Floor) -> Talk:
    """The agent picks up in the greeting; he asks for a phrase, and to be away; the customer hangs up."""
    async with floor.scene.customer(next(NUMBERS)) as (customer, story):
        phone = await floor.scene.rung_for(story)
        customer.rtp.start_sending(SOUNDS[11])
        await story.until("prompt_started", prompt="greeting")
        await floor.connected(phone, story, SOUNDS[12])
        await phone.rtp.wait_for_packets(len(phone.rtp.packets) + 100)
        for key in "*16":
            phone.rtp.press(key)
        await story.said("phrase-not-heard")
        for key in "*93":
            phone.rtp.press(key)
        await floor.scene.gateway.logged(f"agent {phone.user} asked by telephone for away")
        call = phone.call_id
        customer.bye()
        await phone.has_come("BYE", call)
        await story.until("released", by="customer", cause="bye")
        return Talk(story, phone, customer.rtp.heard(), phone.rtp.heard())


async def loses_agents(floor: Floor) -> tuple[Story, list[str]]:
    """The first agent hangs up, and the customer goes on; the second one does, and he is silent, and stays."""
    async with floor.scene.customer(next(NUMBERS)) as (customer, story):
        first = await floor.scene.rung_for(story)
        customer.rtp.start_sending(SOUNDS[16])
        await floor.connected(first, story)
        first.bye()
        await story.until("agent_left", agent=first.user)
        await story.until("prompt_started", prompt="further")
        customer.rtp.start_sending(VOICE)
        second = await floor.scene.rung_for(story, 2)
        customer.rtp.start_sending(SOUNDS[17])
        await floor.connected(second, story)
        customer.rtp.start_sending()
        second.bye()
        await story.until("agent_left", agent=second.user)
        await story.said("farewell")
        await customer.rtp.wait_for_packets(len(customer.rtp.packets) + 100)
        assert not customer.has_incoming("BYE")
        customer.bye()
        await story.until("released", by="customer", cause="bye")
        return story, [first.user, second.user]


async def goes_while_it_rings(floor: Floor) -> list[str]:
    """The customer hangs up before the agent has picked up."""
    async with floor.scene.customer(next(NUMBERS)) as (customer, story):
        phone = await floor.scene.rung_for(story)
        phone.reply(180)
        await story.until("agent_ringing", agent=phone.user)
        call = phone.call_id
        customer.bye()
        await phone.has_come("CANCEL", call)
        await story.until("released", by="customer", cause="bye")
        return [event["event"] for event in story.events]


async def is_refused(floor: Floor) -> tuple[Story, list[tuple[str, str]]]:
    """Three telephones refuse, the fourth one is picked up."""
    async with floor.scene.customer(next(NUMBERS)) as (customer, story):
        refused = []
        for number, status in enumerate((603, 486, 404), 1):
            phone = await floor.scene.rung_for(story, number)
            phone.reply(status)
            missed = await story.until("agent_missed", agent=phone.user)
            refused.append((phone.user, missed["why"]))
        customer.rtp.start_sending(SOUNDS[13])
        phone = await floor.scene.rung_for(story, 4)
        await floor.connected(phone, story)
        customer.bye()
        await phone.has_come("BYE")
        await story.until("released", by="customer", cause="bye")
        return story, refused


async def calls_by_modem(floor: Floor) -> Talk:
    """A customer on an analogue line, until the exchange tells by its busy tone that he has gone."""
    says = np.array(SOUNDS[14], dtype=np.float64)
    story = Story(floor.scene.watcher, next(NUMBERS))
    caller = FxoCaller.following(Wait(0.2), Sound(says), FxoHangUp(), number=story.number)
    call = floor.modem.exchange.call(caller)
    phone = await floor.scene.rung_for(story)
    await floor.connected(phone, story, SOUNDS[15])
    await phone.has_come("BYE")
    await story.until("released", by="customer", cause="busy_tone")
    report = await call.ended()
    return Talk(story, phone, report.heard.tolist(), phone.rtp.heard())


STORIES: list[Callable[[Floor], Coroutine[Any, Any, Any]]] = [
    talks,
    loses_agents,
    goes_while_it_rings,
    is_refused,
    calls_by_modem,
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def floor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Floor]:
    folder = tmp_path_factory.mktemp("desk")
    dialplan = folder / make_dialplan(folder)
    write_wav(dialplan / "prompts" / "greeting-part1.wav", GREETING)
    write_wav(dialplan / "prompts" / "phrase-not-heard.wav", NOT_HEARD)
    async with (
        EmulatedModem("conexant", exchange=quick_exchange()) as modem,
        desk_scene_in(
            folder, dialplan, fxo_line("fxo1", modem.port), agents=AGENTS, lines=("sip1", "sip2")
        ) as scene,
    ):
        floor = Floor(scene, modem)
        for story in STORIES:
            floor.tasks[story.__name__] = asyncio.create_task(story(floor))
        await asyncio.wait(floor.tasks.values())
        yield floor


async def test_the_customer_hears_the_greeting_and_the_agent(floor: Floor) -> None:
    talk: Talk = floor.tasks["talks"].result()
    assert hears(talk.at_customer, GREETING)
    assert hears(talk.at_customer, SOUNDS[12][:TALK])
    assert hears(talk.at_agent, SOUNDS[11][:TALK])
    assert not hears(talk.at_customer, SOUNDS[11][:TALK])
    record = await floor.scene.site.call_of(talk.story.number)
    assert record["prompts"][0]["complete"]
    assert f"{talk.phone.user}号" in record["prompts"][0]["text"]
    assert [(a["agent"], a["missed"]) for a in record["agents"]] == [(talk.phone.user, None)]


async def test_an_agent_hears_his_customer_at_once(floor: Floor) -> None:
    """The best of them: what more the others took is the machine's, which has five calls begin in one moment."""
    print("from an agent's 200 to the first sound of his customer:", [f"{delay:.3f} s" for delay in floor.delays])
    assert min(floor.delays) <= AT_ONCE


async def test_a_phrase_by_key_is_heard_by_both(floor: Floor) -> None:
    talk: Talk = floor.tasks["talks"].result()
    assert hears(talk.at_customer, NOT_HEARD)
    assert hears(talk.at_agent, NOT_HEARD)


async def test_the_recording_has_the_customer_left_and_what_he_heard_right(floor: Floor) -> None:
    talk: Talk = floor.tasks["talks"].result()
    left, right = channels(Path((await floor.scene.site.call_of(talk.story.number))["recording"]))
    assert hears(left, SOUNDS[11][:TALK])
    assert not hears(left, SOUNDS[12][:TALK])
    assert not hears(left, GREETING)
    assert hears(right, SOUNDS[12][:TALK])
    assert hears(right, GREETING)
    assert hears(right, NOT_HEARD)
    assert not hears(right, SOUNDS[11][:TALK])


async def test_an_agents_hang_up_never_cuts_the_customer_off(floor: Floor) -> None:
    story, agents = floor.tasks["loses_agents"].result()
    record = await floor.scene.site.call_of(story.number)
    prompts = [prompt["prompt"] for prompt in record["prompts"]]
    assert prompts[0] == "greeting"
    assert prompts.count("greeting") == 1
    assert [prompt for prompt in prompts if prompt in ("further", "farewell")] == [
        "further",
        "further",
        "farewell",
    ]
    assert [(a["agent"], a["left"]) for a in record["agents"]] == [(agent, "hung_up") for agent in agents]
    assert (record["released_by"], record["cause"]) == ("customer", "bye")
    assert [judged["clause"] for judged in record["compliance"] if not judged["kept"]] == []


async def test_a_customer_who_goes_takes_the_ringing_with_him(floor: Floor) -> None:
    events = floor.tasks["goes_while_it_rings"].result()
    assert "agent_ringing" in events
    assert "agent_connected" not in events


async def test_who_is_refused_gets_the_next_agent_and_no_second_greeting(floor: Floor) -> None:
    story, refused = floor.tasks["is_refused"].result()
    assert [why for _, why in refused] == ["refused", "busy", "vacant_number"]
    record = await floor.scene.site.call_of(story.number)
    assert len({agent["agent"] for agent in record["agents"]}) == 4
    assert record["agents"][-1]["connected_at"] is not None
    assert [prompt["prompt"] for prompt in record["prompts"]] == ["greeting"]
    assert f"{refused[0][0]}号" in record["prompts"][0]["text"]


async def test_a_customer_by_modem_talks_with_a_sip_agent(floor: Floor) -> None:
    talk: Talk = floor.tasks["calls_by_modem"].result()
    assert hears(talk.at_agent, SOUNDS[14])
    assert hears(talk.at_customer, SOUNDS[15])
    assert hears(talk.at_customer, GREETING)
    record = await floor.scene.site.call_of(talk.story.number)
    assert (record["driver"], record["released_by"], record["cause"]) == ("fxo", "customer", "busy_tone")


async def test_feature_codes_dialled_from_the_telephone(floor: Floor) -> None:
    """`talks` has asked for away in his call. In a call to the line, and as the number that is called."""
    agent = floor.tasks["talks"].result().phone.user
    await floor.scene.presence(agent, "away", why="by_himself")
    caller = await Caller.open(floor.scene.target(), user=agent)
    try:
        caller.invite()
        await caller.response("INVITE", 200)
        caller.rtp.start_sending()
        for code, state in (("*94", "free"), ("*92", "offline"), ("*91", "free")):
            for key in code:
                caller.rtp.press(key)
            await floor.scene.presence(agent, state)
        caller.bye()
        await caller.response("BYE", 200)
    finally:
        caller.close()
    for code, state in (("*93", "away"), ("*94", "free"), ("*92", "offline"), ("*91", "free")):
        caller = await Caller.open(floor.scene.target(user=code), user=agent)
        try:
            caller.invite()
            await floor.scene.presence(agent, state)
            await caller.incoming("BYE")
        finally:
            caller.close()


async def test_commands_for_agents_are_signed(floor: Floor) -> None:
    scene, agent = floor.scene, AGENTS[-1]
    await scene.presence(agent, "free")
    refused = await scene.ask(do="agent", agent=agent, state="log_out")
    assert not refused["ok"]
    forged = signed(do="agent", agent=agent, state="away") | {"state": "log_out"}
    assert not (await scene.ask(**forged))["ok"]
    assert scene.watcher.of(f"agent/{agent}/state")[-1]["state"] == "free"
    assert (await scene.ask(**signed(do="agent", agent=agent, state="log_out")))["ok"]
    await scene.presence(agent, "offline", why="log_out")
    assert (await scene.ask(**signed(do="agent", agent=agent, state="log_in")))["ok"]
    await scene.presence(agent, "free", why="log_in")
    unknown = await scene.ask(**signed(do="agent", agent="899", state="log_in"))
    assert not unknown["ok"]
    assert "899" in unknown["error"]
