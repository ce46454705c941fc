"""The five rules of gateway/call/states.py, over random facts, requests and times, on every hotline."""

import pytest
from hypothesis import HealthCheck, given, settings

from drivers.line import (
    Answer,
    FarEndHungUp,
    FarEndResumed,
    HandsetLifted,
    Join,
    Release,
    RingBurst,
    Verdict,
)
from drivers.line import Part as JoinEnds
from gateway.call.desk_news import AgentGoes, AgentsExpected
from gateway.call.facts import (
    AgentConnected,
    AgentLeft,
    CallFact,
    CustomerHeld,
    CustomerHungUp,
    CustomerResumed,
    MediaLost,
    MediaRestored,
    Offered,
    PromptFinished,
    PromptStarted,
    Released,
    ReleasedBy,
    StateEntered,
    VerdictGiven,
)
from gateway.call.plan import Plan, Prompt
from gateway.call.states import CallState
from tests.examples import examples
from tests.unit.call.clauses_kept import (
    every_question_is_answered_once,
    every_recording_ends,
    nobody_is_corrected_twice,
    one_kind_is_chosen,
    waits_are_reassured_and_end,
    what_is_said_is_said_of_its_day,
    what_was_asked_for_is_said,
)
from tests.unit.call.random_calls import PLANS, RANDOM_STEPS, Obey, Pass, Run, Stall, Step, heard, run

pytestmark = pytest.mark.unit

