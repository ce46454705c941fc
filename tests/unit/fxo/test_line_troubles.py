"""What is wrong with a line while it is in service: told once, until something shows that it is over."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.emulator import Called, Directory
from drivers.emulator.callers import Caller, Say, Wait
from drivers.emulator.faults import Faults
from drivers.fxo.line import HEALTH_CHECK, FxoLine
from drivers.fxo.troubles import Troubles
from drivers.line import (
    Answer,
    Answered,
    CallOffered,
    Dial,
    DialFailed,
    DialFailure,
    DigitReceived,
    FarEndHungUp,
    FarEndRinging,
    FaultCode,
    HangUpSign,
    LegFailed,
    LegReleased,
    LineFault,
    LineRestored,
    LineTrouble,
    LineTroubleOver,
    Release,
    RingBurst,
    TroubleCode,
    Verdict,
    VerdictReached,
)
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.virtual import VirtualModem, with_line
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.unit

NUMBER = "13812345678"
NO_DIAL_TONE, MODEM_STUCK, NOT_ANSWERING = (
    TroubleCode.NO_DIAL_TONE,
    TroubleCode.MODEM_STUCK,
    TroubleCode.NOT_ANSWERING,
)
OF_A_MODEM = (TroubleCode.NO_DIAL_TONE, TroubleCode.MODEM_STUCK, TroubleCode.NOT_ANSWERING)
"""The others are a softphone's."""
Told = list[tuple[bool, TroubleCode]]


class Scene:
    """A line on an emulated modem, with somebody who answers at the second ring and releases who has gone."""

    def __init__(self, line: FxoLine, modem: VirtualModem) -> None:
        self.line, self.modem = line, modem
        self.journal = Journal(self._react)
        self._over = asyncio.Event()
        self._dialled = 0

    def _react(self, event: object) -> None:
        if isinstance(event, RingBurst) and event.number == 2:
            self.line.execute(Answer(event.leg))
        if isinstance(event, FarEndHungUp) and event.sign is not HangUpSign.RING_STOPPED:
            self.line.execute(Release(event.leg))
        if isinstance(event, LegReleased | LegFailed):
            self._over.set()

    async def dials(self) -> DialFailure | None:
        """Why nobody was reached."""
        self._dialled += 1
        leg, known = f"out-{self._dialled}", len(self.journal.of(LegReleased))
        self.line.execute(Dial(leg, NUMBER))
        await self.journal.wait(LegReleased, count=known + 1, within=300)
        return next((failed.why for failed in self.journal.of(DialFailed) if failed.leg == leg), None)

    async def is_called(self, caller: Caller) -> None:
        self._over.clear()
        self.modem.exchange.call(caller)
        async with asyncio.timeout(120):
            await self._over.wait()

    @property
    def told(self) -> Told:
        """The troubles that began (True) and ended, in order."""
        kinds = (LineTrouble, LineTroubleOver)
        return [(isinstance(e, LineTrouble), e.code) for e in self.journal.events if isinstance(e, kinds)]


def played_out(
    story: Callable[[Scene], Awaitable[None]], faults: Faults | None = None, personality: str = "conexant"
) -> None:
    modem = VirtualModem(personality, faults)
    modem.exchange.pbx = Directory({NUMBER: Called.busy()})

    async def live(line: FxoLine) -> None:
        scene = Scene(line, modem)
        await line.open(scene.journal)
        await story(scene)

    in_virtual_time(lambda: with_line(modem, live))


@pytest.mark.parametrize("personality", ["conexant", "usr5637", "multitech"])
def test_a_line_without_dial_tone_is_in_trouble_and_in_service_until_it_gives_one(personality: str) -> None:
    async def story(scene: Scene) -> None:
        scene.modem.exchange.dial_tone = False
        assert await scene.dials() is DialFailure.NO_LINE
        assert await scene.dials() is DialFailure.NO_LINE
        assert scene.told == [(True, NO_DIAL_TONE)], "told once"
        assert "cable" in scene.journal.of(LineTrouble)[0].detail, "with what to look at"
        scene.modem.exchange.dial_tone = True
        assert await scene.dials() is DialFailure.BUSY
        assert scene.told == [(True, NO_DIAL_TONE), (False, NO_DIAL_TONE)]
        assert not scene.journal.of(LineFault)

    played_out(story, personality=personality)


