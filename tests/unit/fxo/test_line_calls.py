"""Whole calls on the emulated modem: what the caller hears and does, what the line reports."""

from pathlib import Path

import numpy as np
import pytest

from drivers.emulator.callers import Caller, HangUp, HearPrompts, Press, Wait
from drivers.emulator.clearing import Clearing
from drivers.emulator.faults import Faults
from drivers.emulator.modem import EmulatedModem
from drivers.fxo.config import FxoConfig
from drivers.fxo.line import FxoLine
from drivers.hearing.wav import read_wav
from drivers.line import (
    Answered,
    CallOffered,
    DigitReceived,
    FarEndHungUp,
    HangUpSign,
    LegFailed,
    LegReleased,
    LineFault,
    LineRestored,
    MediaLost,
    Play,
    PlayFinished,
    PlayStarted,
    Release,
    StopPlaying,
)
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.whole_calls import LONG, Outcomes, Policy, Story, all_at_once, greeted, serve

pytestmark = [pytest.mark.pty, pytest.mark.timeout(180)]

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


STORIES: dict[str, Story] = {
    **{
        f"12: a whole call, {name}": lambda prompt, folder, name=name: whole_call(name, prompt, folder)
        for name in ROUGH
    },
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
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    return all_at_once(STORIES, tmp_path_factory)


@pytest.mark.parametrize("story", STORIES)
def test_a_call(story: str, outcomes: Outcomes) -> None:
    outcomes[story].result()
