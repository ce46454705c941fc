"""The modem unplugged, left in a stream by a program that died, gone deaf: the line comes back by itself."""

import asyncio
import time
from contextlib import nullcontext

import pytest

from drivers.line import FaultCode, LegFailed, LineFault, LineRestored
from hw_tests.bench.abandon import abandon_a_stream, restore
from hw_tests.bench.calls import call
from hw_tests.bench.far_end import FarEnd
from hw_tests.bench.findings import Findings
from hw_tests.bench.line import IN_SERVICE
from hw_tests.bench.voice_modem import VoiceModemDriver

OUT = 3.0
"""Seconds without power: a modem's capacitors are empty by then."""


async def test_unplugged_in_a_call_and_plugged_in_again(
    modem: VoiceModemDriver, far_end: FarEnd, findings: Findings
) -> None:
    if modem.power is None:
        pytest.skip(
            "nothing can unplug this modem: the environment file names neither a switchable hub nor a person"
        )
    async with modem.line() as line:
        async with call(line, far_end) as live:
            pulled = time.monotonic()
            await modem.unplug()
            lost, fault = await line.until(LineFault, IN_SERVICE)
            failed = line.all_of(LegFailed, live.since)
            assert [event.leg for _, event in failed] == [live.leg]
            findings.measured("loss noticed after unplugging", lost - pulled)
            findings.found("fault reported", fault.code, FaultCode.PORT_LOST)
            await asyncio.sleep(OUT)
            plugged = time.monotonic()
            await modem.replug()
        back, _ = await line.until(LineRestored, IN_SERVICE, since=line.events.index((lost, fault)))
        findings.measured("in service after plugging in", back - plugged)
        async with call(line, far_end):
            pass  # and it takes calls again


async def test_a_stream_left_running_by_a_program_that_died(
    modem: VoiceModemDriver, far_end: FarEnd, findings: Findings
) -> None:
    with modem.emulated.dtr_kept() if modem.emulated else nullcontext():
        await asyncio.to_thread(abandon_a_stream, modem.path)
    try:
        began = time.monotonic()
        async with modem.line() as line:
            findings.measured("in service after a stream left running", time.monotonic() - began)
            async with call(line, far_end):
                pass
    finally:
        await asyncio.to_thread(restore, modem.path)


async def test_a_modem_gone_deaf(modem: VoiceModemDriver, far_end: FarEnd, findings: Findings) -> None:
    if modem.emulated is None:
        pytest.skip("a modem in good health cannot be made deaf; the emulated one can")
    modem.emulated.deafen()
    began = time.monotonic()
    async with modem.line() as line:
        findings.measured("in service with a modem gone deaf", time.monotonic() - began)
        async with call(line, far_end):
            pass