def test_the_modems_own_ears_count_too() -> None:
    async def story(scene: Scene) -> None:
        for _ in range(2):
            await scene.dials()
        assert scene.told == [(True, NO_DIAL_TONE)], "and what we heard ourselves is no cure: nothing was dialled"

    played_out(story, Faults(no_dial_tone=True))


def test_a_ring_shows_that_the_line_is_alive() -> None:
    async def story(scene: Scene) -> None:
        scene.modem.exchange.dial_tone = False
        await scene.dials()
        scene.modem.exchange.call(Caller.silent().hanging_up_after(3.0))
        await scene.journal.wait(CallOffered)
        assert scene.told == [(True, NO_DIAL_TONE), (False, NO_DIAL_TONE)]

    played_out(story)


def test_a_line_that_has_died_is_no_silent_caller_for_ever() -> None:
    """It gave dial tone before: silence may be somebody whose call was picked up. When he has gone without a
    sound the line is dead, and the next dial finds nobody."""

    async def story(scene: Scene) -> None:
        await scene.dials()
        scene.modem.exchange.dial_tone = False
        scene.line.execute(Dial("out-x", NUMBER))
        answered = await scene.journal.wait(Answered)
        await asyncio.sleep(10)
        assert not scene.told, "as long as it may be a caller"
        scene.line.execute(Release(answered.leg))
        await scene.journal.wait(LineTrouble)
        assert scene.told == [(True, NO_DIAL_TONE)]
        assert await scene.dials() is DialFailure.NO_LINE
        assert len(scene.journal.of(CallOffered)) == 1, "no second call that is none"

    played_out(story)


def test_a_silent_caller_who_was_picked_up_is_no_dead_line() -> None:
    async def story(scene: Scene) -> None:
        await scene.dials()
        await asyncio.sleep(2)
        scene.modem.exchange.call(Caller.silent().hanging_up_after(12.0))
        await asyncio.sleep(0.1)
        scene.line.execute(Dial("out-x", NUMBER))
        await scene.journal.wait(LegReleased, count=3, within=100)
        await asyncio.sleep(1)
        assert len(scene.journal.of(CallOffered)) == 1
        assert not scene.told

    played_out(story)


def test_who_spoke_as_he_was_picked_up_is_no_dead_line_however_silent_he_is_then() -> None:
    async def story(scene: Scene) -> None:
        await asyncio.sleep(2)
        scene.modem.exchange.call(Caller.following(Say("喂，您好"), Wait(60.0)))
        await asyncio.sleep(0.1)
        scene.line.execute(Dial("out-x", NUMBER))
        answered = await scene.journal.wait(Answered)
        await asyncio.sleep(15)
        heard = [event for event in scene.journal.of(VerdictReached) if event.verdict is not Verdict.SILENT]
        scene.line.execute(Release(answered.leg))
        await scene.journal.wait(LegReleased, count=2, within=100)
        await asyncio.sleep(1)
        assert not heard, "he was heard before he was a call"
        assert not scene.told

    played_out(story)


@pytest.mark.parametrize(("freed_by", "back"), [("etx", True), ("reset", True), ("replug", False)])
def test_a_modem_that_is_being_recovered_is_told_as_stuck(freed_by: str, back: bool) -> None:
    async def story(scene: Scene) -> None:
        scene.modem.faults.stuck, scene.modem.faults.freed_by = True, freed_by
        await scene.journal.wait(LineTrouble, within=2 * HEALTH_CHECK)
        assert scene.told == [(True, MODEM_STUCK)]
        assert "unplug it" in scene.journal.of(LineTrouble)[0].detail
        await scene.journal.wait(LineTroubleOver, within=60)
        assert scene.told[1:] == [(False, MODEM_STUCK)]
        after = scene.journal.names()[scene.journal.names().index("LineTroubleOver") + 1 :]
        assert after == ([] if back else ["LineFault"]), "it ends before the fault is told"

    played_out(story, Faults())


