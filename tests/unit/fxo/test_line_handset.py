"""A parallel telephone on a real pseudo-terminal: the line yields, in mid-call and while it rings; false codes do
nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest

from drivers.emulator.callers import Caller
from drivers.emulator.faults import Faults
from drivers.emulator.modem import EmulatedModem
from drivers.fxo.config import FxoConfig
from drivers.fxo.line import FxoLine
from drivers.hearing.wav import WavWriter
from drivers.line import (
    Answer,
    Answered,
    FarEndHungUp,
    HandsetLifted,
    LegReleased,
    LineEvent,
    Play,
    PlayFinished,
    PlayStarted,
    Release,
    RingBurst,
)
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.peer import RawPeer, ScriptedModem

pytestmark = [pytest.mark.pty, pytest.mark.timeout(90)]

RING = b"\r\nRING\r\n"
SILENCE = bytes([0xFF] * 400)
"""50 ms of µ-law."""


class Rig:
    """A line on a raw duplex modem that answers the first ring, plays a prompt, and obeys the gateway's engine."""

    def __init__(self, folder: Path, profile: str, *, answers: bool = True) -> None:
        self.peer = RawPeer(folder)
        self.modem = ScriptedModem(self.peer, {"AT+VTR": b"\r\nCONNECT\r\n"})
        commands = self.peer.on_bytes

        def ends_streams(data: bytes) -> None:
            if b"\x10^" in data or b"\x10\x03" in data:
                self.streaming = False
                self.peer.write(b"\x10\x03\r\nOK\r\n")
            else:
                commands(data)

        self.peer.on_bytes = ends_streams
        self.line = FxoLine(FxoConfig("fxo1", str(self.peer.path), profile=profile))
        self.prompt = self.recording(folder)
        self._answers = answers
        self.streaming = False
        self.journal = Journal(self._obey)

    @staticmethod
    def recording(folder: Path) -> str:
        """A prompt of ten seconds."""
        path = str(folder / "prompt.wav")
        with WavWriter(path) as writer:
            writer.write((8000 * np.sin(np.arange(80_000) / 3)).astype(np.int16))
        return path

    def _obey(self, event: LineEvent) -> None:
        match event:
            case RingBurst(leg=leg, number=1) if self._answers:
                self.line.execute(Answer(leg))
            case Answered(leg=leg):
                self.streaming = True
                self.line.execute(Play(leg, 1, (self.prompt,)))
            case HandsetLifted(leg=leg) | FarEndHungUp(leg=leg):
                self.line.execute(Release(leg))

    async def speak(self) -> None:
        """The modem sends what it hears, as long as a stream is up."""
        while True:
            if self.streaming:
                self.peer.write(SILENCE)
            await asyncio.sleep(0.05)

    async def run(self, story: Callable[["Rig"], Awaitable[None]]) -> Journal:
        speaking = asyncio.create_task(self.speak())
        try:
            await self.line.open(self.journal)
            self.modem.commands.clear()
            self.peer.write(RING)
            await story(self)
        finally:
            await self.line.close()
            speaking.cancel()
            self.peer.unplug()
        return self.journal


