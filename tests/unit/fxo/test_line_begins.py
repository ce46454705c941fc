"""How a line begins its service on a raw modem: the voice model, a poor modem, one without voice."""

import asyncio
import threading

import pytest

from drivers.fxo.line import FxoLine
from drivers.line import (
    FaultCode,
    LineFault,
)
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.peer import RawPeer, ScriptedModem

pytestmark = pytest.mark.pty


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


async def test_12_05_errors_of_a_poor_modem_do_not_stop_it(peer: RawPeer, line: FxoLine) -> None:
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


async def test_12_06_a_modem_left_in_numeric_results(peer: RawPeer, line: FxoLine) -> None:
    NumericModem(peer)
    journal = Journal()
    await line.open(journal)
    assert journal.names() == ["LineRestored"]
