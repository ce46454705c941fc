"""`python -m drivers.sip.telephone`, the telephone of the demo's agents, rung by a line."""

import asyncio
import contextlib
import json
import math
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from drivers.line import Answered, Dial, FarEndHungUp, FarEndRinging, HangUpSign, LegReleased, Play, Release
from tests.sip.conftest import OpenLine, free_port, write_wav

pytestmark = pytest.mark.sip


class Scripted:
    """The telephone's process, and what it has told."""

    def __init__(self, process: asyncio.subprocess.Process, address: str) -> None:
        self._process = process
        self.address = address
        self.events: list[dict] = []

    async def until(self, event: str) -> dict:
        assert self._process.stdout is not None
        async with asyncio.timeout(60):
            while line := await self._process.stdout.readline():
                told = json.loads(line)
                self.events.append(told)
                if told["event"] == event:
                    return told
        raise AssertionError(f"no {event}; {self.events}")

    @property
    def told(self) -> list[str]:
        return [event["event"] for event in self.events]

    def times(self, event: str) -> list[float]:
        return [told["t"] for told in self.events if told["event"] == event]


@contextlib.asynccontextmanager
async def telephone(*options: str) -> AsyncIterator[Scripted]:
    listen = f"127.0.0.1:{free_port()}"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "drivers.sip.telephone", listen, "--user", "809", *options),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        scripted = Scripted(process, f"sip:809@{listen}")
        await scripted.until("ready")
        yield scripted
    finally:
        process.kill()
        await process.communicate()


async def test_is_there_rings_answers_speaks_in_the_pause_and_hangs_up_first(open_line: OpenLine, tmp_path: Path):
    sound = write_wav(tmp_path / "sound.wav", [round(5000 * math.sin(n / 4)) for n in range(8000)])
    script = ("--answer-after", "1", "--say", sound, "--pause", "3", "--hang-up-after-prompt", "0.5")
    desk = await open_line()
    async with telephone(*script) as phone:
        assert (await desk.line.probe(phone.address)).reachable
        for number in (1, 2):  # it serves one call after another
            leg = f"out-{number}"
            desk.line.execute(Dial(leg, phone.address, "13800138000"))
            await desk.reports.wait(FarEndRinging, leg=leg)
            answered = desk.reports.time_of(await desk.reports.wait(Answered, leg=leg))
            assert answered - desk.reports.time_of(desk.reports.of(FarEndRinging, leg)[0]) > 0.5
            desk.line.execute(Play(leg, 1, (sound,)))
            ended = await phone.until("ended")
            assert ended["by"] == "telephone"
            assert (await desk.reports.wait(FarEndHungUp, leg=leg)).sign is HangUpSign.BYE
            await desk.reports.wait(LegReleased, leg=leg)
    heard = ["prompt_started", "prompt_ended", "speaking", "spoken"]
    assert phone.told == ["ready", *["rung", "answered", *heard, "hanging_up", "ended"] * 2]
    for began, spoke in zip(phone.times("prompt_started"), phone.times("speaking"), strict=True):
        assert spoke - began >= 3, "the pause"


async def test_nobody_is_there_and_the_line_gives_up(open_line: OpenLine):
    desk = await open_line()
    async with telephone() as phone:
        desk.line.execute(Dial("out-1", phone.address, None))
        await desk.reports.wait(FarEndRinging)
        desk.line.execute(Release("out-1"))
        assert (await phone.until("ended"))["by"] == "line"
    assert phone.told == ["ready", "rung", "ended"]
