"""`python -m drivers.sip.caller`, the demo's caller, against a line."""

import asyncio
import json
import math
import sys
import wave
from pathlib import Path

import pytest

from drivers.line import Answer, Answered, CallOffered, FarEndHungUp, HangUpSign, LegReleased, Play, Record
from tests.sip.conftest import Bench, write_wav

pytestmark = pytest.mark.sip


async def start(bench: Bench, *options: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "drivers.sip.caller", bench.target, *options), stdout=asyncio.subprocess.PIPE
    )


async def events(caller: asyncio.subprocess.Process) -> list[dict]:
    async with asyncio.timeout(60):
        printed, _ = await caller.communicate()
    assert caller.returncode == 0
    return [json.loads(line) for line in printed.splitlines()]


async def test_gives_up_while_it_rings(bench: Bench):
    caller = await start(bench, "--give-up", "1")
    told = await events(caller)
    assert [event["event"] for event in told] == ["calling", "ringing", "giving_up", "ended"]
    assert (await bench.reports.wait(FarEndHungUp)).sign is HangUpSign.CANCEL


async def test_waits_for_the_greeting_speaks_and_hangs_up(bench: Bench, tmp_path: Path):
    sound = [round(5000 * math.sin(n / 4)) for n in range(8000)]
    words, greeting = write_wav(tmp_path / "words.wav", sound), write_wav(tmp_path / "greeting.wav", sound)
    heard = tmp_path / "heard.wav"
    caller = await start(bench, "--say", words, "--hang-up-after-prompt", "1", "--record", str(heard))
    offer = await bench.reports.wait(CallOffered)
    bench.line.execute(Answer(offer.leg))
    await bench.reports.wait(Answered)
    bench.line.execute(Record(offer.leg, str(tmp_path / "said.wav")))
    bench.line.execute(Play(offer.leg, 1, (greeting,)))
    told = [event["event"] for event in await events(caller)]
    spoken = ["prompt_started", "prompt_ended", "speaking", "spoken", "hanging_up", "ended"]
    assert told == ["calling", "ringing", "answered", *spoken]
    assert (await bench.reports.wait(FarEndHungUp)).sign is HangUpSign.BYE
    await bench.reports.wait(LegReleased)
    for path in (heard, tmp_path / "said.wav"):
        with wave.open(str(path)) as file:
            loud = [
                sample for sample in memoryview(file.readframes(file.getnframes())).cast("h") if abs(sample) > 500
            ]
        assert len(loud) > 6000
