"""Whole calls on the emulated modem: what the caller hears and does, what the line reports."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

import numpy as np
import pytest

from drivers.emulator.callers import Caller, HangUp, HearPrompts, Press, Wait
from drivers.emulator.clearing import Clearing
from drivers.emulator.exchange import Exchange
from drivers.emulator.faults import Faults
from drivers.emulator.modem import EmulatedModem
from drivers.fxo.config import FxoConfig
from drivers.fxo.line import FxoLine
from drivers.hearing.wav import WavWriter, read_wav
from drivers.line import (
    Answer,
    Answered,
    CallerIdReceived,
    CallOffered,
    DigitReceived,
    FarEndHungUp,
    FaultCode,
    HangUpSign,
    LegFailed,
    LegReleased,
    LineEvent,
    LineFault,
    LineRestored,
    MediaLost,
    Play,
    PlayFinished,
    PlayStarted,
    Record,
    Release,
    RingBurst,
    StopPlaying,
)
from drivers.voice.espeak import speak
from tests.unit.fxo.journal import Journal

pytestmark = [pytest.mark.pty, pytest.mark.timeout(180)]

LONG = 60.0


@pytest.fixture(scope="session")
def prompt(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("prompts") / "greeting.wav"
    with WavWriter(path) as writer:
        writer.write(speak("您好，济华热线为您服务。"))
    return str(path)


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


ROUGH = {
    "duplex": ("conexant", Faults()),
    "half-duplex": ("usr5637", Faults(no_duplex=True, no_ok_after_receive=True)),
    "false-codes": ("usr5637", Faults(false_codes_while_playing=True, split_dle=True)),
    "rough": ("conexant", Faults(stale_tail=True, garbage=2.0, swallowed_commands=2)),
}


async def whole_call(name: str, prompt: str, tmp_path: Path) -> None:
    personality, faults = ROUGH[name]
    recording = tmp_path / f"{name}.wav"
    async with EmulatedModem(personality, faults=faults) as modem:
        journal, report = await serve(modem, greeted(), prompt, recording)
    assert journal.of(PlayFinished) == [PlayFinished("fxo1-1", 1, complete=True)], name
    assert journal.of(FarEndHungUp)[0].sign is HangUpSign.BUSY_TONE, name
    assert not journal.of(DigitReceived), name
    assert not journal.of(MediaLost), name
    assert not report.answered_in_burst, name
    said, heard = read_wav(prompt).astype(float), report.heard.astype(float)
    assert np.sum(heard**2) > 0.9 * np.sum(said**2), f"{name}: the greeting was heard to its end"
    answered, released = (journal.times[journal.names().index(name)] for name in ("Answered", "LegReleased"))
    length = len(read_wav(recording)) / 8000
    assert length == pytest.approx(released - answered, abs=0.5), f"{name}: as long as the call"


async def rings_on_after_vls(prompt: str) -> None:
    async with EmulatedModem("usr5637", faults=Faults(keeps_ringing=1)) as modem:
        journal, report = await serve(modem, greeted(), prompt)
        commands = b"".join(data for _, way, data in modem.transcript if way == ">").split(b"AT+VTR")
    assert commands[0].count(b"AT+VLS=1") == 2
    assert b"AT+VLS=1" not in commands[1]
    assert journal.names().index("Answered") > journal.names().index("RingBurst") + 1
    assert report.answered


async def one_caller_after_another(prompt: str) -> None:
    """The first gives up after a burst; the second rings three seconds later, and once more after that."""
    async with EmulatedModem("conexant") as modem:
        line = FxoLine(FxoConfig("fxo1", modem.port))
        journal = Journal(Policy(line, prompt))
        answering, journal.then = journal.then, lambda _event: None
        await line.open(journal)
        await modem.exchange.call(Caller.ringing_off(3.0, number="13800000001")).ended()
        await modem.line_time(3.0)
        journal.then = answering
        second = modem.exchange.call(Caller.following(HangUp(), number="13800000002"))
        await journal.wait(Answered, within=LONG)
        await second.ended()
        await journal.wait(LegReleased, count=2, within=LONG)
        third = modem.exchange.call(greeted())
        await journal.wait(RingBurst, count=len(journal.of(RingBurst)) + 1, within=LONG)
        off_hook = len(modem.exchange.off_hook_times)
        await journal.wait(Answered, count=2, within=LONG)
        seized_at = modem.exchange.off_hook_times[off_hook]
        assert modem.exchange.now - seized_at < 3.0, "proven once, no caller waits for a whole cadence again"
        await third.ended()
        await line.close()
    assert [event.leg for event in journal.of(CallOffered)] == ["fxo1-1", "fxo1-2", "fxo1-3"]
    gone = journal.of(FarEndHungUp)[0]
    assert (gone.leg, gone.sign) == ("fxo1-1", HangUpSign.RING_STOPPED)
    numbers = {event.leg: event.caller_id.number for event in journal.of(CallerIdReceived)}
    assert (numbers["fxo1-1"], numbers["fxo1-2"]) == ("13800000001", "13800000002")
    assert [event.number for event in journal.of(RingBurst) if event.leg == "fxo1-2"] == [1]


async def trusted_and_rings_on(prompt: str) -> None:
    """A family that is believed: the prompt begins at once, and again from its beginning if the line rings on."""
    exchange = Exchange(ring_on=1.0, ring_off=2.0)
    async with EmulatedModem("conexant", faults=Faults(keeps_ringing=1), exchange=exchange) as modem:
        journal, report = await serve(modem, Caller.following(Wait(11.0), HangUp()), prompt)
    assert journal.of(PlayStarted) == [PlayStarted("fxo1-1", 1)]
    assert journal.of(PlayFinished) == [PlayFinished("fxo1-1", 1, complete=True)]
    assert len(journal.of(Answered)) == 1
    said, heard = read_wav(prompt).astype(float), report.heard.astype(float)
    assert np.sum(heard**2) > 0.9 * np.sum(said**2), "the caller, who heard nothing of the first, hears it whole"


async def rings_while_the_line_hangs_up(prompt: str) -> None:
    """The exchange is free at once, the modem says OK late: the next caller's first burst and his number count."""
    async with EmulatedModem("conexant", faults=Faults(late_ok=0.9)) as modem:
        line = FxoLine(FxoConfig("fxo1", modem.port))
        journal = Journal(Policy(line, prompt))
        await line.open(journal)
        await modem.exchange.call(Caller.following(HangUp(), number="13800000001")).ended()
        second = modem.exchange.call(Caller.following(HangUp(), number="13800000002"))
        await journal.wait(LegReleased, count=2, within=LONG)
        await second.ended()
        await line.close()
    assert next(event.number for event in journal.of(RingBurst) if event.leg == "fxo1-2") == 1
    numbers = {event.leg: event.caller_id.number for event in journal.of(CallerIdReceived)}
    assert numbers["fxo1-2"] == "13800000002"
    offered = journal.names().index("CallOffered", journal.names().index("LegReleased"))
    assert journal.names()[offered + 1] == "RingBurst"