def test_a_modem_that_will_not_hang_up_is_stuck_until_it_answers_again() -> None:
    async def story(scene: Scene) -> None:
        await scene.is_called(Caller.silent().hanging_up_after(12.0))
        assert scene.told == [(True, MODEM_STUCK), (False, MODEM_STUCK)]
        assert not scene.journal.of(LineFault)

    played_out(story, Faults(stuck_after_voice=True, freed_by="dtr"))


def test_a_line_that_rings_on_when_it_is_answered_is_in_trouble_until_it_answers() -> None:
    async def story(scene: Scene) -> None:
        await scene.is_called(Caller.ringing_off(25.0))
        assert [failed.code for failed in scene.journal.of(LegFailed)] == [FaultCode.ANSWER_FAILED]
        assert scene.told == [(True, NOT_ANSWERING)]
        await asyncio.sleep(40)
        await scene.is_called(Caller.silent().hanging_up_after(12.0))
        assert scene.journal.of(Answered)
        assert scene.told == [(True, NOT_ANSWERING), (False, NOT_ANSWERING)]

    played_out(story, Faults(refuses_off_hook=3))


FACTS = [
    LineRestored(),
    LineFault(FaultCode.PORT_LOST, "gone"),
    *(LineTrouble(code, "") for code in OF_A_MODEM),
    *(LineTroubleOver(code, "") for code in OF_A_MODEM),
    LegFailed("1", FaultCode.ANSWER_FAILED, "rings on"),
    LegFailed("1", FaultCode.PORT_LOST, "gone"),
    Answered("1"),
    FarEndRinging("1"),
    DigitReceived("1", "5"),
    FarEndHungUp("1", HangUpSign.RING_STOPPED),
    FarEndHungUp("1", HangUpSign.BUSY_TONE),
    VerdictReached("1", Verdict.SPEECH, -20.0, 20.0),
    VerdictReached("1", Verdict.NOISY, -40.0, None),
]


@given(st.lists(st.sampled_from(FACTS)))
def test_whatever_happens_each_trouble_begins_and_ends_in_turn_and_no_fact_is_lost(facts) -> None:
    troubles, standing = Troubles(), set()
    for fact in facts:
        passed = troubles.passed(fact)
        if not isinstance(fact, LineTrouble | LineTroubleOver):
            assert passed.count(fact) == 1
        for event in passed:
            if isinstance(event, LineTrouble):
                assert event.code not in standing
                standing.add(event.code)
            elif isinstance(event, LineTroubleOver):
                standing.remove(event.code)
            elif isinstance(event, LineFault):
                assert standing <= {NO_DIAL_TONE}, "a modem out of service has no troubles of its own"


@pytest.mark.parametrize("fact", FACTS, ids=str)
def test_what_proves_a_line_alive(fact) -> None:
    troubles = Troubles()
    troubles.passed(LineTrouble(NO_DIAL_TONE, ""))
    over = any(isinstance(e, LineTroubleOver) and e.code is NO_DIAL_TONE for e in troubles.passed(fact))
    proofs = (FarEndRinging, DigitReceived)
    voice = isinstance(fact, VerdictReached) and fact.verdict is Verdict.SPEECH
    tone = isinstance(fact, FarEndHungUp) and fact.sign is HangUpSign.BUSY_TONE
    told = isinstance(fact, LineTroubleOver) and fact.code is NO_DIAL_TONE
    assert over == (isinstance(fact, proofs) or voice or tone or told)
