"""Section 12.11 on a modem that plays and listens in turn: the ears begin anew with every turn."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from drivers.emulator import Caller
from drivers.emulator.callers import Action, HangUp, Wait
from drivers.emulator.clearing import Clearing
from drivers.fxo.half_duplex import HEAR_OUT
from drivers.fxo.line import FxoLine
from drivers.hearing.wav import WavWriter
from drivers.line import (
    Answer,
    Answered,
    CallOffered,
    FarEndHungUp,
    HangUpSign,
    LegReleased,
    Play,
    PlayFinished,
    PlayStarted,
    Release,
)
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.virtual import VirtualModem, with_line
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.unit

PROMPT = 3.0
PAUSE = 5.0
"""Seconds the dialplan listens between two prompts."""


@pytest.fixture(scope="module")
def prompt(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("prompts") / "prompt.wav"
    with WavWriter(path) as writer:
        writer.write(np.zeros(round(8000 * PROMPT), dtype=np.int16))
    return str(path)


class HalfDuplexCall:
    """An answered call on a modem without +VTR, whose caller hangs up when told."""

    def __init__(self, line: FxoLine, modem: VirtualModem, clearing: Clearing, prompt: str) -> None:
        self.line, self.journal, self.prompt = line, Journal(), prompt
        self._modem = modem
        self._leaves = asyncio.Event()
        self._caller = replace(Caller.silent().clearing_with(clearing), script=self._script())
        self.leg = ""

    def _script(self) -> Iterator[Action]:
        while not self._leaves.is_set():
            yield Wait(0.02)
        yield HangUp()

    async def answered(self) -> None:
        await self.line.open(self.journal)
        self._modem.exchange.call(self._caller)
        self.leg = (await self.journal.wait(CallOffered)).leg
        self.line.execute(Answer(self.leg))
        await self.journal.wait(Answered)

    def play(self, number: int) -> None:
        self.line.execute(Play(self.leg, number, (self.prompt,)))

    async def prompts(self) -> None:
        """One after the other, each heard out."""
        for number in range(1, 100):
            self.play(number)
            await self.journal.wait(PlayFinished, count=number)
            await asyncio.sleep(PAUSE)

    def leaves(self) -> None:
        self._leaves.set()

    async def released(self) -> None:
        self.line.execute(Release(self.leg))
        await self.journal.wait(LegReleased)


async def _until_told(call: HalfDuplexCall, phase: float) -> float:
    """Seconds until the far end is known to have gone, which went `phase` seconds into the first prompt."""
    await call.answered()
    dialplan = asyncio.create_task(call.prompts())
    await call.journal.wait(PlayStarted)
    await asyncio.sleep(phase)
    call.leaves()
    left = asyncio.get_running_loop().time()
    await call.journal.wait(FarEndHungUp, within=60.0)
    dialplan.cancel()
    told = asyncio.get_running_loop().time() - left
    await call.released()
    return told


PHASES = [(sound, phase) for sound in ("congestion", "busy", "dial", "howler") for phase in (0.0, 3.5, 5.0, 6.5)]


@pytest.mark.parametrize(
    ("sound", "phase"), [*PHASES, *(("congestion", phase) for phase in (1.5, 4.2, 4.6, 5.5, 6.0, 7.0, 8.0))]
)
def test_12_11_every_tone_is_heard_between_prompts_whenever_it_begins(
    sound: str, phase: float, prompt: str
) -> None:
    """Within 12 s, of which three are a prompt that nothing is heard beside."""
    modem = VirtualModem("multitech")

    async def story(line: FxoLine) -> tuple[float, HangUpSign]:
        call = HalfDuplexCall(line, modem, Clearing(sound), prompt)
        told = await _until_told(call, phase)
        return told, call.journal.of(FarEndHungUp)[0].sign

    told, sign = in_virtual_time(lambda: with_line(modem, story))
    assert told <= 12.0
    assert (
        sign
        is {
            "congestion": HangUpSign.CONGESTION_TONE,
            "busy": HangUpSign.BUSY_TONE,
            "dial": HangUpSign.DIAL_TONE,
            "howler": HangUpSign.HOWLER,
        }[sound]
    )


@pytest.mark.parametrize(("lasts", "heard_out"), [(3.5, False), (None, True)], ids=["ends", "goes on"])
def test_12_11_a_prompt_ordered_while_a_tone_sounds_is_played_in_the_end(
    lasts: float | None, heard_out: bool, prompt: str
) -> None:
    modem = VirtualModem("multitech")

    async def story(line: FxoLine) -> tuple[float, Journal]:
        call = HalfDuplexCall(line, modem, Clearing("congestion", delay=0.0, lasts=lasts), prompt)
        await call.answered()
        await asyncio.sleep(2.0)
        call.leaves()
        await asyncio.sleep(3.0)
        call.play(1)
        ordered = asyncio.get_running_loop().time()
        await call.journal.wait(PlayStarted)
        waited = asyncio.get_running_loop().time() - ordered
        assert (await call.journal.wait(PlayFinished)).complete
        await call.released()
        return waited, call.journal

    waited, journal = in_virtual_time(lambda: with_line(modem, story))
    assert 0.7 < waited < HEAR_OUT + 0.6, "the turn included"
    assert bool(journal.of(FarEndHungUp)) is heard_out