async def never_stops_ringing(prompt: str) -> None:
    exchange = Exchange(ring_on=1.0, ring_off=2.0)
    async with EmulatedModem("usr5637", faults=Faults(keeps_ringing=9), exchange=exchange) as modem:
        line = FxoLine(FxoConfig("fxo1", modem.port))
        journal = Journal(Policy(line, prompt))
        await line.open(journal)
        modem.exchange.call(Caller.silent())
        failed = await journal.wait(LegFailed, within=LONG)
        await line.close()
    assert failed.code is FaultCode.ANSWER_FAILED
    assert not journal.of(Answered)


async def loop_drop(prompt: str) -> None:
    async with EmulatedModem("conexant") as modem:
        journal, _ = await serve(modem, greeted().clearing_with(Clearing("silence", loop_drop=True)), prompt)
    assert journal.of(FarEndHungUp)[0].sign is HangUpSign.LOOP_DROP


async def keys(prompt: str, *, deaf: bool) -> None:
    caller = Caller.following(HearPrompts(1), Wait(0.3), Press("80#"), Wait(1), HangUp())
    async with EmulatedModem("conexant", faults=Faults(no_digit_codes=deaf)) as modem:
        journal, _ = await serve(modem, caller, prompt)
    assert "".join(event.digit for event in journal.of(DigitReceived)) == "80#"


async def cut_prompts(prompt: str, no_duplex: bool) -> None:
    async with EmulatedModem("usr5637", faults=Faults(no_duplex=no_duplex)) as modem:
        line = FxoLine(FxoConfig("fxo1", modem.port))
        journal = Journal(Policy(line, prompt))
        await line.open(journal)
        modem.exchange.call(Caller.silent())
        started = await journal.wait(PlayStarted, within=LONG)
        assert line.capabilities.hears_while_playing is not no_duplex
        line.execute(StopPlaying(started.leg))
        assert await journal.wait(PlayFinished) == PlayFinished(started.leg, 1, complete=False)
        line.execute(Play(started.leg, 2, (prompt, prompt)))
        await journal.wait(PlayStarted, count=2)
        line.execute(Play(started.leg, 3, (prompt,)))
        await journal.wait(PlayFinished, count=3)
        assert [(event.play, event.complete) for event in journal.of(PlayFinished)[1:]] == [(2, False), (3, True)]
        line.execute(Play(started.leg, 4, ("/nowhere.wav",)))
        assert not (await journal.wait(PlayFinished, count=4)).complete
        line.execute(Release(started.leg))
        await journal.wait(LegReleased)
        await line.close()


