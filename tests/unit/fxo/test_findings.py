"""What is found out of each family's emulated modem, by the same bytes as on a port, in virtual time; and that the
line is on-hook after it, at whatever moment it is cut short, on a cable that carries no DTR."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from drivers.emulator import Caller, Faults
from drivers.emulator.exchange import LineState
from drivers.emulator.personalities import personality_of
from drivers.fxo.codecs import Coding
from drivers.fxo.config import FxoConfig
from drivers.fxo.errors import ModemSilent
from drivers.fxo.findings import Findings, find_out
from drivers.fxo.limits import limits
from drivers.fxo.survey import survey
from drivers.line import FaultCode, LineFault, LineRestored
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.virtual import VirtualModem, with_line
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.unit


def modem_without_dtr(family: str = "conexant", firmware: str | None = None, **switches: object) -> VirtualModem:
    modem = VirtualModem(family, Faults(no_dtr=True, **switches))
    modem.personality = personality_of(family, firmware)
    modem.core = modem._powered_up()
    modem.dtr_wanted = None
    return modem


async def ask(modem: VirtualModem, *, off_hook: bool = False, stop_after: float | None = None) -> Findings | None:
    stop = asyncio.Event()
    pump = asyncio.create_task(modem.pump())
    if stop_after is not None:
        asyncio.get_running_loop().call_later(stop_after, stop.set)
    try:
        return await find_out(FxoConfig("probe", "/dev/virtual"), stop, off_hook=off_hook, open_port=modem.open)
    finally:
        pump.cancel()
        await asyncio.wait({pump})


def found(family: str, firmware: str | None = None, *, off_hook: bool = False, **switches: object) -> Findings:
    async def work() -> Findings | None:
        modem = modem_without_dtr(family, firmware, **switches)
        result = await ask(modem, off_hook=off_hook)
        assert not modem.exchange.off_hook
        assert modem.exchange.off_hook_times == [] or off_hook
        assert modem.core.settings.service_class == "0"
        return result

    findings = in_virtual_time(work)
    assert findings is not None
    return findings


FAMILIES = [
    # family, firmware, profile, first coding, +VTR, words that its limits must and must not have
    ("conexant", None, "conexant", (131, Coding.ULAW), True),
    ("conexant", "manual", "conexant", (1, Coding.UNSIGNED_8), True),
    ("usr5637", None, "usr5637", (131, Coding.ULAW), True),
    ("zoom3095", None, "conexant", (131, Coding.ULAW), True),  # its USB id alone tells it apart
    ("multitech", None, "multitech", (131, Coding.ULAW), False),
    ("multitech", "MT5634", "multitech", (131, Coding.ULAW), False),
    ("silabs", None, "silabs", (4, Coding.ULAW), False),
    ("cirrus", None, "cirrus", (0, Coding.UNSIGNED_8), True),
    ("v253", None, "generic", (4, Coding.ULAW), True),
    ("generic", None, "generic", (4, Coding.ULAW), True),
]


@pytest.mark.parametrize(("family", "firmware", "profile", "coding", "duplex"), FAMILIES)
def test_12_08_every_family_is_found_out_and_its_line_tried(
    family: str, firmware: str | None, profile: str, coding: tuple[int, Coding], duplex: bool
) -> None:
    findings = found(family, firmware, off_hook=True)
    assert findings.unfit is None
    assert findings.profile.name == profile
    assert findings.setup is not None
    mode = findings.setup.modes[0]
    assert (mode.id, mode.coding) == coding
    assert findings.voice
    trial = findings.trial
    assert trial is not None
    assert (trial.refused, trial.duplex, trial.receives) == (None, duplex, True)
    assert trial.bytes_per_second == pytest.approx(8000, rel=0.02)
    assert findings.put_down
    told = limits(findings, "cn")
    assert any("half duplex" in limit for limit in told) is not duplex
    assert not any("bytes/s" in limit for limit in told)


def test_11_16_a_modem_without_voice_is_told_with_all_that_can_be_known() -> None:
    findings = found("usr5637", "V1.2.19", off_hook=True)
    assert "1.2.19" in str(findings.unfit)
    assert "1.2.21" in str(findings.unfit)
    assert not findings.voice
    assert findings.firmware == "V1.2.19"
    assert findings.profile.name == "usr5637"
    assert findings.classes == ("0,1,2.0",)
    assert findings.caller_id is True
    assert findings.country == "26"
    assert findings.trial is None, "nothing is seized with a modem that cannot talk"
    assert limits(findings, "cn")[0].startswith("no voice")


def test_3_2_a_modem_of_compressed_codings_alone_is_unfit_and_its_line_is_told() -> None:
    modem = modem_without_dtr("silabs")
    compressed = tuple(mode for mode in modem.personality.modes if mode.codec is None)
    modem.personality = replace(modem.personality, modes=compressed, default_mode=compressed[0].number)
    modem.core = modem._powered_up()
    journal = Journal()

    async def work() -> Findings | None:
        findings = await ask(modem, off_hook=True)
        await with_line(modem, lambda line: line.open(journal))
        return findings

    findings = in_virtual_time(work)
    assert findings is not None
    assert findings.voice
    assert "lists ADPCM (+VSM=?) and takes nothing else" in str(findings.unfit)
    assert {one.name for one in findings.codings} == {"ADPCM"}
    assert limits(findings, "cn")[0].startswith("no coding that the gateway speaks")
    assert [event.code for event in journal.of(LineFault)] == [FaultCode.MODEM_UNFIT]
    assert not journal.of(LineRestored)
    assert modem.exchange.off_hook_times == []


def test_3_sources_countries_and_unspoken_codings_are_listed() -> None:
    findings = found("usr5637")
    assert findings.sources == {0: "", 1: "T", 2: "L", 3: "LT", 4: "S", 5: "ST", 6: "M", 7: "MST"}
    assert {"26", "B5"} <= findings.countries
    assert [(one.id, one.coding) for one in findings.codings][-2:] == [(132, None), (133, None)]
    assert findings.told["ATI7"][-1].endswith("USR5637")
    assert findings.trial is None


def test_8_a_modem_that_refuses_duplex_is_tried_by_receiving() -> None:
    trial = found("conexant", off_hook=True, no_duplex=True).trial
    assert trial is not None
    assert (trial.duplex, trial.receives) == (False, True)


def test_12_14_a_stream_without_audio_is_told() -> None:
    findings = found("conexant", off_hook=True, stalled=True)
    assert findings.trial is not None
    assert not findings.trial.receives
    assert any("no audio" in limit for limit in limits(findings, "cn"))


def test_a_ringing_line_is_not_seized() -> None:
    async def work() -> Findings | None:
        modem = modem_without_dtr()
        modem.exchange.call(Caller.silent())
        findings = await ask(modem, off_hook=True)
        assert modem.exchange.state is LineState.RINGING
        return findings

    findings = in_virtual_time(work)
    assert findings is not None
    assert findings.trial is not None
    assert "rings" in str(findings.trial.refused)


def test_12_04_a_dead_modem_has_its_cure() -> None:
    with pytest.raises(ModemSilent, match="plug it in again"):
        found("conexant", modem_silent=True)


def moments(off_hook: bool) -> list[float]:
    """Random ones, and every tenth of a second from going off-hook on."""
    last = 13.0 if off_hook else 8.0
    drawn = random.Random(12).choices(range(int(last * 1000)), k=12)
    return sorted(moment / 1000 for moment in drawn) + ([7.0 + n / 5 for n in range(25)] if off_hook else [])


@pytest.mark.parametrize("family", ["conexant", "usr5637", "silabs"])
@pytest.mark.parametrize("off_hook", [False, True])
def test_12_17_cut_short_at_any_moment_the_line_is_on_hook(family: str, off_hook: bool) -> None:
    async def work() -> list[bool]:
        seized = []
        for moment in moments(off_hook):
            modem = modem_without_dtr(family)
            findings = await ask(modem, off_hook=off_hook, stop_after=moment)
            assert not modem.exchange.off_hook, f"stopped after {moment} s"
            assert not modem.core.in_voice_stream, f"stopped after {moment} s"
            if findings is None:
                seized.append(bool(modem.exchange.off_hook_times))
        return seized

    assert any(in_virtual_time(work)) is off_hook, "some were stopped with the line seized"


async def left_by_a_crash() -> VirtualModem:
    """Off-hook, in the middle of a duplex stream."""
    modem = modem_without_dtr()
    pump = asyncio.create_task(modem.pump())
    for command in (b"AT+FCLASS=8\r", b"AT+VLS=1\r", b"AT+VTR\r"):
        modem.core.receive(command)
        await asyncio.sleep(0.6)
    pump.cancel()
    assert modem.core.in_voice_stream
    return modem


async def probe_cut_short(modem: VirtualModem, moment: float) -> None:
    assert await ask(modem, stop_after=moment) is None


async def survey_cut_short(modem: VirtualModem, moment: float) -> None:
    pump = asyncio.create_task(modem.pump())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(moment):
            await survey("/dev/virtual", open_port=modem.open)
    pump.cancel()


@pytest.mark.parametrize("way", [probe_cut_short, survey_cut_short])
def test_12_17_a_line_that_a_crash_left_seized_is_freed_even_if_cut_short(
    way: Callable[[VirtualModem, float], Awaitable[None]],
) -> None:
    async def work() -> None:
        for moment in (0.05, 0.4, 0.8, 1.2):
            modem = await left_by_a_crash()
            await way(modem, moment)
            assert not modem.exchange.off_hook, f"cut short after {moment} s"

    in_virtual_time(work)
