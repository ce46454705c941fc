"""The five rules of gateway/call/states.py, each checked on what one call's engine was told and did."""

from drivers.line import Answer, FarEndHungUp, HandsetLifted, Join, Release, Verdict
from drivers.line import Part as JoinEnds
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
from tests.unit.call.clauses_kept import CLAUSES
from tests.unit.call.done import Done

ROUNDING = 1e-6
"""Seconds by which times may seem wrong: a clock's last digit is coarser beyond 16 384 s than before."""


def customer_goes_first(done: Done) -> None:
    """Rule 1: a release is ordered only after a hang-up sign, complete last words and the wait of their clause, a
    farewell and the guard, or at shutdown; and never while the customer speaks."""
    plan = done.plan
    for index, (at, effect) in enumerate(done.effects):
        if not isinstance(effect, Release):
            continue
        before = done.effects[:index]
        end = next(f for _, f in done.effects[index:] if isinstance(f, Released))
        if end.by is ReleasedBy.CUSTOMER:
            assert any(isinstance(f, CustomerHungUp) for _, f in before)
        elif end.by is ReleasedBy.STANDARD:
            last, wait = last_words(plan, end.cause)
            said = [t for t, f in before if isinstance(f, PromptFinished) and f.prompt in last]
            finished = [f for _, f in before if isinstance(f, PromptFinished)]
            assert finished[-1].prompt in last
            assert finished[-1].cut is None
            assert at >= max(said[-1], quiet_since(done, index)) + wait - ROUNDING
        elif end.by is ReleasedBy.GUARD:
            closed = [t for t, f in before if f == StateEntered(CallState.CLOSING)]
            assert at >= max(closed[-1], quiet_since(done, index)) + plan.closing.guard - ROUNDING
        elif end.by is ReleasedBy.HANDSET:
            assert any(isinstance(step, HandsetLifted) for step in done.taken), (
                "somebody holds the customer's line"
            )
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


def quiet_since(done: Done, index: int) -> float:
    """When the customer last spoke or was on hold before the effect at `index`; he must not be doing so now."""
    speaks, since, verdict, began = False, 0.0, Verdict.SILENT, 0.0
    for at, fact in done.effects[:index]:
        if isinstance(fact, VerdictGiven | CustomerResumed | MediaLost | MediaRestored):
            since = at if (speaks and at > began) or isinstance(fact, CustomerResumed) else since
            if isinstance(fact, VerdictGiven):
                verdict = fact.verdict
            elif isinstance(fact, CustomerResumed):
                verdict = Verdict.SILENT
            speaks, began = verdict in (Verdict.SPEECH, Verdict.LOUD) and not isinstance(fact, MediaLost), at
    assert not speaks
    return since


def nobody_is_released_on_hold(done: Done) -> None:
    """Rule 1 again: who put us on hold is there, so no clause and no guard ends the call."""
    held = False
    for effect in done.of(CustomerHeld, CustomerResumed, Released):
        if isinstance(effect, Released):
            assert not held or effect.by not in (ReleasedBy.STANDARD, ReleasedBy.GUARD)
        else:
            held = isinstance(effect, CustomerHeld)


def nobody_is_released_while_an_agent_is_there(done: Done) -> None:
    """Rule 1 again: no clause and no guard ends what two people have to say to each other (JH-2, TT-3)."""
    joined = False
    for effect in done.of(Join, AgentLeft, Released):
        if isinstance(effect, Released):
            assert not joined or effect.by not in (ReleasedBy.STANDARD, ReleasedBy.GUARD)
        else:
            joined = isinstance(effect, Join)


def who_leaves_is_parted(done: Done) -> None:
    """An agent who has left, or lets the customer wait, is not heard by him any more; who talks is."""
    joined = False
    for effect in done.of(Join, JoinEnds, AgentConnected, AgentLeft):
        if isinstance(effect, Join | JoinEnds):
            joined = isinstance(effect, Join)
        else:
            assert joined is isinstance(effect, AgentConnected)


def every_prompt_ends(done: Done) -> None:
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


def a_loss_ends_before_the_next(done: Done) -> None:
    """Losses are told in turn with their ends, and a verdict only of a customer whose audio comes."""
    lost = False
    for fact in done.of(MediaLost, MediaRestored, VerdictGiven):
        if isinstance(fact, VerdictGiven):
            assert not lost
        else:
            assert lost is isinstance(fact, MediaRestored)
            lost = not lost


def one_end(done: Done) -> None:
    """Rule 3: one offer first, at most one end, nothing after it; and an end whenever the leg has gone."""
    facts = done.of(CallFact)
    assert isinstance(facts[0], Offered)
    ends = [index for index, fact in enumerate(facts) if isinstance(fact, Released)]
    assert ends in ([], [len(facts) - 1])
    assert bool(ends) == (done.state is CallState.RELEASED)


def answered_in_a_gap(done: Done) -> None:
    """Rule 4: one order at most, after ring N and in its gap, never once the ringing stopped."""
    orders = [at for at, _ in done.timed(Answer)]
    assert len(orders) <= 1
    if not orders:
        return
    rings = [(at, number) for at, number in done.rung if at <= orders[0]]
    assert max(number for _, number in rings) >= done.plan.answer.on_ring
    assert orders[0] - rings[-1][0] <= done.plan.answer.ring_gap_limit + ROUNDING


def only_signs_are_hang_ups(done: Done) -> None:
    """Rule 5: `customer` never released a call unless the line gave a hang-up sign."""
    signs = any(isinstance(step, FarEndHungUp) for step in done.taken)
    ends = [end for end in done.of(Released) if isinstance(end, Released)]
    assert signs or all(end.by is not ReleasedBy.CUSTOMER for end in ends)


RULES = (
    customer_goes_first,
    nobody_is_released_on_hold,
    nobody_is_released_while_an_agent_is_there,
    who_leaves_is_parted,
    every_prompt_ends,
    a_loss_ends_before_the_next,
    one_end,
    answered_in_a_gap,
    only_signs_are_hang_ups,
    *CLAUSES,
)
"""All that must hold of every call."""
