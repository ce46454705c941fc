"""v253 §12.4, 12.5, 12.17: the way back from a modem that does not answer, rung by rung, and what follows it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest

from drivers.emulator.callers import Caller
from drivers.emulator.faults import RUNGS, Faults
from drivers.fxo.line import HEALTH_CHECK, FxoLine
from drivers.fxo.recovery import LADDER_LIMIT
from drivers.hearing.wav import WavWriter
from drivers.line import (
    Answer,
    Answered,
    CallerIdReceived,
    CallOffered,
    FaultCode,
    LegFailed,
    LegReleased,
    LineFault,
    LineRestored,
    Play,
    PlayStarted,
    Record,
    Release,
)
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.virtual import VirtualModem, with_line
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.unit

Story = Callable[[FxoLine], Awaitable[None]]
BREAK_IN = ("etx", "stop", "end", "cr", "at")


def played_out(modem: VirtualModem, story: Story) -> None:
    in_virtual_time(lambda: with_line(modem, story))


async def to_service(line: FxoLine) -> Journal:
    journal = Journal()
    await line.open(journal)
    assert journal.names() == ["LineRestored"]
    return journal


@pytest.mark.parametrize("rung", [rung for rung in RUNGS if rung != "replug"])
def test_12_04_a_modem_that_one_rung_frees_is_freed_by_that_rung(rung: str) -> None:
    modem = VirtualModem(faults=Faults(stuck=True, freed_by=rung))
    modem.exchange.go_off_hook()

    async def story(line: FxoLine) -> None:
        await to_service(line)
        assert not modem.exchange.off_hook
        steps = list(modem.steps)
        await line.close()
        assert steps == {"dtr": ["dtr"], "reset": ["dtr", "dtr"]}.get(rung, [])

    played_out(modem, story)


def test_12_04_dtr_is_held_low_for_two_seconds_where_a_short_drop_does_not_do() -> None:
    modem = VirtualModem(faults=Faults(stuck=True, freed_by="dtr"))
    modem.dtr_wanted = 1.9

    async def story(line: FxoLine) -> None:
        await to_service(line)
        assert modem.steps == ["dtr", "dtr"]

    played_out(modem, story)


def test_12_04_a_port_without_dtr_is_closed_and_opened() -> None:
    modem = VirtualModem(faults=Faults(stuck=True, freed_by="dtr"))
    modem.dtr_wanted = None

    async def story(line: FxoLine) -> None:
        await to_service(line)
        assert modem.steps == ["reopen"]

    played_out(modem, story)


@pytest.mark.parametrize("ioctl_time", [0.0, 2.9])
def test_12_04_the_ladder_ends_with_a_fault_that_says_replug_within_its_limit(ioctl_time: float) -> None:
    modem = VirtualModem(faults=Faults(stuck=True, freed_by="replug"))
    modem.ioctl_time = ioctl_time

    async def story(line: FxoLine) -> None:
        journal = Journal()
        await line.open(journal)
        fault = journal.of(LineFault)[0]
        assert fault.code is FaultCode.MODEM_SILENT
        assert "Unplug it, wait five seconds, plug it in again" in fault.detail
        assert journal.times[0] - modem.opened_at <= LADDER_LIMIT + ioctl_time + 0.1, "and the port is closed"
        modem.unplug()
        modem.replug()
        await journal.wait(LineRestored, within=2 * LADDER_LIMIT)

    played_out(modem, story)


def test_12_04_the_mildest_rung_comes_first_and_each_only_once() -> None:
    modem = VirtualModem(faults=Faults(stuck=True, freed_by="replug"))

    async def story(line: FxoLine) -> None:
        await line.open(Journal())
        sent = bytes(modem.commands)
        assert sent.startswith(b"\0\x10\x03\x10\x18\x10\x03\x10!\x10^\rAT\rAT\r"), "NUL: harmless after a lone DLE"
        assert sent.index(b"AT\r") < sent.index(b"ATH0\r") < sent.index(b"ATZ\r")
        assert modem.steps == ["dtr", "dtr", "reopen"]

    played_out(modem, story)


def test_12_05_after_a_recovery_everything_is_set_anew_and_caller_id_works() -> None:
    """VCID is lost at ATZ (v253 §3)."""
    modem = VirtualModem()

    async def story(line: FxoLine) -> None:
        journal = await to_service(line)
        modem.commands.clear()
        modem.faults.stuck, modem.faults.freed_by = True, "reset"
        await asyncio.sleep(60.0)  # the health check finds it silent
        sent = bytes(modem.commands)
        order = [sent.rindex(each) for each in (b"AT+VLS=0", b"ATZ", b"ATE0", b"AT+FCLASS=0", b"AT+GCI=26")]
        assert order == sorted(order)
        assert sent.rindex(b"ATZ") < sent.index(b"AT+VCID=1")
        await asyncio.sleep(3.0)
        modem.exchange.call(Caller.silent(number="057112345678"))
        assert (await journal.wait(CallerIdReceived)).caller_id.number == "057112345678"
        assert not journal.of(LineFault)

    played_out(modem, story)


def test_12_16_after_another_program_the_modem_is_set_up_anew(caplog: pytest.LogCaptureFixture) -> None:
    modem = VirtualModem(faults=Faults(seed=3))

    async def story(line: FxoLine) -> None:
        journal = await to_service(line)
        modem.commands.clear()
        for line_typed in (b"ATE1\r", b"AT+GCAP\r", b"AT+VCID=0\r", b"ATE0\r"):
            modem.core.receive(line_typed)
            await asyncio.sleep(1.0)
        await asyncio.sleep(40.0)
        assert b"AT+VCID=1" in modem.commands
        modem.exchange.call(Caller.silent(number="057112345678"))
        assert (await journal.wait(CallerIdReceived)).caller_id.number == "057112345678"
        assert not journal.of(LineFault)

    played_out(modem, story)
    assert sum("ModemManager" in record.getMessage() for record in caplog.records) == 1


def test_12_05_a_modem_that_was_reset_behind_our_back_is_set_up_anew(caplog: pytest.LogCaptureFixture) -> None:
    """Another program's ATZ, of which nothing is seen but an OK: the echo at the next health check tells it."""
    modem = VirtualModem()

    async def story(line: FxoLine) -> None:
        journal = await to_service(line)
        await asyncio.sleep(1.0)
        modem.commands.clear()
        modem.core.receive(b"ATZ\r")
        await asyncio.sleep(2 * HEALTH_CHECK)
        assert modem.commands.count(b"AT+VCID=1") == 1, "set up anew once, and found in order the next time"
        modem.exchange.call(Caller.silent(number="057112345678"))
        assert (await journal.wait(CallerIdReceived)).caller_id.number == "057112345678"
        assert not journal.of(LineFault)

    played_out(modem, story)
    assert any("was reset; setting up anew" in record.getMessage() for record in caplog.records)


