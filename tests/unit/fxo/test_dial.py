"""Calls that a line makes, on the emulated modem in virtual time: what is told, and when."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from drivers.emulator import Called, Directory, HangUp, Say, Wait
from drivers.emulator.audio import noise
from drivers.emulator.callers import Caller, Sound
from drivers.emulator.faults import Faults
from drivers.line import (
    Answer,
    Answered,
    CallerIdReceived,
    CallOffered,
    Dial,
    DialFailed,
    DialFailure,
    FarEndHungUp,
    FarEndRinging,
    FaultCode,
    HangUpSign,
    Join,
    LegFailed,
    LegReleased,
    LineFault,
    Release,
    RingBurst,
    VerdictReached,
)
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.virtual import VirtualModem, with_line
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.unit

NUMBER = "13812345678"
OUT = "out-1"
PERIOD = 5.0


class Dialling:
    """A line that dials, and what came of it."""

    def __init__(self, called: Called | None, personality: str = "conexant", faults: Faults | None = None) -> None:
        self.modem = VirtualModem(personality, faults)
        self.modem.exchange.pbx = Directory({} if called is None else {NUMBER: called})
        self.journal = Journal(self._react)
        self.release_on: type = FarEndHungUp

    def _react(self, event) -> None:
        if isinstance(event, self.release_on) and event.leg == OUT:
            self.line.execute(Release(OUT))
        if isinstance(event, RingBurst) and event.number == 2:
            self.line.execute(Answer(event.leg))
        if isinstance(event, FarEndHungUp) and event.leg != OUT and event.sign is not HangUpSign.RING_STOPPED:
            self.line.execute(Release(event.leg))

    def run(self, story=None, address: str = NUMBER) -> "Dialling":
        async def live(line) -> None:
            self.line = line
            await line.open(self.journal)
            if story is not None:
                await story(self)
            else:
                line.execute(Dial(OUT, address))
                await self.journal.wait(LegReleased, within=300)

        async def whole() -> None:
            await with_line(self.modem, live)

        in_virtual_time(whole)
        return self

    def out(self) -> list[str]:
        """Names of what was told of the leg, verdicts left out."""
        mine = [e for e in self.journal.events if getattr(e, "leg", None) == OUT]
        return [type(e).__name__ for e in mine if not isinstance(e, VerdictReached)]

    def at(self, kind: type) -> float:
        return next(t for e, t in zip(self.journal.events, self.journal.times, strict=True) if isinstance(e, kind))

    @property
    def why(self) -> DialFailure:
        (failed,) = self.journal.of(DialFailed)
        return failed.why

    @property
    def picked_up(self) -> float:
        """When the called one did, in the loop's seconds."""
        answered = self.modem.exchange.calls[-1].answered_at
        return 1000.0 + answered - self.lag

    lag = 0.0


SPEAKS = Called.answering(Wait(0.4), Say("喂，您好，我是王先生，请问哪位找我？"), Wait(2), HangUp(), after=7.0)


@pytest.mark.parametrize("personality", ["conexant", "usr5637", "multitech"])
def test_ringing_then_answered_then_as_any_other_call(personality):
    dialled = Dialling(SPEAKS, personality).run()
    assert dialled.out() == ["FarEndRinging", "Answered", "FarEndHungUp", "LegReleased"]
    assert dialled.modem.exchange.pbx.dialled == [NUMBER]
    assert f"ATDT{NUMBER};\r".encode() in dialled.modem.commands
    assert dialled.modem.exchange.free
    assert dialled.line.capabilities.dials
    assert dialled.line.capabilities.joins == (personality != "multitech")


@pytest.mark.parametrize("after", [3.0, 10.5])
def test_a_voice_is_told_within_two_seconds_of_the_pick_up(after):
    dialled = Dialling(
        Called.answering(Wait(0.2), Say("喂，您好，请问哪位？"), Wait(1), HangUp(), after=after)
    ).run()
    assert 0 < dialled.at(Answered) - dialled.picked_up <= 2.0


@pytest.mark.parametrize("after", [2.0, 6.1, 10.4])
def test_silence_is_told_within_a_period_of_ringback_and_two_seconds(after):
    dialled = Dialling(Called.answering(Wait(9.0), HangUp(), after=after)).run()
    assert 0 < dialled.at(Answered) - dialled.picked_up <= PERIOD + 2.0


def test_a_noisy_street_is_somebody_too():
    street = Called.answering(Sound(noise("street", -28.0, 3, 6.0)), HangUp(), after=7.0)
    dialled = Dialling(street).run()
    assert 0 < dialled.at(Answered) - dialled.picked_up <= 2.5


