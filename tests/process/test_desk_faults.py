"""What goes wrong with agents while they talk: the customer stays on his line, and another agent comes."""

import asyncio
import signal
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from tests.process.customers import Story
from tests.process.desk_scene import DeskScene, Telephone, desk_scene_in
from tests.process.material import voice
from tests.sip.peer.caller import Caller

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]

VOICE = voice()
NUMBERS = (f"1380000{number:04d}" for number in count(1))
FULL = "[recordings]\nmin_free_mb = 1000000"
"""More than the disk of any machine of these tests has."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory, dialplan: Path) -> AsyncIterator[DeskScene]:
    agents = [str(number) for number in range(801, 807)]
    async with desk_scene_in(tmp_path_factory.mktemp("desk"), dialplan, FULL, agents=agents) as scene:
        yield scene


async def joined(scene: DeskScene, story: Story, nth: int = 1) -> Telephone:
    """The `nth` agent who is rung for this customer is with him."""
    phone = await scene.rung_for(story, nth)
    phone.rtp.start_sending()
    phone.reply(180)
    phone.pick_up()
    await phone.has_come("ACK")
    await story.until("agent_connected", agent=phone.user)
    return phone


async def gets_another(scene: DeskScene, customer: Caller, story: Story) -> None:
    """His agent has gone: asked whether there is anything else, he speaks, and is joined with an agent again."""
    await story.until("prompt_started", prompt="further")
    customer.rtp.start_sending(VOICE)
    second = await joined(scene, story, 2)
    assert not customer.has_incoming("BYE")
    customer.bye()
    await second.has_come("BYE")
    await story.until("released", by="customer", cause="bye")


async def is_silent_and_stays(customer: Caller, story: Story) -> None:
    """His agent has gone, he wants nothing more: the line is his until he hangs up."""
    await story.said("farewell")
    await customer.rtp.wait_for_packets(len(customer.rtp.packets) + 100)
    assert not customer.has_incoming("BYE")
    customer.bye()
    await story.until("released", by="customer", cause="bye")


async def test_workers_of_the_desk_die_and_hang(scene: DeskScene) -> None:
    """One is killed, another one stops: each takes an agent with it and no customer."""
    async with scene.customer(next(NUMBERS)) as (lost, one), scene.customer(next(NUMBERS)) as (left, other):
        first = await joined(scene, one)
        second = await joined(scene, other)
        killed, stopped = scene.worker_of(first), scene.worker_of(second)
        assert killed != stopped
        killed.kill()
        stopped.send_signal(signal.SIGSTOP)
        await one.until("agent_left", agent=first.user, why="failed")
        await asyncio.gather(gets_another(scene, lost, one), is_silent_and_stays(left, other))
    await other.until("agent_left", agent=second.user, why="failed")


async def test_a_telephone_unplugged_in_a_call_and_one_when_it_rings(scene: DeskScene) -> None:
    async with scene.customer(next(NUMBERS)) as (lost, one), scene.customer(next(NUMBERS)) as (waits, other):
        first = await joined(scene, one)
        first.unplug()
        dead = await scene.rung_for(other)
        dead.unplug()
        waits.rtp.start_sending()
        await other.until("agent_missed", agent=dead.user, why="unreachable")
        await joined(scene, other, 2)
        waits.bye()
        await one.until("agent_left", agent=first.user, why="no_audio")
        await gets_another(scene, lost, one)
        await scene.presence(first.user, "offline")
        await scene.presence(dead.user, "offline")


async def test_every_customer_hung_up_first_and_was_greeted_once(scene: DeskScene) -> None:
    records = await scene.site.calls()
    assert len(records) == 4
    for record in records:
        assert (record["released_by"], record["cause"]) == ("customer", "bye")
        assert [judged for judged in record["compliance"] if not judged["kept"]] == []
        assert [prompt["prompt"] for prompt in record["prompts"]].count("greeting") == 1
        assert record["recording"] is None


async def test_a_full_disk_stops_recordings_and_no_call(scene: DeskScene) -> None:
    """Every call of this gateway has gone without one."""
    (alert,) = await scene.watcher.until(lambda w: w.of("alert"))
    assert (alert["event"], alert["code"]) == ("trouble", "recordings_stopped")
    assert "min_free_mb is 1000000" in alert["detail"]
    assert scene.watcher.of("alert/recordings_stopped")
    assert not list(scene.site.folder.glob("var/recordings/**/*.wav"))
