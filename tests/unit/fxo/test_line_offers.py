"""What a line offers of what a raw modem tells: a caller who is known before he rings, one who gives up, noise."""

import asyncio
import random

import pytest

from drivers.fxo.line import FxoLine
from drivers.line import (
    CallerIdReceived,
    CallOffered,
    FarEndHungUp,
    HangUpSign,
    LegReleased,
    LineFault,
    Release,
    RingBurst,
)
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.peer import RawPeer, ScriptedModem

pytestmark = pytest.mark.pty


async def test_12_09_caller_id_before_the_first_ring(peer: RawPeer, line: FxoLine) -> None:
    ScriptedModem(peer)
    journal = Journal()
    await line.open(journal)
    peer.write(b"\r\nDATE = 0124\r\nTIME = 1534\r\nNMBR = 01632960961\r\n\r\n")
    await asyncio.sleep(0.8)  # the set must have settled before the ring, that is what is tested
    assert not journal.of(CallOffered)
    peer.write(b"\r\nRING\r\n")
    await journal.wait(CallerIdReceived)
    assert journal.names() == ["LineRestored", "CallOffered", "RingBurst", "CallerIdReceived"]


async def test_12_09_the_caller_gives_up(peer: RawPeer, line: FxoLine) -> None:
    ScriptedModem(peer)
    journal = Journal()
    await line.open(journal)
    peer.write(b"\r\nRING\r\n\x10R")
    await journal.wait(LegReleased)
    assert journal.names()[1:] == ["CallOffered", "RingBurst", "FarEndHungUp", "LegReleased"]
    assert journal.of(FarEndHungUp)[0].sign is HangUpSign.RING_STOPPED


async def test_a_call_released_unanswered_is_not_offered_again(peer: RawPeer, line: FxoLine) -> None:
    ScriptedModem(peer)
    journal = Journal()
    await line.open(journal)
    peer.write(b"\r\nRING\r\n")
    offered = await journal.wait(CallOffered)
    line.execute(Release(offered.leg))
    await journal.wait(LegReleased)
    await asyncio.sleep(2.6)  # longer than a burst: the next report is the same caller's second ring
    peer.write(b"\r\nRING\r\n")
    peer.write(b"\r\nNMBR = 1\r\n")
    await asyncio.sleep(0.7)
    assert len(journal.of(CallOffered)) == 1


async def test_12_18_random_bytes_break_nothing(peer: RawPeer, line: FxoLine) -> None:
    modem = ScriptedModem(peer)
    journal = Journal()
    await line.open(journal)
    noise = random.Random(5)
    await peer.pour(noise.randbytes(60_000).replace(b"\x10R", b"\x10?"))
    await peer.pour(b"\x10.\r\n\r\nRING\r\n")
    await journal.wait(RingBurst)
    assert not journal.of(LineFault)
    assert modem.commands
