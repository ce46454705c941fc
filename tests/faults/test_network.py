"""A customer behind a bad network: 20 % of the packets lost, each up to 0.1 s late, out of order, some twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from drivers.line import Verdict
from tests.faults.live import NUMBERS, hangs_up, on_record
from tests.faults.relay import FarCaller, Weather, far_away
from tests.process.customers import A_CALL, Story
from tests.process.material import voice
from tests.process.scene import Scene, scene_in

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]

STORM = Weather(loss=0.2, jitter=0.1, twice=0.05)
LATE = Weather(jitter=0.1, in_order=True)
ARRIVES = 0.7
"""Share of the packets that a customer must get where 20 % are lost: of a call's 500 or so 0.8 ± 0.02 come."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory, dialplan: Path) -> AsyncIterator[Scene]:
    async with scene_in(tmp_path_factory.mktemp("network"), dialplan) as scene:
        yield scene


def verdicts(story: Story) -> list[str]:
    return [event["verdict"] for event in story.events if event["event"] == "verdict"]


def arrived(customer: FarCaller) -> float:
    """The share of the line's packets that has come, each counted once."""
    first = customer.rtp.packets[0].sequence
    numbers = {(packet.sequence - first + 0x8000) & 0xFFFF for packet in customer.rtp.packets}
    return len(numbers) / (max(numbers) - min(numbers) + 1)


@pytest.mark.parametrize("weather", [STORM, LATE], ids=["storm", "late"])
async def test_who_speaks_is_heard_and_served(scene: Scene, weather: Weather) -> None:
    story = Story(scene.watcher, next(NUMBERS))
    async with far_away(scene.target("sip1"), story.number, weather, seed=1) as customer:
        await customer.response("INVITE", 200, 20)
        customer.rtp.start_sending()
        await story.said("greeting")
        before = len(verdicts(story))
        customer.rtp.start_sending(voice())
        await story.until("verdict", verdict=Verdict.SPEECH.value)
        await story.said("farewell")
        assert arrived(customer) >= ARRIVES
        assert set(verdicts(story)[before:]) <= {Verdict.SPEECH.value, Verdict.SILENT.value}
        await hangs_up(customer, story)
    assert "media_lost" not in {event["event"] for event in story.events}
    record = await on_record(scene.site, story)
    assert all(prompt["complete"] for prompt in record["prompts"])
    assert "ladder" not in {prompt["part"] for prompt in record["prompts"]}


async def test_who_is_silent_is_silent_and_not_noisy(scene: Scene) -> None:
    """What is made up for lost packets is no noise: his ladder is said to its end, its clause ends the call."""
    story = Story(scene.watcher, next(NUMBERS))
    async with far_away(scene.target("sip2"), story.number, STORM, seed=2) as customer:
        await customer.response("INVITE", 200, 20)
        customer.rtp.start_sending()
        await customer.incoming("BYE", A_CALL)
        await story.until("released", by="standard")
    assert set(verdicts(story)) == {Verdict.SILENT.value}
    await on_record(scene.site, story)


async def test_each_key_is_taken_once(scene: Scene) -> None:
    story = Story(scene.watcher, next(NUMBERS))
    async with far_away(scene.target("sip2"), story.number, STORM, seed=3) as customer:
        await customer.response("INVITE", 200, 20)
        customer.rtp.start_sending()
        await story.said("greeting")
        for digit in "8027":
            await customer.rtp.hold_key(digit)
            await story.until("dtmf", digit=digit)
        await hangs_up(customer, story)
    assert (await on_record(scene.site, story))["digits"] == "8027"