@pytest.fixture
def prompt(tmp_path: Path) -> str:
    path = tmp_path / "prompt.wav"
    with WavWriter(path) as writer:
        writer.write(np.zeros(8000 * 3, dtype=np.int16))
    return str(path)


async def answered(modem: VirtualModem, line: FxoLine, prompt: str, recording: Path) -> Journal:
    """A call that is answered, recorded, and played to."""
    journal = await to_service(line)
    modem.exchange.call(Caller.silent())
    leg = (await journal.wait(CallOffered)).leg
    line.execute(Answer(leg))
    await journal.wait(Answered)
    line.execute(Record(leg, str(recording)))
    line.execute(Play(leg, 1, (prompt,)))
    await journal.wait(PlayStarted)
    return journal


@pytest.mark.parametrize("rung", ["at", "dtr", "reset", "replug"])
def test_12_04_a_modem_that_gets_stuck_in_a_call_ends_it_as_a_fault_on_hook(
    rung: str, prompt: str, tmp_path: Path
) -> None:
    modem = VirtualModem()

    async def story(line: FxoLine) -> None:
        journal = await answered(modem, line, prompt, tmp_path / "call.wav")
        modem.faults.stalled = True
        modem.faults.stuck, modem.faults.freed_by = True, rung
        failed = await journal.wait(LegFailed, within=90)
        ended = len(journal.events)
        assert failed.code is FaultCode.MODEM_SILENT
        if rung == "replug":
            await journal.wait(LineFault)
            modem.unplug()
            modem.replug()
        modem.faults.stalled = False
        await journal.wait(LineRestored, count=2, within=90)
        assert not modem.exchange.off_hook
        assert not {"PlayStarted", "Answered"} & set(journal.names()[ended:]), "a recovered call never talks on"
        assert (tmp_path / "call.wav").stat().st_size > 8000

    played_out(modem, story)


