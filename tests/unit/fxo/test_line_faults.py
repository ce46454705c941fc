"""A line whose port or modem fails: what is reported, and that it comes back by itself."""

import asyncio
import random
import threading
from pathlib import Path

import pytest

from drivers.fxo.config import FxoConfig
from drivers.fxo.line import FxoLine
from drivers.line import (
    CallerIdReceived,
    CallOffered,
    FarEndHungUp,
    FaultCode,
    HangUpSign,
    LegFailed,
    LegReleased,
    LineFault,
    LineRestored,
    Release,
    RingBurst,
)
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.peer import RawPeer, ScriptedModem

pytestmark = pytest.mark.pty


@pytest.fixture
async def peer(tmp_path: Path):
    peer = RawPeer(tmp_path)
    yield peer
    peer.unplug()


@pytest.fixture
async def line(peer: RawPeer):
    line = FxoLine(FxoConfig("fxo1", str(peer.path)))
    yield line
    await line.close()


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch):
    """Set: the voice model is loaded."""
    loaded = threading.Event()

    def load() -> None:
        assert loaded.wait(5.0), "the loop stood still meanwhile"

    monkeypatch.setattr("drivers.fxo.line.make_ready", load)
    yield loaded
    loaded.set()


async def test_a_voice_model_that_loads_slowly_holds_up_nobody_else(
    peer: RawPeer, line: FxoLine, model: threading.Event
) -> None:
    ScriptedModem(peer)
    journal = Journal()
    opening = asyncio.create_task(line.open(journal))
    asyncio.get_running_loop().call_later(0.05, model.set)
    await opening
    assert journal.names() == ["LineRestored"]


@pytest.mark.parametrize("way", ["closed", "cancelled"])
async def test_a_line_given_up_while_the_voice_model_loads_never_serves(
    peer: RawPeer, line: FxoLine, model: threading.Event, way: str
) -> None:
    ScriptedModem(peer)
    journal = Journal()
    opening = asyncio.create_task(line.open(journal))
    await asyncio.wait({opening}, timeout=0.02)
    if way == "cancelled":
        opening.cancel()
    await line.close()
    model.set()
    await asyncio.wait({opening}, timeout=5.0)
    assert opening.done()
    assert opening.cancelled() is (way == "cancelled")
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert journal.events == []


async def test_12_15_a_port_that_is_missing_at_start_is_retried(peer: RawPeer, line: FxoLine) -> None:
    peer.unplug()
    journal = Journal()
    await line.open(journal)
    fault = journal.of(LineFault)[0]
    assert fault.code is FaultCode.PORT_MISSING
    assert str(peer.path) in fault.detail
    ScriptedModem(peer)
    peer.plug()
    await journal.wait(LineRestored)
    assert len(journal.of(LineFault)) == 1, "told once, however often it was tried"


async def test_12_15_unplugged_in_idle_and_plugged_in_again(peer: RawPeer, line: FxoLine) -> None:
    ScriptedModem(peer)
    journal = Journal()
    await line.open(journal)
    peer.unplug()
    assert (await journal.wait(LineFault)).code is FaultCode.PORT_LOST
    ScriptedModem(peer)
    peer.plug()
    await journal.wait(LineRestored, count=2)


async def test_12_15_unplugged_while_ringing_the_call_fails_first(peer: RawPeer, line: FxoLine) -> None:
    ScriptedModem(peer)
    journal = Journal()
    await line.open(journal)
    peer.write(b"\r\nRING\r\n")
    await journal.wait(RingBurst)
    peer.unplug()
    await journal.wait(LineFault)
    assert journal.names() == ["LineRestored", "CallOffered", "RingBurst", "LegFailed", "LineFault"]
    assert journal.of(LegFailed)[0].code is FaultCode.PORT_LOST


