"""A line whose port or modem fails: what is reported, and that it comes back by itself."""

import pytest

from drivers.fxo.config import FxoConfig
from drivers.fxo.line import FxoLine
from drivers.line import (
    FaultCode,
    LegFailed,
    LineFault,
    LineRestored,
    RingBurst,
)
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.peer import RawPeer, ScriptedModem

pytestmark = pytest.mark.pty


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


async def test_12_04_a_silent_modem_is_reported_with_its_cure_and_comes_back(peer: RawPeer, line: FxoLine) -> None:
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


async def test_closing_is_idempotent_and_stops_retrying(peer: RawPeer) -> None:
    peer.unplug()
    line = FxoLine(FxoConfig("fxo1", str(peer.path)))
    await line.open(Journal())
    await line.close()
    await line.close()
    await FxoLine(FxoConfig("fxo2", str(peer.path))).close()