async def in_mid_prompt(folder: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.journal.wait(PlayStarted)
        await asyncio.sleep(2.0)
        rig.peer.write(b"\x10P")
        await rig.journal.wait(LegReleased)

    journal = await (rig := Rig(folder, "conexant")).run(story)
    assert journal.names()[-3:] == ["HandsetLifted", "PlayFinished", "LegReleased"]
    assert journal.of(PlayFinished) == [PlayFinished("fxo1-1", 1, complete=False)]
    assert rig.modem.commands[-3:] == ["AT+VLS=0", "ATH", "AT+FCLASS=0"]
    assert not journal.of(FarEndHungUp), "nobody has hung up"


async def its_own_off_hook(folder: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.journal.wait(Answered)
        rig.peer.write(b"\x10H")
        await rig.journal.wait(PlayStarted)
        for code in (b"\x10h", b"\x10H", b"\x10b", b"\x10d", b"\x105"):  # while a prompt plays: one H alone
            rig.peer.write(code)
            await asyncio.sleep(0.4)
        await asyncio.sleep(2.0)

    rig = Rig(folder, "usr5637")
    rig.modem.answers["AT+VLS=1"] = b"\x10H\r\nOK\r\n\x10H"
    journal = await rig.run(story)
    assert not journal.of(HandsetLifted)
    assert not journal.of(FarEndHungUp)


async def while_it_rings(folder: Path) -> None:
    async def story(rig: Rig) -> None:
        rig.peer.write(b"\r\nNMBR = 13511110000\r\nNAME = A\r\n")
        await rig.peer.wait_until(lambda: "AT+VIT=0" in rig.modem.commands)
        rig.peer.write(b"\x10P")
        await asyncio.sleep(0.2)
        rig.line.execute(Answer(rig.journal.of(RingBurst)[0].leg))
        await rig.journal.wait(LegReleased)

    journal = await (rig := Rig(folder, "conexant", answers=False)).run(story)
    assert journal.names()[-2:] == ["HandsetLifted", "LegReleased"]
    assert "AT+VLS=1" not in rig.modem.commands, "who has answered there is not talked over"


async def rings_on(folder: Path) -> None:
    async def story(rig: Rig) -> None:
        rig.peer.write(b"\r\nNMBR = 13511110000\r\nNAME = A\r\n")
        await rig.peer.wait_until(lambda: "AT+VIT=0" in rig.modem.commands)
        rig.peer.write(b"\x10P")
        rig.line.execute(Answer(rig.journal.of(RingBurst)[0].leg))
        await asyncio.sleep(3.5)
        rig.peer.write(b"\x10R")
        await rig.journal.wait(Answered)

    journal = await Rig(folder, "conexant", answers=False).run(story)
    assert not journal.of(HandsetLifted), "a false code: the line rang on, and was answered in the next gap"


async def on_the_emulated(folder: Path, personality: str, *, duplex: bool) -> None:
    """The exchange's own handset, half duplex or full, and the caller's side of it: he is not cut."""
    line: list[FxoLine] = []
    prompt = Rig.recording(folder)

    def obey(event: LineEvent) -> None:
        match event:
            case RingBurst(leg=leg, number=1):
                line[0].execute(Answer(leg))
            case Answered(leg=leg):
                line[0].execute(Play(leg, 1, (prompt,)))
            case HandsetLifted(leg=leg) | FarEndHungUp(leg=leg):
                line[0].execute(Release(leg))

    async with EmulatedModem(personality, faults=Faults(no_duplex=not duplex)) as modem:
        line.append(FxoLine(FxoConfig("fxo1", modem.port)))
        journal = Journal(obey)
        await line[0].open(journal)
        call = modem.exchange.call(Caller.silent())
        await journal.wait(PlayStarted)
        await modem.line_time(3.0)
        modem.exchange.lift_handset()
        if personality == "usr5637":  # which must say it twice while a prompt plays
            await modem.line_time(0.3)
            modem.exchange.put_down_handset()
            await modem.line_time(0.3)
            assert not journal.of(HandsetLifted), "he has put it down again"
            await journal.wait(PlayFinished)
            await modem.line_time(1.5)
            modem.exchange.lift_handset()
        await journal.wait(LegReleased)
        assert journal.of(HandsetLifted)
        assert not modem.exchange.off_hook
        assert modem.exchange.current is call, "the customer talks to whoever holds the handset"
        modem.exchange.put_down_handset()
        assert (await call.ended()).released_by == "handset"
        await line[0].close()


async def test_12_09_a_parallel_telephone(tmp_path_factory: pytest.TempPathFactory) -> None:
    """All at once: each takes its quarter of a minute."""
    cases = [("conexant", True), ("conexant", False), ("usr5637", True)]
    stories = (in_mid_prompt, its_own_off_hook, while_it_rings, rings_on)
    async with asyncio.TaskGroup() as group:
        for name, duplex in cases:
            group.create_task(on_the_emulated(tmp_path_factory.mktemp(name), name, duplex=duplex))
        for story in stories:
            group.create_task(story(tmp_path_factory.mktemp(story.__name__)))
