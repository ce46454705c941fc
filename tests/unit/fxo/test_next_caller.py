"""One caller gives up and another rings off his beat: whose number comes before off-hook is whose call it is."""

import asyncio
from pathlib import Path

import pytest

from drivers.fxo.config import FxoConfig
from drivers.fxo.line import FxoLine
from drivers.line import (
    Answer,
    CallerIdReceived,
    CallOffered,
    FarEndHungUp,
    HangUpSign,
    LegReleased,
    LineEvent,
    RingBurst,
)
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.peer import RawPeer, ScriptedModem

pytestmark = [pytest.mark.pty, pytest.mark.timeout(120)]

FIRST = b"\r\nDATE = 0101\r\nNMBR = 13511110000\r\n"
SECOND = b"\r\nDATE = 0101\r\nNMBR = 13622220000\r\n"
PRIVATE = b"\r\nDATE = 0101\r\nNMBR = P\r\n"


async def two_bursts(
    folder: Path, distance: float, late: float, first: bytes, second: bytes
) -> tuple[Journal, list[str]]:
    """`first` after a burst; `distance` seconds later a burst that is answered, and `late` after it `second`."""
    peer = RawPeer(folder)
    modem = ScriptedModem(peer)
    line = FxoLine(FxoConfig("fxo1", str(peer.path)))

    def answer_the_second_ring(event: LineEvent) -> None:
        if isinstance(event, RingBurst) and event.number == 2:
            line.execute(Answer(event.leg))

    journal = Journal(answer_the_second_ring)
    try:
        await line.open(journal)
        modem.commands.clear()
        peer.write(b"\r\nRING\r\n")
        await asyncio.sleep(0.9)
        peer.write(first)
        await asyncio.sleep(distance - 0.9)
        peer.write(b"\r\nRING\r\n")
        await asyncio.sleep(late)
        peer.write(second)
        if second == first:
            await peer.wait_for(b"AT+VLS=1\r")
        else:
            await journal.wait(CallerIdReceived, count=2)
    finally:
        await line.close()
        peer.unplug()
    return journal, modem.commands


async def test_another_number_before_off_hook_is_another_call_and_the_same_is_not(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    cases = [(4.0, 0.8, SECOND), (4.0, 1.9, SECOND), (6.0, 2.0, SECOND)]
    cases += [(9.2, 1.5, SECOND), (10.0, 2.0, SECOND), (4.0, 1.0, PRIVATE)]

    async def split(index: int, distance: float, late: float, second: bytes) -> None:
        journal, commands = await two_bursts(tmp_path_factory.mktemp(str(index)), distance, late, FIRST, second)
        assert [event.leg for event in journal.of(CallOffered)] == ["fxo1-1", "fxo1-2"], (distance, late)
        gone = journal.of(FarEndHungUp)[0]
        assert (gone.leg, gone.sign) == ("fxo1-1", HangUpSign.RING_STOPPED)
        assert LegReleased("fxo1-1") in journal.events
        assert [event.number for event in journal.of(RingBurst) if event.leg == "fxo1-2"] == [1]
        theirs = journal.of(CallerIdReceived)[-1]
        assert (theirs.leg, theirs.caller_id.number) == ("fxo1-2", "13622220000" if second is SECOND else None)
        assert "AT+VLS=1" not in commands, "the first caller's order to answer died with him"

    async def whole(index: int, distance: float) -> None:
        journal, commands = await two_bursts(tmp_path_factory.mktemp(str(index)), distance, 1.0, FIRST, FIRST)
        assert len(journal.of(CallOffered)) == 1
        assert commands.count("AT+VLS=1") == 1

    async with asyncio.TaskGroup() as group:
        for index, case in enumerate(cases):
            group.create_task(split(index, *case))
        for index, distance in enumerate((4.0, 5.0)):
            group.create_task(whole(len(cases) + index, distance))