MANY = settings(max_examples=examples(2_000), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(PLANS, RANDOM_STEPS)
def test_the_five_rules(plan: Plan, steps: list[Step]) -> None:
    done = run(plan, steps)
    customer_goes_first(done)
    nobody_is_released_on_hold(done)
    nobody_is_released_while_an_agent_is_there(done)
    who_leaves_is_parted(done)
    every_prompt_ends(done)
    a_loss_ends_before_the_next(done)
    one_end(done)
    answered_in_a_gap(done, steps)
    only_signs_are_hang_ups(done, steps)
    every_question_is_answered_once(done)
    every_recording_ends(done)
    waits_are_reassured_and_end(done)
    one_kind_is_chosen(done)
    nobody_is_corrected_twice(done)
    what_is_said_is_said_of_its_day(done)
    what_was_asked_for_is_said(done)


# -- the five rules --------------------------------------------------------------------------------------------


def customer_goes_first(done: Run) -> None:
    """Rule 1: a release is ordered only after a hang-up sign, complete last words and the wait of their clause, a
    farewell and the guard, or at shutdown; and never while the customer speaks."""
    plan = done.plan
    for index, (at, _, effect) in enumerate(done.effects):
        if not isinstance(effect, Release):
            continue
        before = done.effects[:index]
        end = next(f for _, _, f in done.effects[index:] if isinstance(f, Released))
        if end.by is ReleasedBy.CUSTOMER:
            assert any(isinstance(f, CustomerHungUp) for _, _, f in before)
        elif end.by is ReleasedBy.STANDARD:
            last, wait = last_words(plan, end.cause)
            said = [t for t, _, f in before if isinstance(f, PromptFinished) and f.prompt in last]
            finished = [f for _, _, f in before if isinstance(f, PromptFinished)]
            assert finished[-1].prompt in last
            assert finished[-1].cut is None
            assert at >= max(said[-1], quiet_since(done, index)) + wait
        elif end.by is ReleasedBy.GUARD:
            closed = [t for t, _, f in before if f == StateEntered(CallState.CLOSING)]
            assert at >= max(closed[-1], quiet_since(done, index)) + plan.closing.guard
        elif end.by is ReleasedBy.HANDSET:
            assert any(step == HandsetLifted("leg") for step in done.taken), "somebody holds the customer's line"
        else:
            assert end.by is ReleasedBy.SHUTDOWN


def last_words(plan: Plan, clause: str) -> tuple[tuple[Prompt, ...], float]:
    """What must have been said before `clause` releases, and how long before."""
    for ladder in (plan.silent, plan.noisy):
        if clause == ladder.clause:
            return (ladder.final,), ladder.release_wait
    assert clause == plan.closing.clause
    assert plan.closing.release_wait is not None
    return tuple(day.farewell for day in (plan.today, plan.tomorrow) if day), plan.closing.release_wait


def quiet_since(done: Run, index: int) -> float:
    """When the customer last spoke or was on hold before the effect at `index`; he must not be doing so now."""
    speaks, since, verdict, began = False, 0.0, Verdict.SILENT, 0.0
    for at, _, fact in done.effects[:index]:
        if isinstance(fact, VerdictGiven | CustomerResumed | MediaLost | MediaRestored):
            since = at if (speaks and at > began) or isinstance(fact, CustomerResumed) else since
            if isinstance(fact, VerdictGiven):
                verdict = fact.verdict
            elif isinstance(fact, CustomerResumed):
                verdict = Verdict.SILENT
            speaks, began = verdict in (Verdict.SPEECH, Verdict.LOUD) and not isinstance(fact, MediaLost), at
    assert not speaks
    return since


def nobody_is_released_on_hold(done: Run) -> None:
    """Rule 1 again: who put us on hold is there, so no clause and no guard ends the call."""
    held = False
    for effect in done.of(CustomerHeld, CustomerResumed, Released):
        if isinstance(effect, Released):
            assert not held or effect.by not in (ReleasedBy.STANDARD, ReleasedBy.GUARD)
        else:
            held = isinstance(effect, CustomerHeld)


def nobody_is_released_while_an_agent_is_there(done: Run) -> None:
    """Rule 1 again: no clause and no guard ends what two people have to say to each other (JH-2, TT-3)."""
    joined = False
    for effect in done.of(Join, AgentLeft, Released):
        if isinstance(effect, Released):
            assert not joined or effect.by not in (ReleasedBy.STANDARD, ReleasedBy.GUARD)
        else:
            joined = isinstance(effect, Join)


def who_leaves_is_parted(done: Run) -> None:
    """An agent who has left, or lets the customer wait, is not heard by him any more; who talks is."""
    joined = False
    for effect in done.of(Join, JoinEnds, AgentConnected, AgentLeft):
        if isinstance(effect, Join | JoinEnds):
            joined = isinstance(effect, Join)
        else:
            assert joined is isinstance(effect, AgentConnected)


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


def a_loss_ends_before_the_next(done: Run) -> None:
    """Losses are told in turn with their ends, and a verdict only of a customer whose audio comes."""
    lost = False
    for fact in done.of(MediaLost, MediaRestored, VerdictGiven):
        if isinstance(fact, VerdictGiven):
            assert not lost
        else:
            assert lost is isinstance(fact, MediaRestored)
            lost = not lost


def one_end(done: Run) -> None:
    """Rule 3: one offer first, at most one end, nothing after it; and an end whenever the leg has gone."""
    facts = done.of(CallFact)
    assert isinstance(facts[0], Offered)
    ends = [index for index, fact in enumerate(facts) if isinstance(fact, Released)]
    assert ends in ([], [len(facts) - 1])
    assert bool(ends) == (done.engine.state is CallState.RELEASED)
    if ends:
        assert done.engine.next_deadline() is None


def answered_in_a_gap(done: Run, steps: list[Step]) -> None:
    """Rule 4: one order at most, after ring N and in its gap, never once the ringing stopped."""
    orders = [at for at, _ in done.timed(Answer)]
    assert len(orders) <= 1
    if not orders:
        return
    rings, now = [], 0.0
    for step in steps:
        if isinstance(step, Pass | Stall):
            now += step.seconds
        elif isinstance(step, RingBurst) and now <= orders[0]:
            rings.append((now, step.number))
    assert max(number for _, number in rings) >= done.plan.answer.on_ring
    assert orders[0] - rings[-1][0] <= done.plan.answer.ring_gap_limit


def only_signs_are_hang_ups(done: Run, steps: list[Step]) -> None:
    """Rule 5: `customer` never released a call unless the line gave a hang-up sign."""
    signs = any(isinstance(step, FarEndHungUp) for step in steps)
    ends = [end for end in done.of(Released) if isinstance(end, Released)]
    assert signs or all(end.by is not ReleasedBy.CUSTOMER for end in ends)


# -- over the whole of a call ----------------------------------------------------------------------------------


@settings(MANY, max_examples=examples(500))
@given(PLANS, RANDOM_STEPS)
def test_a_call_never_hangs_for_ever_unless_the_customer_speaks(plan: Plan, steps: list[Step]) -> None:
    """Whatever happened, an answered call whose customer stays silent comes to an end: nothing seizes a line."""
    done = run(plan, steps)
    done.step(FarEndResumed("leg"))
    for news in (AgentsExpected(False), AgentGoes("801", "hung_up"), AgentGoes("802", "hung_up")):
        done.step(news)
    off_hook = any(f == StateEntered(CallState.GREETING) for f in done.of(StateEntered))
    done.step(heard(Verdict.SILENT))
    for _ in range(200):
        done.step(Obey())
        done.step(Pass(20.0))
    assert done.engine.state is CallState.RELEASED or not off_hook


@settings(MANY, max_examples=examples(500))
@given(PLANS, RANDOM_STEPS)
def test_the_same_facts_at_the_same_times_give_the_same_effects(plan: Plan, steps: list[Step]) -> None:
    """And what was refused changed nothing: without it the call goes the same way."""
    done = run(plan, steps)
    met = [step for place, step in enumerate(steps) if place not in done.refused]
    assert run(plan, met).effects == done.effects
