"""A random customer: what is heard of him, what he presses, how long he stays, how he goes."""

from random import Random

from drivers.line import (
    CallerId,
    CallerIdReceived,
    CallOffered,
    DigitReceived,
    FarEndHeld,
    FarEndResumed,
    HandsetLifted,
    HangUpSign,
    LegEvent,
    MediaLost,
    MediaRestored,
    Presentation,
    RingBurst,
    Verdict,
    VerdictReached,
)
from gateway.call import facts
from gateway.call.facts import CallFact
from gateway.call.prompt import Part
from gateway.call.states import CallState
from tests.million.loop import HastyLoop
from tests.million.telephone_line import TelephoneLine

VOICES = (
    Verdict.SPEECH,
    Verdict.SPEECH,
    Verdict.SPEECH,
    Verdict.LOUD,
    Verdict.FAINT,
    Verdict.NOISY,
    Verdict.SILENT,
)
LEAVES = {
    CallState.RINGING: 2,
    CallState.GREETING: 2,
    CallState.LISTENING: 2,
    CallState.PROMPTING: 2,
    CallState.WAITING: 2,
    CallState.TALKING: 2,
    CallState.CLOSING: 6,
    None: 2,
}
"""In which state he hangs up, and how often; None: never by himself."""
GOES = {
    "sip": (HangUpSign.BYE,),
    "fxo": (
        HangUpSign.BUSY_TONE,
        HangUpSign.CONGESTION_TONE,
        HangUpSign.DIAL_TONE,
        HangUpSign.LOOP_DROP,
        HangUpSign.HOWLER,
    ),
}
STOPS = {"sip": HangUpSign.CANCEL, "fxo": HangUpSign.RING_STOPPED}
LEVEL = {
    Verdict.SILENT: -62.0,
    Verdict.NOISY: -32.0,
    Verdict.FAINT: -42.0,
    Verdict.SPEECH: -24.0,
    Verdict.LOUD: -8.0,
}
NUMBERS = tuple(f"138{number:08}" for number in range(500))
PATIENCE = 900.0
"""Seconds after which everybody has gone who still speaks or holds the line."""