async def gone_during_a_half_duplex_prompt(prompt: str) -> None:
    """The modem alone can hear it: its codes, repeated, cut the prompt for our own ears."""
    caller = Caller.following(Wait(1.5), HangUp()).clearing_with(Clearing("busy", code="b", code_after=1.0))
    async with EmulatedModem("conexant", faults=Faults(no_duplex=True)) as modem:
        line = FxoLine(FxoConfig("fxo1", modem.port))
        journal = Journal(Policy(line, prompt))
        journal.then.recordings = (prompt,) * 7
        await line.open(journal)
        modem.exchange.call(caller)
        await journal.wait(LegReleased, within=LONG)
        call = modem.exchange.calls[-1]
        assert modem.exchange.on_hook_times[-1] - call.hung_up_at < len(read_wav(prompt)) / 8000 * 6
        await line.close()
    assert journal.of(FarEndHungUp)[0].sign is HangUpSign.BUSY_TONE
    assert journal.of(PlayStarted) == [PlayStarted("fxo1-1", 1)]
    assert journal.of(PlayFinished) == [PlayFinished("fxo1-1", 1, complete=False)]


async def unplugged_in_mid_call(prompt: str) -> None:
    async with EmulatedModem("conexant") as modem:
        line = FxoLine(FxoConfig("fxo1", modem.port))
        journal = Journal(Policy(line, prompt))
        await line.open(journal)
        modem.exchange.call(Caller.silent())
        await journal.wait(PlayStarted, within=LONG)
        modem.unplug()
        await journal.wait(LineFault)
        assert journal.names()[-3:] == ["PlayFinished", "LegFailed", "LineFault"]
        modem.replug()
        await journal.wait(LineRestored, count=2)
        modem.exchange.call(greeted())
        await journal.wait(LegReleased, within=LONG)
        await line.close()
    assert [event.leg for event in journal.of(CallOffered)] == ["fxo1-1", "fxo1-2"]


async def stuck_in_its_stream(prompt: str) -> None:
    async with EmulatedModem("conexant", faults=Faults(stuck_after_voice=True)) as modem:
        journal, report = await serve(modem, greeted(), prompt)
    assert not journal.of(LegFailed)
    assert report.answered


async def closed_in_mid_call(prompt: str) -> None:
    async with EmulatedModem("conexant") as modem:
        line = FxoLine(FxoConfig("fxo1", modem.port))
        journal = Journal(Policy(line, prompt))
        await line.open(journal)
        call = modem.exchange.call(Caller.silent())
        await journal.wait(Answered, within=LONG)
        await line.close()
        assert (await call.ended()).released_by == "modem"
    assert journal.names()[-1] == "LegReleased"


STORIES: dict[str, Callable[[str, Path], Coroutine[None, None, None]]] = {
    **{
        f"12: a whole call, {name}": lambda prompt, folder, name=name: whole_call(name, prompt, folder)
        for name in ROUGH
    },
    "12.10: rings on, answered again before audio": lambda prompt, _: rings_on_after_vls(prompt),
    "12.10: never stops ringing": lambda prompt, _: never_stops_ringing(prompt),
    "12.10: a trusted family rings on": lambda prompt, _: trusted_and_rings_on(prompt),
    "12.9: one caller after another": lambda prompt, _: one_caller_after_another(prompt),
    "12.9: rings while the line hangs up": lambda prompt, _: rings_while_the_line_hangs_up(prompt),
    "12.11: loop drop": lambda prompt, _: loop_drop(prompt),
    "12.12: keys as codes": lambda prompt, _: keys(prompt, deaf=False),
    "12.12: keys as sound": lambda prompt, _: keys(prompt, deaf=True),
    "cut prompts, duplex": lambda prompt, _: cut_prompts(prompt, False),
    "cut prompts, half duplex": lambda prompt, _: cut_prompts(prompt, True),
    "12.11: gone during a half-duplex prompt": lambda prompt, _: gone_during_a_half_duplex_prompt(prompt),
    "12.4: stuck in its stream": lambda prompt, _: stuck_in_its_stream(prompt),
    "12.15: unplugged in mid-call": lambda prompt, _: unplugged_in_mid_call(prompt),
    "12.17: closed in mid-call": lambda prompt, _: closed_in_mid_call(prompt),
}


@pytest.fixture(scope="module")
def outcomes(prompt: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, BaseException | None]:
    """Every story on a line of its own, many at the same time: each takes its twenty seconds of real time. Those
    in which a late burst would be another story come first, with fewer beside them."""
    folder = tmp_path_factory.mktemp("recordings")
    delicate = [name for name in STORIES if name.startswith(("12.9", "12.10"))]
    others = [name for name in STORIES if name not in delicate]

    async def all_of(names: list[str]) -> list[BaseException | None]:
        return await asyncio.gather(*(STORIES[name](prompt, folder) for name in names), return_exceptions=True)

    return {
        name: problem
        for wave in (delicate, others)
        for name, problem in zip(wave, asyncio.run(all_of(wave)), strict=True)
    }


@pytest.mark.parametrize("story", STORIES)
def test_a_call(story: str, outcomes: dict[str, BaseException | None]) -> None:
    problem = outcomes[story]
    if problem is not None:
        raise problem
