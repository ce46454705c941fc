"""Who rings, on the emulated modem: one caller after another, and a line that rings on though it was answered."""

import numpy as np
import pytest

from drivers.emulator.callers import Caller, HangUp, Wait
from drivers.emulator.exchange import Exchange
from drivers.emulator.faults import Faults
from drivers.emulator.modem import EmulatedModem
from drivers.fxo.config import FxoConfig
from drivers.fxo.line import FxoLine
from drivers.hearing.wav import read_wav
from drivers.line import (
    Answered,
    CallerIdReceived,
    CallOffered,
    FarEndHungUp,
    FaultCode,
    HangUpSign,
    LegFailed,
    LegReleased,
    PlayFinished,
    PlayStarted,
    RingBurst,
)
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.whole_calls import LONG, Outcomes, Policy, Story, all_at_once, greeted, serve

pytestmark = [pytest.mark.pty, pytest.mark.timeout(180)]


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


STORIES: dict[str, Story] = {
    "12.10: rings on, answered again before audio": lambda prompt, _: rings_on_after_vls(prompt),
    "12.10: never stops ringing": lambda prompt, _: never_stops_ringing(prompt),
    "12.10: a trusted family rings on": lambda prompt, _: trusted_and_rings_on(prompt),
    "12.9: one caller after another": lambda prompt, _: one_caller_after_another(prompt),
    "12.9: rings while the line hangs up": lambda prompt, _: rings_while_the_line_hangs_up(prompt),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    return all_at_once(STORIES, tmp_path_factory)


@pytest.mark.parametrize("story", STORIES)
def test_a_caller(story: str, outcomes: Outcomes) -> None:
    outcomes[story].result()