def test_a_reversal_is_the_answer_at_once():
    dialled = Dialling(Called.answering(Wait(5.0), HangUp(), after=7.0, reverses=True)).run()
    assert 0 <= dialled.at(Answered) - dialled.picked_up <= 0.2
    assert dialled.out()[-2:] == ["FarEndHungUp", "LegReleased"]
    assert dialled.journal.of(FarEndHungUp)[0].sign is HangUpSign.BUSY_TONE


FAILURES = {
    "busy": (Called.busy(), DialFailure.BUSY, 3.5),
    "congestion": (Called.congested(), DialFailure.CONGESTION, 5.0),
    "vacant": (Called.vacant(), DialFailure.VACANT_NUMBER, 5.0),
    "nobody's number": (None, DialFailure.VACANT_NUMBER, 5.0),
}


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.parametrize("personality", ["conexant", "multitech"])
def test_the_tone_tells_why_not(name, personality):
    called, why, within = FAILURES[name]
    dialled = Dialling(called, personality).run()
    assert dialled.out() == ["DialFailed", "LegReleased"]
    assert dialled.why is why
    assert dialled.modem.exchange.free
    begun = dialled.modem.exchange.off_hook_times[0] + 4.0
    assert dialled.modem.exchange.on_hook_times[0] - begun <= within + 3.0


def test_nobody_comes():
    dialled = Dialling(Called.absent()).run()
    assert dialled.out() == ["FarEndRinging", "DialFailed", "LegReleased"]
    assert dialled.why is DialFailure.NO_ANSWER


def test_who_declines_is_busy():
    rings = replace(Called.absent(), rings_for=8.0)
    assert Dialling(rings).run().why is DialFailure.BUSY


def test_nothing_at_all_is_heard_after_the_number():
    assert Dialling(replace(Called.busy(), set_up=200.0)).run().why is DialFailure.UNREACHABLE


@pytest.mark.parametrize(
    "address", ["", "138;", "138,5", "138!", "W138", "138W", "abc", "+8613", "1" * 33, "１３８", "13\r8", "*91"]
)
def test_only_digits_are_dialled(address):
    dialled = Dialling(SPEAKS).run(address=address)
    assert dialled.out() == ["DialFailed", "LegReleased"]
    assert dialled.why is DialFailure.REFUSED
    assert b"ATD" not in dialled.modem.commands
    assert not dialled.modem.exchange.off_hook_times


@pytest.mark.parametrize("dead", ["exchange", "modem"])
def test_no_dial_tone_is_no_line(dead):
    dialled = Dialling(SPEAKS, faults=Faults(no_dial_tone=dead == "modem"))
    dialled.modem.exchange.dial_tone = dead == "modem"
    dialled.run()
    assert dialled.out() == ["DialFailed", "LegReleased"]
    assert dialled.why is DialFailure.NO_LINE
    assert dialled.modem.exchange.free


async def release_at(rig: Dialling, seconds: float) -> None:
    rig.line.execute(Dial(OUT, NUMBER))
    await asyncio.sleep(seconds)
    rig.line.execute(Release(OUT))
    await rig.journal.wait(LegReleased, within=5)
    assert rig.modem.exchange.free


@pytest.mark.parametrize("seconds", [0.0, 0.5, 2.5, 4.0, 9.0])
def test_released_at_any_moment_it_is_on_hook(seconds):
    dialled = Dialling(SPEAKS).run(lambda rig: release_at(rig, seconds))
    assert dialled.out()[-1] == "LegReleased"
    assert "DialFailed" not in dialled.out()


def test_a_line_in_use_and_one_out_of_service_do_not_dial():
    async def story(rig) -> None:
        rig.line.execute(Dial(OUT, NUMBER))
        rig.line.execute(Dial("out-2", NUMBER))
        await rig.journal.wait(LegReleased)
        rig.line.execute(Release(OUT))
        await rig.journal.wait(LegReleased, count=2)
        rig.modem.unplug()
        await asyncio.sleep(1)
        rig.line.execute(Dial("out-3", NUMBER))
        await rig.journal.wait(LegReleased, count=3)

    dialled = Dialling(SPEAKS).run(story)
    assert [(e.leg, e.why) for e in dialled.journal.of(DialFailed)] == [
        ("out-2", DialFailure.NO_LINE),
        ("out-3", DialFailure.NO_LINE),
    ]


@pytest.mark.parametrize("seconds", [0.3, 3.5, 6.0])
def test_a_modem_that_vanishes_takes_the_leg_with_it(seconds):
    async def story(rig) -> None:
        rig.line.execute(Dial(OUT, NUMBER))
        await asyncio.sleep(seconds)
        rig.modem.unplug()
        await rig.journal.wait(LineFault)

    dialled = Dialling(SPEAKS).run(story)
    assert dialled.out() == ["LegFailed"]
    assert dialled.journal.of(LegFailed)[0].code is FaultCode.PORT_LOST