@pytest.mark.parametrize(
    ("switches", "why"),
    [({"modem_silent": True}, "no answer to AT"), ({"stalled": True}, "no audio")],
    ids=["dead", "no audio"],
)
def test_12_04_a_modem_that_dies_in_a_call_is_told_once_with_the_cure(
    switches: dict[str, bool], why: str, prompt: str, tmp_path: Path
) -> None:
    modem = VirtualModem()

    async def story(line: FxoLine) -> None:
        journal = await answered(modem, line, prompt, tmp_path / "call.wav")
        for name, value in switches.items():
            setattr(modem.faults, name, value)
        await journal.wait(LineFault, within=90)
        await asyncio.sleep(3 * LADDER_LIMIT)
        (fault,) = journal.of(LineFault)
        assert fault.code is FaultCode.MODEM_SILENT
        assert fault.detail.startswith(f"/dev/virtual: {why}")
        assert "unplug it, wait five seconds, plug it in again" in fault.detail

    played_out(modem, story)


def test_12_05_a_modem_that_gets_stuck_on_release_is_freed_and_takes_the_next_call(
    prompt: str, tmp_path: Path
) -> None:
    modem = VirtualModem()

    async def story(line: FxoLine) -> None:
        journal = await answered(modem, line, prompt, tmp_path / "call.wav")
        modem.faults.stuck_after_voice = True
        line.execute(Release(journal.of(CallOffered)[0].leg))
        await journal.wait(LegReleased, within=60)
        assert not modem.exchange.off_hook
        modem.faults.stuck_after_voice = False
        await asyncio.sleep(10.0)
        modem.exchange.call(Caller.silent())
        second = await journal.wait(CallOffered, count=2)
        identified = await journal.wait(CallerIdReceived, count=len(journal.of(CallerIdReceived)) + 1)
        assert identified.leg == second.leg

    played_out(modem, story)


def test_12_17_a_line_left_off_hook_in_a_voice_stream_is_freed_first() -> None:
    """What a crash leaves behind; the port stayed open, so DTR was not dropped."""
    modem = VirtualModem()

    async def story(line: FxoLine) -> None:
        for command in ("ATE0", "AT+FCLASS=8", "AT+VSM=131,8000", "AT+VLS=1", "AT+VTR"):
            modem.core.receive(command.encode() + b"\r")
            await asyncio.sleep(1.0)
        assert modem.core.in_voice_stream
        assert modem.exchange.off_hook
        on_hook_after: list[bytes] = []

        go_on_hook = modem.exchange.go_on_hook

        def noted() -> None:
            on_hook_after.append(bytes(modem.commands))
            go_on_hook()

        modem.exchange.go_on_hook = noted
        await to_service(line)
        for later in (b"ATI", b"AT+GMR", b"AT+FCLASS", b"AT+VCID", b"ATZ"):
            assert later not in on_hook_after[0], "on-hook before anything is asked or set"

    played_out(modem, story)
