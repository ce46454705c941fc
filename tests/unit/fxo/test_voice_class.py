"""Class 8 while it rings: entered when the caller ID has come, left where a modem tells no rings there."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from drivers.fxo.config import FxoConfig
from drivers.fxo.line import FxoLine
from drivers.line import Answer, CallerIdReceived, LegReleased, LineEvent, Release, RingBurst
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.peer import RawPeer, ScriptedModem

pytestmark = [pytest.mark.pty, pytest.mark.timeout(60)]

CALLER_ID = b"\r\nDATE = 0101\r\nNMBR = 13511110000\r\n"
DLE_RING = b"\x10R"
RING = b"\r\nRING\r\n"
NEXT_BURST = 2.5
"""Seconds after what is done between two bursts: a report sooner than 2.4 s is the same burst's."""


class Rig:
    """A line on a raw modem, answering at ring `on_ring`."""

    def __init__(self, folder: Path, on_ring: int) -> None:
        self.peer = RawPeer(folder)
        self.modem = ScriptedModem(self.peer)
        self.line = FxoLine(FxoConfig("fxo1", str(self.peer.path), profile="conexant"))
        self._on_ring = on_ring
        self.journal = Journal(self._answer)

    def _answer(self, event: LineEvent) -> None:
        if isinstance(event, RingBurst) and event.number == self._on_ring:
            self.line.execute(Answer(event.leg))

    async def open(self) -> None:
        await self.line.open(self.journal)
        self.modem.commands.clear()

    async def close(self) -> None:
        await self.line.close()
        self.peer.unplug()

    async def until(self, command: str) -> float:
        """When the host sent it."""
        await self.peer.wait_until(lambda: command in self.modem.commands)
        return asyncio.get_running_loop().time()

    async def ring(self, report: bytes, number: int, after: float = 0.0) -> float:
        """Report a burst `after` so many seconds; when the line told ring `number`."""
        await asyncio.sleep(after)
        self.peer.write(report)
        await self.journal.wait(RingBurst, count=number)
        return self.journal.times[self.journal.events.index(self.journal.of(RingBurst)[number - 1])]


async def all_but_off_hook_is_done_before_the_ring_that_is_answered(rig: Rig) -> None:
    await rig.ring(RING, 1)
    rig.peer.write(CALLER_ID)
    await rig.journal.wait(CallerIdReceived)
    await rig.until("AT+VIT=0")
    before = list(rig.modem.commands)
    rang = await rig.ring(DLE_RING, 2, NEXT_BURST)
    ordered = await rig.until("AT+VLS=1")
    assert before[:2] == ["ATS1?", "AT+FCLASS=8"]
    assert rig.modem.commands[len(before)] == "AT+VLS=1"
    assert ordered - rang >= 0.12, "the burst may last a tenth of a second longer than its report"


async def a_modem_that_tells_no_rings_in_class_8_is_heard_in_class_0_again(rig: Rig) -> None:
    rig.modem.answers["AT+VLS=1"] = b"\r\nERROR\r\n"
    await rig.ring(RING, 1)
    rig.peer.write(CALLER_ID)
    await rig.until("AT+VIT=0")
    await rig.until("AT+FCLASS=0")
    await rig.ring(RING, 2)
    await rig.journal.wait(LegReleased)  # refused once, and rung no more
    assert rig.modem.commands.index("AT+FCLASS=0") < rig.modem.commands.index("AT+VLS=1")

    rig.modem.commands.clear()
    await rig.ring(RING, 3)
    rig.peer.write(CALLER_ID)
    await rig.journal.wait(CallerIdReceived, count=2)
    await rig.ring(RING, 4, NEXT_BURST)
    await rig.until("AT+VLS=1")
    assert rig.modem.commands[-2:] == ["AT+FCLASS=8", "AT+VLS=1"]
    assert "AT+VIT=0" not in rig.modem.commands, "not sent there early a second time"


async def a_call_given_up_in_class_8_leaves_the_modem_in_class_0(rig: Rig) -> None:
    await rig.ring(RING, 1)
    rig.peer.write(CALLER_ID)
    await rig.until("AT+VIT=0")
    rig.line.execute(Release("fxo1-1"))
    await rig.journal.wait(LegReleased)
    assert rig.modem.commands[-1] == "AT+FCLASS=0"
    assert "AT+VLS=1" not in rig.modem.commands


async def told(folder: Path, story: Callable[[Rig], Awaitable[None]]) -> None:
    rig = Rig(folder, on_ring=2)
    try:
        await rig.open()
        await story(rig)
    finally:
        await rig.close()


async def test_12_10_class_8_while_it_rings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """All at once: each waits for its bursts most of the time."""
    async with asyncio.TaskGroup() as group:
        for story in (
            all_but_off_hook_is_done_before_the_ring_that_is_answered,
            a_modem_that_tells_no_rings_in_class_8_is_heard_in_class_0_again,
            a_call_given_up_in_class_8_leaves_the_modem_in_class_0,
        ):
            group.create_task(told(tmp_path_factory.mktemp("modem"), story))