TALKS = Caller.following(Wait(1.0), Say("喂，你好，我家的燃气表坏了，请派人来看一下。"), Wait(3), HangUp())


@pytest.mark.parametrize("before", [0.1, 0.7, 1.1, 1.3])
def test_a_call_that_comes_in_is_never_lost_to_a_dial(before):
    """It has rung for so many seconds when the line is told to dial: its first burst lasts one."""

    async def story(rig) -> None:
        rig.modem.exchange.call(TALKS)
        await asyncio.sleep(before)
        rig.line.execute(Dial(OUT, NUMBER))
        await rig.journal.wait(Answered)
        await rig.journal.wait(LegReleased, count=2)

    dialled = Dialling(SPEAKS).run(story)
    assert dialled.out() == ["DialFailed", "LegReleased"]
    assert dialled.why is DialFailure.NO_LINE
    assert dialled.modem.exchange.pbx.dialled == []
    (offered,) = dialled.journal.of(CallOffered)
    (answered,) = dialled.journal.of(Answered)
    assert answered.leg == offered.leg != OUT
    rings = [burst.number for burst in dialled.journal.of(RingBurst)]
    report = dialled.modem.exchange.calls[0].report
    # The exchange counts whole bursts: one that we cut by going off-hook rang, too.
    assert rings == list(range(1, max(1, report.rings) + 1)), "as many as rang, the evidence of JH-1"
    assert report.released_by == "caller"
    assert len(dialled.modem.exchange.calls) == 1


def test_a_caller_id_before_the_first_ring_is_kept_for_its_call():
    async def story(rig) -> None:
        rig.modem.exchange.caller_id_delay = None
        rig.modem.exchange.call(TALKS)
        await asyncio.sleep(0.02)
        rig.line.execute(Dial(OUT, NUMBER))
        await rig.journal.wait(LegReleased, count=2)

    dialled = Dialling(SPEAKS).run(story)
    assert dialled.why is DialFailure.NO_LINE
    assert dialled.modem.exchange.pbx.dialled == []
    (offered,) = dialled.journal.of(CallOffered)
    (known,) = dialled.journal.of(CallerIdReceived)
    assert (known.leg, known.caller_id.number) == (offered.leg, TALKS.number)


def test_a_silent_caller_is_known_by_the_missing_dial_tone():
    async def story(rig) -> None:
        rig.line.execute(Dial(OUT, NUMBER))
        await rig.journal.wait(LegReleased, within=100)
        await asyncio.sleep(2)
        rig.modem.exchange.call(Caller.silent().hanging_up_after(12.0))
        await asyncio.sleep(0.1)
        rig.line.execute(Dial("out-2", NUMBER))
        await rig.journal.wait(LegReleased, count=3, within=100)

    dialled = Dialling(Called.busy()).run(story)
    assert len(dialled.journal.of(CallOffered)) == 1
    assert dialled.modem.exchange.calls[0].report.released_by == "caller"


def test_calls_come_in_after_a_dial():
    async def story(rig) -> None:
        rig.line.execute(Dial(OUT, NUMBER))
        await rig.journal.wait(LegReleased, within=100)
        rig.modem.exchange.call(TALKS)
        await rig.journal.wait(LegReleased, count=2, within=100)

    dialled = Dialling(Called.busy()).run(story)
    assert len(dialled.journal.of(CallOffered)) == 1
    assert dialled.modem.exchange.calls[0].report.rings <= 2


def test_nothing_is_told_of_the_far_end_before_the_answer():
    dialled = Dialling(SPEAKS).run()
    told = [type(e) for e in dialled.journal.events if getattr(e, "leg", None) == OUT]
    assert told.index(FarEndRinging) < told.index(Answered) < told.index(VerdictReached)
    assert np.all(np.diff(dialled.journal.times) >= 0)


def test_a_modem_that_carries_no_conversation_dials_nobody_who_is_to_be_joined():
    async def story(rig) -> None:
        rig.line.execute(Dial(OUT, NUMBER))
        rig.line.execute(Join(OUT, "here", "there"))
        await rig.journal.wait(LegReleased, within=60)

    dialled = Dialling(SPEAKS, "multitech").run(story)
    assert dialled.out() == ["DialFailed", "LegReleased"]
    assert dialled.why is DialFailure.NO_LINE
    assert dialled.modem.exchange.pbx.dialled == []
    assert not dialled.line.capabilities.joins
    assert dialled.modem.exchange.free
