"""A modem on its line: fit for voice, rings counted, answered, heard, keys, and the far end's hang-up noticed."""

import asyncio
from pathlib import Path

import pytest

from drivers.fxo.config import FxoConfig
from drivers.fxo.line import FxoLine
from drivers.fxo.survey import survey
from drivers.hearing.wav import WavWriter
from drivers.line import (
    Answer,
    Answered,
    CallOffered,
    DigitReceived,
    FarEndHungUp,
    LegReleased,
    LineEvent,
    LineRestored,
    Play,
    PlayFinished,
    Release,
    RingBurst,
    Verdict,
    VerdictReached,
)
from drivers.voice.espeak import speak
from hw_tests.conftest import Bench

pytestmark = [pytest.mark.pty, pytest.mark.timeout(300)]

PATIENCE = 90.0
"""Seconds a person is given for each step."""


class Log:
    """Prints what the line reports, and waits for it."""

    def __init__(self) -> None:
        self.events: list[LineEvent] = []
        self._news = asyncio.Event()

    def __call__(self, event: LineEvent) -> None:
        print(f"    {event}", flush=True)
        self.events.append(event)
        self._news.set()

    async def until(self, wanted) -> LineEvent:
        async with asyncio.timeout(PATIENCE):
            while not (found := [event for event in self.events if wanted(event)]):
                self._news.clear()
                await self._news.wait()
        return found[0]


async def test_the_modem_is_fit_for_voice(bench: Bench) -> None:
    found = await survey(bench.port)
    print(f"    {found.identity}: {found.profile.name}, {', '.join(mode.coding.value for mode in found.modes)}")
    assert found.modes


async def test_a_call(bench: Bench, tmp_path: Path) -> None:
    greeting = tmp_path / "greeting.wav"
    with WavWriter(greeting) as writer:
        writer.write(speak("您好,这是一个测试,请讲话,按五,然后挂机。"))
    line, log = FxoLine(FxoConfig("bench", bench.port)), Log()
    await line.open(log)
    try:
        assert log.events == [LineRestored()]
        bench.ring()
        offer = await log.until(lambda event: isinstance(event, CallOffered))
        await log.until(lambda event: isinstance(event, RingBurst) and event.number == 2)
        line.execute(Answer(offer.leg))
        await log.until(lambda event: isinstance(event, Answered))
        line.execute(Play(offer.leg, 1, (str(greeting),)))
        bench.please("Listen to the greeting; then say a sentence, press 5, and hang up.")
        ended = await log.until(lambda event: isinstance(event, PlayFinished))
        assert ended.complete
        await log.until(lambda event: isinstance(event, VerdictReached) and event.verdict is Verdict.SPEECH)
        await log.until(lambda event: event == DigitReceived(offer.leg, "5"))
        gone = await log.until(lambda event: isinstance(event, FarEndHungUp))
        line.execute(Release(offer.leg))
        await log.until(lambda event: isinstance(event, LegReleased))
        print(f"    the far end's hang-up was noticed by: {gone.sign}")
    finally:
        await line.close()