class Caller:
    """One customer on one leg. Hears each fact of his call; does everything by timers of the loop."""

    def __init__(self, line: TelephoneLine, driver: str, leg: str, loop: HastyLoop, chance: Random) -> None:
        self._line, self._driver, self._leg = line, driver, leg
        self._loop, self._chance = loop, chance
        self.number = None if chance.random() < 0.1 else chance.choice(NUMBERS)
        self._voice = chance.choice(VOICES)
        self._mute_after_greeting = chance.random() < 0.1
        self._leaves = chance.choices(tuple(LEAVES), tuple(LEAVES.values()))[0]
        self._state = CallState.RINGING
        self._answered = False
        self._verdict: Verdict | None = None
        self._held = self._lost = False
        self._turn = 0
        """Counts what he listened to: a reply that was begun before is dropped."""

    def rings(self) -> None:
        """He calls."""
        self._line.report(CallOffered(self._leg))
        if self._driver == "sip":
            self._line.report(CallerIdReceived(self._leg, self._shown()))
        elif self._chance.random() < 0.8:
            self._later(self._chance.uniform(0.5, 3.5), CallerIdReceived(self._leg, self._shown()))
        self._ring(1)
        if self._leaves is CallState.RINGING:
            self._loop.call_later(self._chance.uniform(0.0, 12.0), self.goes)

    def hears(self, fact: CallFact) -> None:
        """A fact of his call."""
        match fact:
            case facts.StateEntered(state=state):
                self._enters(state)
            case facts.CallAnswered():
                self._answered = True
                self._off_hook()
            case facts.PromptStarted():
                self._turn += 1
            case facts.PromptFinished(prompt=prompt):
                self._replies(prompt.part)

    def goes(self) -> None:
        """He hangs up, unless he has gone."""
        signs = GOES[self._driver] if self._answered else (STOPS[self._driver],)
        self._line.goes(self._leg, self._chance.choice(signs))

    # -- what he does ------------------------------------------------------------------------------------------

    def _ring(self, number: int) -> None:
        leg = self._line.up.get(self._leg)
        if leg is None or leg.off_hook or number > 12:
            return
        self._line.report(RingBurst(self._leg, number))
        self._loop.call_later(self._chance.choice((5.0, 5.0, 4.4, 6.0)), self._ring, number + 1)

    def _off_hook(self) -> None:
        self._loop.call_later(PATIENCE * self._chance.uniform(0.5, 1.5), self.goes)
        if self._voice in (Verdict.SILENT, Verdict.NOISY):
            self._hear_later(self._chance.uniform(0.6, 1.3), self._voice)
        if (happens := self._chance.random()) < 0.04:
            self._later(self._chance.uniform(1.0, 60.0), HandsetLifted(self._leg))
        elif happens < 0.10 and self._driver == "sip":
            self._loop.call_later(self._chance.uniform(1.0, 60.0), self._holds, self._chance.uniform(0.5, 90.0))
        elif happens < 0.18:
            self._loop.call_later(self._chance.uniform(1.0, 60.0), self._loses, self._chance.uniform(0.5, 90.0))
        elif happens < 0.25:
            self._later(
                self._chance.uniform(1.0, 60.0), DigitReceived(self._leg, self._chance.choice("0123456789*#"))
            )

    def _enters(self, state: CallState) -> None:
        self._state = state
        self._turn += 1
        if state is self._leaves:
            latest = 40.0 if state in (CallState.TALKING, CallState.WAITING) else 8.0
            self._loop.call_later(self._chance.uniform(0.0, latest), self.goes)
        if state is CallState.LISTENING:
            self._speaks(self._chance.uniform(0.3, 4.0))
        elif state is CallState.WAITING and self._chance.random() < 0.3:
            self._later(self._chance.uniform(1.0, 90.0), DigitReceived(self._leg, self._chance.choice("12")))

    def _replies(self, part: Part) -> None:
        if part is Part.GREETING and self._mute_after_greeting:
            self._voice = Verdict.SILENT
        keyed = part in (Part.MENU, Part.QUESTION, Part.CALL_BACK) and self._chance.random() < 0.6
        if keyed:
            keys = self.number or "12" if part is Part.CALL_BACK else self._chance.choice("1234590#")
            for place, digit in enumerate(keys + "#" if len(keys) > 1 else keys):
                self._later(0.5 + 0.3 * place, DigitReceived(self._leg, digit))

    def _speaks(self, after: float) -> None:
        """Begins to say something, and ends it, unless he is silent."""
        if self._voice in (Verdict.SILENT, Verdict.NOISY) or self._chance.random() < 0.15:
            return
        self._loop.call_later(after, self._begins, self._turn)

    def _begins(self, turn: int) -> None:
        if turn == self._turn:
            self._hear(self._voice)
            self._hear_later(self._chance.uniform(1.0, 15.0), Verdict.SILENT)

    def _holds(self, seconds: float) -> None:
        if self._is_up() and not self._held and not self._lost:
            self._held = True
            self._line.report(FarEndHeld(self._leg))
            self._loop.call_later(seconds, self._resumes)

    def _resumes(self) -> None:
        self._held = False
        if self._is_up():
            self._verdict = None
            self._line.report(FarEndResumed(self._leg))
            self._hear_later(1.0, Verdict.SILENT)

    def _loses(self, seconds: float) -> None:
        if self._is_up() and not self._held and not self._lost:
            self._lost = True
            self._line.report(MediaLost(self._leg))
            self._loop.call_later(seconds, self._is_heard_again)

    def _is_heard_again(self) -> None:
        self._lost = False
        if self._is_up():
            self._line.report(MediaRestored(self._leg))
            self._hear_later(0.5, Verdict.SILENT)

    # -- how the line tells it ---------------------------------------------------------------------------------

    def _hear_later(self, seconds: float, verdict: Verdict) -> None:
        self._loop.call_later(seconds, self._hear, verdict)

    def _hear(self, verdict: Verdict) -> None:
        """The ears tell what changes, and nothing of who is not heard."""
        if self._is_up() and verdict is not self._verdict and not self._held and not self._lost:
            self._verdict = verdict
            self._line.report(VerdictReached(self._leg, verdict, LEVEL[verdict], None))

    def _later(self, seconds: float, event: LegEvent) -> None:
        self._loop.call_later(seconds, self._report, event)

    def _report(self, event: LegEvent) -> None:
        leg = self._line.up.get(self._leg)
        if leg is None or leg.releasing or isinstance(event, CallerIdReceived) == leg.off_hook or self._held:
            return
        self._line.report(event)

    def _is_up(self) -> bool:
        leg = self._line.up.get(self._leg)
        return leg is not None and leg.off_hook and not leg.releasing

    def _shown(self) -> CallerId:
        if self.number is None:
            return CallerId(
                None, presentation=self._chance.choice((Presentation.PRIVATE, Presentation.UNAVAILABLE))
            )
        return CallerId(self.number)
