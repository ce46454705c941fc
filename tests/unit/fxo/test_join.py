"""Calls joined with another leg, on the emulated modem in real time: who hears whom, what is recorded and kept.

All run at once, each on a line of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from drivers.bridge.path import AudioPath
from drivers.emulator import Caller, EmulatedModem, Faults, HangUp, Say, Sound, Wait
from drivers.emulator.audio import level_of
from drivers.fxo.config import FxoConfig
from drivers.fxo.line import FxoLine
from drivers.hearing.wav import WavWriter
from drivers.line import (
    Answer,
    Answered,
    FarEndHungUp,
    HangUpSign,
    Join,
    LegReleased,
    Part,
    Play,
    PlayFinished,
    Record,
    Release,
    RingBurst,
    VerdictReached,
)
from drivers.voice.espeak import speak
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.whole_calls import Outcomes, all_at_once

pytestmark = [pytest.mark.pty, pytest.mark.timeout(180)]

LEG = "fxo1-1"


def note(hertz: float, seconds: float, peak: float = 6000) -> np.ndarray:
    return np.round(peak * np.sin(2 * np.pi * hertz * np.arange(round(8000 * seconds)) / 8000))


def share(samples: np.ndarray, hertz: float) -> float:
    """How much of the sound is this note, 0 … 1."""
    spectrum = np.abs(np.fft.rfft(samples.astype(float))) ** 2
    beside = np.abs(np.fft.rfftfreq(len(samples), 1 / 8000) - hertz) <= 80  # a busy machine tears it
    return float(spectrum[beside].sum() / max(1.0, spectrum.sum()))


class Agent:
    """The other leg: says what is queued, else silence; keeps what it hears."""

    def __init__(self, folder: Path, name: str) -> None:
        self.sockets = str(folder / f"{name}.agent"), str(folder / f"{name}.line")
        self.path = AudioPath(*self.sockets)
        self._says = np.zeros(0)
        self._heard: list[np.ndarray] = []
        self._task = asyncio.create_task(self._run())

    def join(self, leg: str = LEG) -> Join:
        return Join(leg, self.sockets[1], self.sockets[0])

    def says(self, samples: np.ndarray) -> None:
        self._says = np.concatenate((self._says, samples))

    @property
    def heard(self) -> np.ndarray:
        return np.concatenate(self._heard) if self._heard else np.zeros(0)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due += 0.02
            await asyncio.sleep(due - loop.time())
            frame, self._says = self._says[:160], self._says[160:]
            frame = np.concatenate((frame, np.zeros(160 - len(frame)))).astype("<i2")
            self.path.send(frame.tobytes())
            heard = self.path.take()
            self._heard.append(np.frombuffer(heard or bytes(320), "<i2"))

    def dies(self) -> None:
        """Without a word, as a worker that is killed."""
        self._task.cancel()
        self.path.close()


class Rig:
    """A line with an answered call on it."""

    def __init__(self, modem: EmulatedModem, line: FxoLine, journal: Journal, agent: Agent) -> None:
        self.modem, self.line, self.journal, self.agent = modem, line, journal, agent

    @property
    def customer_heard(self) -> np.ndarray:
        return self.modem.exchange.calls[-1].heard

    async def over(self) -> None:
        self.line.execute(Release(LEG))
        await self.journal.wait(LegReleased)


@asynccontextmanager
async def answered(
    folder: Path, name: str, caller: Caller, personality: str = "conexant", faults: Faults | None = None
) -> AsyncIterator[Rig]:
    async with EmulatedModem(personality, faults=faults) as modem:
        line = FxoLine(FxoConfig("fxo1", modem.port))
        journal = Journal(lambda event: line.execute(Answer(LEG)) if isinstance(event, RingBurst) else None)
        await line.open(journal)
        rig = Rig(modem, line, journal, Agent(folder, name))
        try:
            modem.exchange.call(caller)
            await journal.wait(Answered)
            yield rig
        finally:
            rig.agent.dies()
            await line.close()


async def both_hear(folder: Path, personality: str) -> None:
    first = 8.0 if personality == "usr5637" else 3.0  # its first call is answered a ring later
    caller = Caller.following(Wait(first), Sound(note(700, 2.0)), Wait(60))
    async with answered(folder, personality, caller, personality) as rig:
        rig.line.execute(rig.agent.join())
        file = folder / f"{personality}.wav"
        rig.line.execute(Record(LEG, str(file), both=True))
        await rig.modem.line_time(1.0)
        rig.agent.says(note(1000, 1.0))
        await rig.modem.line_time(5.0)
        assert share(rig.customer_heard, 1000) > 0.9
        assert (np.abs(rig.customer_heard) > 1000).sum() > 4000, "most of it: nine tenths of a sine, of a second"
        heard = rig.agent.heard
        assert share(heard, 700) + share(heard, 1000) > 0.9, "1000 Hz is the line's echo"
        assert share(heard, 700) > 0.3
        await rig.over()
        stereo = read_stereo(file)
        assert share(stereo[:, 1], 1000) > 0.9
        assert share(stereo[:, 0], 700) > 0.85
        assert not exists(rig.agent.sockets[1]), "the socket goes with the leg"


def exists(path: str) -> bool:
    return Path(path).exists()


def read_stereo(path: Path) -> np.ndarray:
    return np.frombuffer(path.read_bytes()[44:], "<i2").reshape(-1, 2)


async def a_prompt_is_mixed(folder: Path) -> None:
    prompt = folder / "note.wav"
    with WavWriter(prompt) as writer:
        writer.write(note(500, 1.5).astype(np.int16))
    async with answered(folder, "mixed", Caller.silent()) as rig:
        rig.line.execute(rig.agent.join())
        await rig.modem.line_time(1.5)
        rig.agent.says(note(1000, 3.0))
        await rig.modem.line_time(0.5)
        rig.line.execute(Play(LEG, 1, (str(prompt),)))
        await rig.journal.wait(PlayFinished)
        await rig.modem.line_time(0.5)
        assert rig.journal.of(PlayFinished) == [PlayFinished(LEG, 1, complete=True)]
        for heard in (rig.customer_heard, rig.agent.heard):
            assert share(heard, 500) > 0.1
        assert share(rig.customer_heard, 1000) > 0.4
        rig.line.execute(Part(LEG))
        await rig.modem.line_time(0.6)
        before = len(rig.customer_heard)
        rig.agent.says(note(1000, 1.0))
        await rig.modem.line_time(1.5)
        assert level_of(rig.customer_heard[before:]) < -80
        assert not exists(rig.agent.sockets[1])


async def the_customer_hangs_up_under_the_agents_words(folder: Path) -> None:
    words = speak("您好，您反映的问题我已经记录下来了，我们会尽快安排工程师与您联系，请您保持电话畅通。")
    async with answered(folder, "clears", Caller.silent().hanging_up_after(8.0)) as rig:
        rig.line.execute(rig.agent.join())
        for _ in range(6):
            rig.agent.says(words.astype(float))
        hung_up = await rig.journal.wait(FarEndHungUp)
        assert hung_up.sign is HangUpSign.BUSY_TONE
        voices = [event.verdict.value for event in rig.journal.of(VerdictReached)]
        assert "speech" not in voices, "the agent's voice is no customer's"
        await rig.over()


async def the_agent_dies(folder: Path) -> None:
    caller = Caller.following(Wait(2.0), Say("喂，您好，请问还在吗？"), Wait(60), HangUp())
    async with answered(folder, "dies", caller) as rig:
        rig.line.execute(rig.agent.join())
        await rig.modem.line_time(1.0)
        rig.agent.dies()
        await rig.modem.line_time(4.0)
        assert not rig.journal.of(FarEndHungUp)
        assert not rig.journal.of(LegReleased)
        assert rig.modem.exchange.off_hook
        rig.agent = Agent(folder, "dies2")
        rig.line.execute(rig.agent.join())
        await rig.modem.line_time(0.5)
        rig.agent.says(note(1000, 0.5))
        await rig.modem.line_time(1.5)
        assert share(rig.customer_heard[-16000:], 1000) > 0.8


async def no_socket_is_no_end(folder: Path) -> None:
    async with answered(folder, "nowhere", Caller.silent()) as rig:
        rig.line.execute(Join(LEG, str(folder / "no" / "such" / "folder"), str(folder / "peer")))
        await rig.modem.line_time(1.0)
        assert rig.modem.exchange.off_hook
        assert not rig.journal.of(LegReleased)


async def half_duplex_records_both(folder: Path) -> None:
    prompt = folder / "greeting.wav"
    with WavWriter(prompt) as writer:
        writer.write(note(500, 1.5).astype(np.int16))
    caller = Caller.following(Wait(10.5), Sound(note(700, 1.5)), Wait(60))
    async with answered(folder, "half", caller, "multitech") as rig:
        file = folder / "half.wav"
        rig.line.execute(Record(LEG, str(file), both=True))
        rig.line.execute(Play(LEG, 1, (str(prompt),)))
        rig.line.execute(rig.agent.join())
        assert not rig.line.capabilities.joins
        await rig.journal.wait(PlayFinished)
        await rig.modem.line_time(6.0)
        await rig.over()
        stereo = read_stereo(file)
        assert share(stereo[:, 1], 500) > 0.9
        assert share(stereo[:, 0], 700) > 0.8


STORIES = {
    "both hear (conexant)": lambda folder: both_hear(folder, "conexant"),
    "both hear (usr5637)": lambda folder: both_hear(folder, "usr5637"),
    "a prompt is mixed": a_prompt_is_mixed,
    "the customer hangs up": the_customer_hangs_up_under_the_agents_words,
    "the agent dies": the_agent_dies,
    "no socket": no_socket_is_no_end,
    "half duplex": half_duplex_records_both,
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    stories = {name: lambda _greeting, folder, story=story: story(folder) for name, story in STORIES.items()}
    return all_at_once(stories, tmp_path_factory)


@pytest.mark.parametrize("name", STORIES)
def test_joined(outcomes: Outcomes, name: str) -> None:
    outcomes[name].result()
