"""SIPp as the caller: another implementation's idea of SIP, and more calls than a person would place."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from drivers.line import Answer, CallOffered, FarEndHungUp, HangUpSign, LegReleased, LineEvent, Play
from tests.sip.conftest import Bench, OpenLine, write_wav

pytestmark = pytest.mark.sip

SCENARIOS = Path(__file__).parent / "sipp"


async def sipp(bench: Bench, *options: str) -> int:
    """Run SIPp against the line; its exit status, 0 when every call went as the scenario says."""
    program = shutil.which("sipp")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("sipp is missing: apt-get install sip-tester")
        pytest.skip("sipp is missing: apt-get install sip-tester")
    process = await asyncio.create_subprocess_exec(
        *(program, bench.config.listen, "-s", "8801", "-i", "127.0.0.1", "-nostdin", *options),
        env={**os.environ, "TERM": "dumb"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(60):
            return await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def answer_everything(open_line: OpenLine, recording: str) -> Bench:
    """A line whose every call is answered and greeted at once."""
    bench = await open_line()
    report = bench.reports

    def answer(event: LineEvent) -> None:
        report(event)
        if isinstance(event, CallOffered):
            bench.line.execute(Answer(event.leg))
        elif type(event).__name__ == "Answered":
            bench.line.execute(Play(event.leg, 1, (recording,)))

    bench.line._report = answer
    return bench


async def test_hundred_calls_four_at_a_time(open_line: OpenLine, tmp_path: Path):
    bench = await answer_everything(open_line, write_wav(tmp_path / "hello.wav", [1000] * 1600))
    pid = bench.line.worker_pid
    assert await sipp(bench, "-sn", "uac", "-l", "4", "-r", "15", "-m", "100", "-d", "150") == 0
    await bench.reports.wait(LegReleased, count=100)
    assert bench.line.worker_pid == pid


async def test_callers_who_ring_off(bench: Bench):
    assert await sipp(bench, "-sf", str(SCENARIOS / "cancel.xml"), "-l", "4", "-r", "20", "-m", "20") == 0
    await bench.reports.wait(LegReleased, count=20)
    assert {event.sign for event in bench.reports.of(FarEndHungUp)} == {HangUpSign.CANCEL}
