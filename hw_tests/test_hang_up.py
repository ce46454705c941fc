"""The far end's hang-up, by each means an exchange has, and how long the line takes to know."""

import asyncio

import pytest

from drivers.line import FarEndHungUp, HangUpSign
from hw_tests.bench.calls import call
from hw_tests.bench.far_end import FarEnd, Means, need
from hw_tests.bench.findings import Findings
from hw_tests.bench.voice_modem import VoiceModemDriver

SIGNS = {
    Means.BUSY: ("busy noticed after", HangUpSign.BUSY_TONE),
    Means.CONGESTION: ("congestion noticed after", HangUpSign.CONGESTION_TONE),
    Means.DIAL: ("dial noticed after", HangUpSign.DIAL_TONE),
    Means.HOWLER: ("howler noticed after", HangUpSign.HOWLER),
    Means.LOOP_DROP: ("loop drop noticed after", HangUpSign.LOOP_DROP),
    Means.OWN: ("the exchange's own sign noticed after", None),
}
WITHIN = 20.0
TALK = 2.0
"""Seconds of a call before its end: codes of the first second are not believed, being often false."""
SILENCE = 10.0


@pytest.mark.parametrize("means", SIGNS)
async def test_a_hang_up_is_noticed(
    modem: VoiceModemDriver, far_end: FarEnd, findings: Findings, means: Means
) -> None:
    need(far_end, means)
    name, wanted = SIGNS[means]
    async with modem.line() as line, call(line, far_end) as live:
        await asyncio.sleep(TALK)
        latency, gone = await live.hang_up(means, WITHIN)
    findings.measured(name, latency)
    findings.found(f"sign of the hang-up ({means})", gone.sign, wanted or gone.sign)


async def test_silence_is_no_hang_up(modem: VoiceModemDriver, far_end: FarEnd, findings: Findings) -> None:
    need(far_end, Means.SILENCE)
    async with modem.line() as line, call(line, far_end) as live:
        await far_end.hang_up(Means.SILENCE)
        await asyncio.sleep(SILENCE)
        findings.measured("hang-ups invented in silence", len(line.all_of(FarEndHungUp, live.since)))
