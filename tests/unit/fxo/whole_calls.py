"""Whole calls on the emulated modem, for tests that tell them: a line, its policy, a caller, the greeting.

Stories run all at once, each on a line of its own: it takes its twenty seconds of real time, mostly waiting."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path

import pytest

from drivers.emulator.callers import Caller, HangUp, HearPrompts, Wait
from drivers.emulator.modem import EmulatedModem
from drivers.fxo.config import FxoConfig
from drivers.fxo.line import FxoLine
from drivers.hearing.wav import WavWriter
from drivers.line import Answer, Answered, FarEndHungUp, LegReleased, LineEvent, Play, Record, Release, RingBurst
from drivers.voice.espeak import speak
from tests.unit.fxo.journal import Journal

LONG = 60.0

Story = Callable[[str, Path], Coroutine[None, None, None]]
"""Takes the greeting, and a folder for what it records."""
Outcomes = dict[str, "asyncio.Task[None]"]


def all_at_once(stories: Mapping[str, Story], folders: pytest.TempPathFactory) -> Outcomes:
    """How each story went: a task that is done."""
    greeting = folders.mktemp("prompts") / "greeting.wav"
    with WavWriter(greeting) as writer:
        writer.write(speak("您好，济华热线为您服务。"))
    folder = folders.mktemp("recordings")

    async def run() -> Outcomes:
        tasks = {name: asyncio.create_task(story(str(greeting), folder)) for name, story in stories.items()}
        await asyncio.wait(tasks.values())
        return tasks

    return asyncio.run(run())


class Policy:
    """Answers in the gap after the first ring, greets, and releases when the customer has hung up."""

    def __init__(self, line: FxoLine, prompt: str, recording: Path | None = None) -> None:
        self.line, self.recordings, self.recording = line, (prompt,), recording

    def __call__(self, event: LineEvent) -> None:
        match event:
            case RingBurst(leg=leg, number=1):
                self.line.execute(Answer(leg))
            case Answered(leg=leg):
                if self.recording:
                    self.line.execute(Record(leg, str(self.recording)))
                self.line.execute(Play(leg, 1, self.recordings))
            case FarEndHungUp(leg=leg):
                self.line.execute(Release(leg))


async def serve(
    modem: EmulatedModem, caller: Caller, prompt: str, recording: Path | None = None
) -> tuple[Journal, object]:
    """One call from ring to on-hook."""
    line = FxoLine(FxoConfig("fxo1", modem.port))
    journal = Journal(Policy(line, prompt, recording))
    await line.open(journal)
    call = modem.exchange.call(caller)
    try:
        await journal.wait(LegReleased, within=LONG)
        return journal, await call.ended()
    finally:
        await line.close()


def greeted(caller: Caller | None = None) -> Caller:
    return caller or Caller.following(HearPrompts(1), Wait(0.3), HangUp())
