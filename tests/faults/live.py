"""A call that is up, and what must hold of it whatever else fails."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count, pairwise
from typing import Any

from drivers.line import Verdict
from tests.broker import PATIENCE, Watcher
from tests.process.customers import Story, placed
from tests.process.gateway import Site
from tests.process.material import voice
from tests.sip.peer.caller import Caller

NUMBERS = (f"1370000{number:04d}" for number in count(1))
"""A caller's number for every call."""
SENTENCES = 30
"""Some two minutes, with no pause that would be taken for his last word."""
GAP = 1.0
"""Seconds without a packet by which a customer notices that the line is dead."""
LOOK = 0.02
"""Seconds between two looks at how late this process is."""


@contextlib.asynccontextmanager
async def live_call(watcher: Watcher, target: str, *, silent: bool = False) -> AsyncIterator[tuple[Caller, Story]]:
    """A customer who has heard the greeting, and speaks on and on, or is `silent`."""
    story = Story(watcher, next(NUMBERS))
    async with placed(target, story.number) as customer:
        await customer.response("INVITE", 200, 20)
        customer.rtp.start_sending()
        await story.said("greeting")
        if not silent:
            customer.rtp.start_sending(voice() * SENTENCES)
            await story.until("verdict", verdict=Verdict.SPEECH.value)
        yield customer, story


@dataclass
class Lateness:
    """How late this process itself was, which a busy machine keeps from its turn: no fault of a gateway's."""

    worst: float = 0.0
    """Seconds."""

    async def watch(self) -> None:
        while True:
            due = time.monotonic() + LOOK
            await asyncio.sleep(LOOK)
            self.worst = max(self.worst, time.monotonic() - due)


@contextlib.asynccontextmanager
async def lateness() -> AsyncIterator[Lateness]:
    late = Lateness()
    watching = asyncio.create_task(late.watch())
    try:
        yield late
    finally:
        watching.cancel()
        await asyncio.wait([watching])


@contextlib.asynccontextmanager
async def undisturbed(*customers: Caller, gap: float = GAP) -> AsyncIterator[None]:
    """What is done in it takes no audio from these customers: none hears nothing for `gap` seconds, or is hung
    up."""
    begin = time.monotonic()
    async with lateness() as late:
        yield
        await asyncio.sleep(LOOK)  # what has come while this process was kept from its turn is read
    end = time.monotonic()
    for customer in customers:
        assert not customer.has_incoming("BYE"), "he was hung up"
        heard = [packet.at for packet in customer.rtp.packets if begin <= packet.at <= end]
        gaps = [after - before for before, after in pairwise([begin, *heard, end])]
        assert max(gaps) < gap + late.worst, f"he heard nothing for {max(gaps):.2f} s of {end - begin:.1f}"


async def presses(customer: Caller, story: Story, digit: str) -> None:
    """The line hears a key of his: it takes part in the call."""
    customer.rtp.press(digit)
    await story.until("dtmf", digit=digit)


async def hangs_up(customer: Caller, story: Story) -> None:
    """His is the hang-up that ends the call."""
    assert not customer.has_incoming("BYE")
    customer.bye()
    await customer.response("BYE", 200)
    await story.until("released", by="customer", cause="bye")


async def on_record(site: Site, story: Story, seconds: float = 2 * PATIENCE) -> dict[str, Any]:
    """His call's record once it is closed; no clause is broken in it: whatever failed, he was served in time."""
    async with asyncio.timeout(seconds):
        while not (record := await site.call_of(story.number))["ended_at"]:  # noqa: ASYNC110 - another process's
            await asyncio.sleep(0.2)
    broken = [judged for judged in record["compliance"] if not judged["kept"]]
    assert not broken, broken
    return record


async def alert(watcher: Watcher, code: str, *, raised: bool) -> None:
    """The gateway's alert stands, or stands no more."""
    await watcher.until(lambda w: [bool(one) for one in w.of(f"alert/{code}")][-1:] == [raised])