async def test_12_4_a_silent_modem_is_reported_with_its_cure_and_comes_back(peer: RawPeer, line: FxoLine) -> None:
    modem = ScriptedModem(peer)
    modem.silent = True
    journal = Journal()
    await line.open(journal)
    fault = journal.of(LineFault)[0]
    assert fault.code is FaultCode.MODEM_SILENT
    assert "plug it in again" in fault.detail
    climbed = bytes(peer.received)
    assert climbed.startswith(b"\0\x10\x03\x10\x18\x10\x03\x10!\x10^\r")
    assert climbed.index(b"AT\r") < climbed.index(b"ATH0\r") < climbed.index(b"ATZ\r"), "the mildest step first"
    modem.silent = False
    await journal.wait(LineRestored)


async def test_2_1_a_modem_without_voice_is_unfit(peer: RawPeer, line: FxoLine) -> None:
    ScriptedModem(peer, {"AT+FCLASS=?": b"\r\n0,1,1.0\r\n\r\nOK\r\n", "AT+FCLASS=8": b"\r\nERROR\r\n"})
    journal = Journal()
    await line.open(journal)
    assert journal.of(LineFault)[0].code is FaultCode.MODEM_UNFIT


async def test_12_17_on_hook_before_anything_is_asked_and_caller_id_last(peer: RawPeer, line: FxoLine) -> None:
    modem = ScriptedModem(peer)
    await line.open(Journal())
    commands = modem.commands
    assert commands.index("ATH") < commands.index("ATI3")
    assert max(i for i, c in enumerate(commands) if c == "ATZ") < commands.index("AT+GCI=26")
    assert commands.index("AT+GCI=26") < commands.index("AT+VCID=1")


async def test_12_5_errors_of_a_poor_modem_do_not_stop_it(peer: RawPeer, line: FxoLine) -> None:
    modem = ScriptedModem(peer)
    poor = ("ATI3", "AT+GMR", "ATI0", "AT+FCLASS=?", "AT+VSM=?", "ATQ0", "AT&D2", "ATS0=0", "ATM0", "AT+GCI=26")
    poor += ("AT+VCID=1", "AT-SCID=1", "AT#CID=1", "AT+VCID?")
    modem.answers = dict.fromkeys(poor, b"\r\nERROR\r\n")
    journal = Journal()
    await line.open(journal)
    assert journal.names() == ["LineRestored"]


class NumericModem(ScriptedModem):
    """V0 is stored in its profile: after power-up and after every ATZ its results are digits."""

    numeric = True

    def _answer(self, line: bytes) -> None:
        self.answers = dict.fromkeys(("AT", "ATE0", "ATH", "ATZ", "ATQ0"), b"0\r") if self.numeric else {}
        super()._answer(line)
        if b"ATV1" in line or b"ATZ" in line:
            self.numeric = b"ATZ" in line


async def test_12_6_a_modem_left_in_numeric_results(peer: RawPeer, line: FxoLine) -> None:
    NumericModem(peer)
    journal = Journal()
    await line.open(journal)
    assert journal.names() == ["LineRestored"]


async def test_12_9_caller_id_before_the_first_ring(peer: RawPeer, line: FxoLine) -> None:
    ScriptedModem(peer)
    journal = Journal()
    await line.open(journal)
    peer.write(b"\r\nDATE = 0124\r\nTIME = 1534\r\nNMBR = 01632960961\r\n\r\n")
    await asyncio.sleep(0.8)  # the set must have settled before the ring, that is what is tested
    assert not journal.of(CallOffered)
    peer.write(b"\r\nRING\r\n")
    await journal.wait(CallerIdReceived)
    assert journal.names() == ["LineRestored", "CallOffered", "RingBurst", "CallerIdReceived"]


async def test_12_9_the_caller_gives_up(peer: RawPeer, line: FxoLine) -> None:
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


async def test_closing_is_idempotent_and_stops_retrying(peer: RawPeer) -> None:
    peer.unplug()
    line = FxoLine(FxoConfig("fxo1", str(peer.path)))
    await line.open(Journal())
    await line.close()
    await line.close()
    await FxoLine(FxoConfig("fxo2", str(peer.path))).close()
