"""The five rules of gateway/call/states.py, over random sequences of facts and time."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
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
    HangUpSign,
    LegEvent,
    LegFailed,
    LegReleased,
    Play,
    PlayFinished,
    PlayStarted,
    Release,
    RingBurst,
    Verdict,
    VerdictReached,
)
from gateway.call.engine import CallEngine, Effect
from gateway.call.facts import (
    CallFact,
    CustomerHeld,
    CustomerHungUp,
    CustomerResumed,
    Offered,
    PromptFinished,
    PromptStarted,
    Released,
    ReleasedBy,
    StateEntered,
)
from gateway.call.states import CallState
from tests.scenarios.story import LEG, jihua

pytestmark = pytest.mark.unit

MANY = settings(max_examples=12_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PLAN = jihua()


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


verdicts = st.sampled_from(Verdict).map(lambda v: VerdictReached(LEG, v, -30.0, None))
usual = st.one_of(
    st.just(Obey()),
    st.sampled_from([0.02, 0.5, 1.0, 2.6, 3.1, 5.1, 9.0, 61.0, 400.0]).map(Pass),
    verdicts,
)
rare: st.SearchStrategy[object] = st.one_of(
    st.integers(1, 6).map(lambda n: RingBurst(LEG, n)),
    st.just(CallerIdReceived(LEG, CallerId("13800000000"))),
    st.just(DigitReceived(LEG, "5")),
    st.just(Answered(LEG)),
    st.just(FarEndHeld(LEG)),
    st.just(FarEndResumed(LEG)),
    st.integers(0, 4).map(lambda n: PlayStarted(LEG, n)),
    st.tuples(st.integers(0, 4), st.booleans()).map(lambda p: PlayFinished(LEG, *p)),
)
endings: st.SearchStrategy[object] = st.one_of(
    st.sampled_from(HangUpSign).map(lambda s: FarEndHungUp(LEG, s)),
    st.sampled_from(FaultCode).map(lambda c: LegFailed(LEG, c, "")),
    st.just(LegReleased(LEG)),
    st.just(ShutDown()),
)
stalls = st.sampled_from([3.0, 8.0]).map(Stall)
ringing = st.lists(
    st.one_of(rare, st.sampled_from([1.0, 4.0, 5.0]).map(Pass), st.just(Obey()), stalls), max_size=8
)
answered = st.just([RingBurst(LEG, 1), Pass(5.0), RingBurst(LEG, 2), Pass(2.6), Obey(), Obey(), Obey()])
life = st.lists(st.one_of(usual, usual, usual, rare), max_size=40)
calls = st.tuples(st.one_of(ringing, answered), life, st.lists(endings, max_size=2), life).map(
    lambda parts: [step for part in parts for step in part]
)


class Run:
    """Drives one engine through the steps, firing every timer when it comes due, and keeps what it did."""

    def __init__(self) -> None:
        self.now = 0.0
        self.engine = CallEngine(PLAN, LEG, Offered("s", "l", "fxo", "d", "801"), now=0.0)
        self.orders: list[LegEvent] = []
        self.effects: list[tuple[float, CallState, Effect]] = []
        self._take(self.engine.receive(CallOffered(LEG), now=0.0))

    def step(self, step: object) -> None:
        if isinstance(step, Pass):
            self._pass(step.seconds)
        elif isinstance(step, Stall):
            self.now += step.seconds
        elif isinstance(step, Obey):
            if self.orders:
                self._take(self.engine.receive(self.orders.pop(0), now=self.now))
        elif isinstance(step, ShutDown):
            self._take(self.engine.shut_down(now=self.now))
        else:
            assert isinstance(step, LegEvent)
            self._take(self.engine.receive(step, now=self.now))

    def _pass(self, seconds: float) -> None:
        end = self.now + seconds
        while (due := self.engine.next_deadline()) is not None and due <= end:
            self.now = max(self.now, due)
            self._take(self.engine.fire_timers(now=self.now))
        self.now = end

    def _take(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            self.effects.append((self.now, self.engine.state, effect))
            if isinstance(effect, Answer):
                self.orders.append(Answered(LEG))
            elif isinstance(effect, Play):
                self.orders += [PlayStarted(LEG, effect.play), PlayFinished(LEG, effect.play, True)]

    def of(self, *kinds: type[Effect]) -> list[Effect]:
        return [effect for _, _, effect in self.effects if isinstance(effect, kinds)]


def run(steps: list[object]) -> Run:
    done = Run()
    for step in steps:
        done.step(step)
    return done


@MANY
@given(calls)
def test_the_five_rules(steps: list[object]) -> None:
    done = run(steps)
    customer_goes_first(done)
    nobody_is_released_on_hold(done)
    every_prompt_ends(done)
    one_end(done)
    answered_in_a_gap(done, steps)
    only_signs_are_hang_ups(done, steps)


def customer_goes_first(done: Run) -> None:
    """Rule 1: a release is ordered only after a hang-up sign, a complete final prompt, a farewell and the guard,
    or at shutdown."""
    for index, (at, _, effect) in enumerate(done.effects):
        if not isinstance(effect, Release):
            continue
        before = [fact for _, _, fact in done.effects[:index] if isinstance(fact, CallFact)]
        end = next(f for _, _, f in done.effects[index:] if isinstance(f, Released))
        if end.by is ReleasedBy.CUSTOMER:
            assert any(isinstance(f, CustomerHungUp) for f in before)
        elif end.by is ReleasedBy.STANDARD:
            final = PLAN.silent if end.cause == "JH-6" else PLAN.noisy
            said = [t for t, _, f in done.effects[:index] if f == PromptFinished(final.final)]
            assert said
            assert at >= said[-1] + final.release_wait
        elif end.by is ReleasedBy.GUARD:
            closed = [t for t, _, f in done.effects if f == StateEntered(CallState.CLOSING)]
            assert closed
            assert at >= closed[-1] + PLAN.closing.guard
        else:
            assert end.by is ReleasedBy.SHUTDOWN


def nobody_is_released_on_hold(done: Run) -> None:
    """Rule 1 again: who put us on hold is there, so only his hang-up, a lost line or a shutdown end the call."""
    held = False
    for effect in done.of(CustomerHeld, CustomerResumed, Released):
        if isinstance(effect, Released):
            assert not held or effect.by in (ReleasedBy.CUSTOMER, ReleasedBy.FAULT, ReleasedBy.SHUTDOWN)
        else:
            held = isinstance(effect, CustomerHeld)


def every_prompt_ends(done: Run) -> None:
    """Rule 2: each PromptStarted has its PromptFinished before the next one starts, and before the end."""
    open_prompt = None
    for effect in done.of(PromptStarted, PromptFinished, Released):
        if isinstance(effect, PromptStarted):
            assert open_prompt is None
            open_prompt = effect.prompt
        elif isinstance(effect, PromptFinished):
            assert effect.prompt is open_prompt
            open_prompt = None
        else:
            assert open_prompt is None


def one_end(done: Run) -> None:
    """Rule 3: one offer first, at most one end, nothing after it; and an end whenever the leg has gone."""
    facts = done.of(CallFact)
    assert isinstance(facts[0], Offered)
    ends = [index for index, fact in enumerate(facts) if isinstance(fact, Released)]
    assert ends in ([], [len(facts) - 1])
    assert bool(ends) == (done.engine.state is CallState.RELEASED)
    if ends:
        assert done.engine.next_deadline() is None


def answered_in_a_gap(done: Run, steps: list[object]) -> None:
    """Rule 4: one order at most, after ring N and in its gap, never once the ringing stopped."""
    orders = [at for at, _, effect in done.effects if isinstance(effect, Answer)]
    assert len(orders) <= 1
    if not orders:
        return
    rings, now = [], 0.0
    for step in steps:
        if isinstance(step, Pass | Stall):
            now += step.seconds
        elif isinstance(step, RingBurst) and now <= orders[0]:
            rings.append((now, step.number))
    assert max(number for _, number in rings) >= PLAN.answer.on_ring
    assert orders[0] - rings[-1][0] <= PLAN.answer.ring_gap_limit


def only_signs_are_hang_ups(done: Run, steps: list[object]) -> None:
    """Rule 5: `customer` never released a call unless the line gave a hang-up sign."""
    signs = any(isinstance(step, FarEndHungUp) for step in steps)
    ends = [end for end in done.of(Released) if isinstance(end, Released)]
    assert signs or all(end.by is not ReleasedBy.CUSTOMER for end in ends)


@settings(MANY, max_examples=2_000)
@given(calls)
def test_a_call_never_hangs_for_ever_unless_the_customer_speaks(steps: list[object]) -> None:
    """Whatever happened, an answered call whose customer stays silent comes to an end: nothing seizes a line."""
    done = run(steps)
    done.step(FarEndResumed(LEG))
    off_hook = any(f == StateEntered(CallState.GREETING) for f in done.of(StateEntered))
    done.step(VerdictReached(LEG, Verdict.SILENT, -80.0, None))
    for _ in range(200):
        done.step(Obey())
        done.step(Pass(20.0))
    assert done.engine.state is CallState.RELEASED or not off_hook


@settings(MANY, max_examples=1_000)
@given(calls)
def test_the_same_facts_at_the_same_times_give_the_same_effects(steps: list[object]) -> None:
    assert run(steps).effects == run(steps).effects
