"""Random calls: what can happen to an engine in any order, and a run of it that keeps all it did."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from hypothesis import strategies as st

from drivers.line import (
    Answer,
    Answered,
    CallerId,
    CallerIdReceived,
    CallOffered,
    DigitReceived,
    FarEndHeld,
    FarEndHungUp,
    FarEndResumed,
    FaultCode,
    HandsetLifted,
    HangUpSign,
    LegEvent,
    LegFailed,
    LegReleased,
    MediaLost,
    MediaRestored,
    Play,
    PlayFinished,
    PlayStarted,
    RingBurst,
    StopPlaying,
    Verdict,
    VerdictReached,
)
from gateway.call.desk_news import (
    AgentAnswers,
    AgentGoes,
    AgentHolds,
    AgentMisses,
    AgentRings,
    AgentsExpected,
    DeskNews,
    QueueMoved,
)
from gateway.call.engine import CallEngine, Effect
from gateway.call.facts import Offered
from gateway.call.plan import Plan
from gateway.call.requests import CallRequest, EndWaiting, KeepWaiting, RequestRefused, SayPhrase
from gateway.dialplan import Call
from tests.scenarios.hotlines import SHANGHAI, plan_of
from tests.scenarios.story import LEG, jihua
from tests.unit.call.done import Done

HOTLINES = ("jihua-gas", "runfa-water", "jinsui-tax", "service-desk", "tietong-keyaccount")


@dataclass(frozen=True)
class Pass:
    """Time goes by."""

    seconds: float


@dataclass(frozen=True)
class Stall:
    """Time goes by unnoticed: the process was stopped or starved, and the timers fire late."""

    seconds: float


@dataclass(frozen=True)
class Obey:
    """The line carries out its oldest open order: answers, starts or ends a prompt."""


@dataclass(frozen=True)
class ShutDown:
    """The process is told to stop."""


Step = Pass | Stall | Obey | ShutDown | LegEvent | CallRequest | DeskNews


@cache
def shipped(name: str, call: Call) -> Plan:
    return plan_of(name, call)


def everything() -> Plan:
    """What no hotline has together: a menu, an intake behind it, corrections, waiting, and a release by WD-2."""
    call = Call("801", at=datetime(2025, 12, 31, 23, 59, 40, tzinfo=SHANGHAI), recording="calls/call.wav")
    water, tax, tietong = (plan_of(name, call) for name in ("runfa-water", "jinsui-tax", "tietong-keyaccount"))
    assert tietong.menu is not None
    two = {digit: replace(tietong.menu.choices[digit], flow=tax.flow) for digit in "13"}
    menu = replace(tietong.menu, choices={**tietong.menu.choices, **two})
    return replace(tietong, menu=menu, faint=water.faint, loud=water.loud, closing=water.closing)


MIDNIGHT = datetime(2026, 1, 1, tzinfo=SHANGHAI)
CALLS = st.builds(
    Call,
    agent=st.sampled_from(["801", "7", "1206"]),
    trainee=st.booleans(),
    overflow=st.booleans(),
    at=st.sampled_from([None, *(MIDNIGHT - timedelta(seconds=seconds) for seconds in (3, 30, 100, 40_000))]),
    on_ring=st.sampled_from([None, 1, 2]),
    recording=st.sampled_from([None, "calls/call.wav"]),
)
PLANS = st.one_of(st.sampled_from([everything(), jihua()]), st.builds(shipped, st.sampled_from(HOTLINES), CALLS))


def heard(verdict: Verdict) -> VerdictReached:
    return VerdictReached(LEG, verdict, -30.0, None)


Part = tuple[Step, ...]
"""Steps that make sense one after the other. Whole parts are drawn: single steps seldom get far in a call."""

SPOKEN: Part = (Obey(), Obey())
"""What we have to say is said."""
TOLD: tuple[Part, ...] = tuple(
    (heard(verdict), Pass(seconds), heard(Verdict.SILENT), Pass(pause), *SPOKEN)
    for verdict in (Verdict.SPEECH, Verdict.LOUD, Verdict.FAINT)
    for seconds, pause in ((1.0, 2.9), (4.0, 3.1), (6.0, 5.1))
)
"""The customer says something, and what follows is said to him."""
LOST: tuple[Part, ...] = tuple(
    (heard(verdict), Pass(2.0), MediaLost(LEG), Pass(seconds), *SPOKEN, MediaRestored(LEG))
    for verdict in Verdict
    for seconds in (1.0, 5.1, 61.0)
)
"""His audio is lost for a while, whatever was heard of him."""
QUIET: tuple[Part, ...] = tuple((Pass(seconds), *SPOKEN) for seconds in (3.1, 5.1, 6.1, 10.1, 15.0, 31.0, 61.0))
ALONE: tuple[Step, ...] = (
    *(Pass(seconds) for seconds in (0.02, 0.5, 1.0, 2.6, 3.1, 5.1, 9.0, 15.0, 61.0, 400.0)),
    *(heard(verdict) for verdict in Verdict),
    *(DigitReceived(LEG, digit) for digit in "12340#"),
    *(SayPhrase(key) for key in ("nuisance", "number_only", "engineer", "nobody")),
    *(KeepWaiting(), KeepWaiting(), EndWaiting(), EndWaiting()),
    *(FarEndHeld(LEG), FarEndResumed(LEG), FarEndResumed(LEG)),
    *(MediaLost(LEG), MediaLost(LEG), MediaRestored(LEG), MediaRestored(LEG)),
    *(Stall(3.0), Stall(8.0)),
)
DESK: tuple[Step, ...] = (
    *(AgentsExpected(True), AgentsExpected(True), AgentsExpected(True), AgentsExpected(False)),
    *(AgentRings("801"), AgentMisses("801", "no_answer"), AgentMisses("801", "refused"), QueueMoved(2)),
    *(AgentAnswers(agent, "a", "b") for agent in ("801", "801", "802")),
    *(AgentGoes(agent, "hung_up") for agent in ("801", "801", "802")),
    *(AgentHolds(True), AgentHolds(False)),
)
"""What the desk may tell, at any time; a real one tells less."""
ODD: tuple[Step, ...] = (
    *(RingBurst(LEG, number) for number in range(1, 5)),
    *(Answered(LEG), CallerIdReceived(LEG, CallerId("13800000000"))),
    *(PlayStarted(LEG, play) for play in range(6)),
    *(PlayFinished(LEG, play, complete) for play in range(6) for complete in (True, False)),
)
"""What a line may report out of turn."""
ENDS: tuple[Step, ...] = (
    *(FarEndHungUp(LEG, sign) for sign in HangUpSign),
    *(LegFailed(LEG, code, "") for code in FaultCode),
    *(LegReleased(LEG), ShutDown(), HandsetLifted(LEG)),
)
RINGS: tuple[Step, ...] = (
    *(RingBurst(LEG, number) for number in range(1, 5)),
    *(Pass(1.0), Pass(4.0), Pass(5.0), Obey(), Stall(3.0), Stall(8.0)),
    *(CallerIdReceived(LEG, CallerId("13800000000")), DigitReceived(LEG, "4"), FarEndHeld(LEG)),
)
NOTHING: Part = ()
"""Comes first, as a failing call is made simpler by it."""


def parts(*steps: Step) -> list[Part]:
    return [(step,) for step in steps]


def drawn_from(table: list[Part], most: int, least: int = 0) -> st.SearchStrategy[list[Part]]:
    """A list of parts. One draw of bytes costs a tenth of as many single draws, and calls can be longer for it."""
    assert len(table) <= 256
    return st.binary(min_size=least, max_size=most).map(lambda drawn: [table[byte % len(table)] for byte in drawn])


LIFE = [NOTHING, *2 * parts(Obey(), Obey(), Obey(), *ALONE), *parts(*ODD), *5 * TOLD, *3 * QUIET, *LOST]
LIFE += parts(*DESK)
UP: list[Part] = [(RingBurst(LEG, 1), Pass(5.0), RingBurst(LEG, 2), Pass(2.6), Obey(), *SPOKEN, *SPOKEN)]
RANDOM_STEPS: st.SearchStrategy[list[Step]] = st.tuples(
    st.one_of(st.just(UP), drawn_from(parts(*RINGS), 8), st.just(UP)),
    drawn_from(LIFE, 60, least=15),
    drawn_from(parts(*ENDS), 2),
    drawn_from(LIFE, 10),
).map(lambda lists: [step for drawn in lists for part in drawn for step in part])


class Run(Done):
    """Drives one engine through the steps, firing every timer when it comes due, and keeps what it did."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.now = 0.0
        self.engine = CallEngine(plan, LEG, Offered("s", "l", "fxo", "d", "801"), now=0.0)
        self.orders: list[LegEvent] = []
        self.refused: list[int] = []
        """Places in `taken` of the requests that were refused."""
        self._take(self.engine.receive(CallOffered(LEG), now=0.0))

    def step(self, step: Step) -> None:
        self.taken.append(step)
        match step:
            case Pass():
                self._pass(step.seconds)
            case Stall():
                self.now += step.seconds
            case Obey():
                if self.orders:
                    self._take(self.engine.receive(self.orders.pop(0), now=self.now))
            case ShutDown():
                self._take(self.engine.shut_down(now=self.now))
            case CallRequest():
                self._ask(step)
            case DeskNews():
                self._take(self.engine.news(step, now=self.now))
            case LegEvent():
                if isinstance(step, RingBurst):
                    self.rung.append((self.now, step.number))
                self._take(self.engine.receive(step, now=self.now))

    def _ask(self, request: CallRequest) -> None:
        try:
            effects = self.engine.request(request, now=self.now)
        except RequestRefused:
            self.refused.append(len(self.taken) - 1)
            return
        if isinstance(request, SayPhrase):
            self.phrases.append(request.key)
        self._take(effects)

    def _pass(self, seconds: float) -> None:
        end = self.now + seconds
        while (due := self.engine.next_deadline()) is not None and due <= end:
            self.now = max(self.now, due)
            self._take(self.engine.fire_timers(now=self.now))
        self.now = end

    def _take(self, effects: tuple[Effect, ...]) -> None:
        self.state = self.engine.state
        for effect in effects:
            self.effects.append((self.now, effect))
            if isinstance(effect, Answer):
                self.orders.append(Answered(LEG))
            elif isinstance(effect, Play):
                self.orders += [PlayStarted(LEG, effect.play), PlayFinished(LEG, effect.play, True)]
            elif isinstance(effect, StopPlaying):
                self.orders = [cut(order) for order in self.orders]


def cut(order: LegEvent) -> LegEvent:
    """What comes of an open order once the line was told to stop playing."""
    return replace(order, complete=False) if isinstance(order, PlayFinished) else order


def run(plan: Plan, steps: list[Step]) -> Run:
    done = Run(plan)
    for step in steps:
        done.step(step)
    return done
