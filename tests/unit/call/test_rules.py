"""The five rules of gateway/call/states.py, over random facts, requests and times, on every hotline."""

import pytest
from hypothesis import HealthCheck, given, settings

from drivers.line import FarEndResumed, Release, Verdict
from gateway.call.desk_news import AgentGoes, AgentsExpected
from gateway.call.facts import PromptFinished, Released, ReleasedBy, StateEntered
from gateway.call.plan import Plan
from gateway.call.states import CallState
from gateway.dialplan import Call
from tests.examples import examples
from tests.scenarios.hotlines import plan_of
from tests.unit.call.done import Done
from tests.unit.call.random_calls import PLANS, RANDOM_STEPS, Obey, Pass, Step, heard, run
from tests.unit.call.rules_kept import RULES, customer_goes_first

pytestmark = pytest.mark.unit

MANY = settings(max_examples=examples(700), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(PLANS, RANDOM_STEPS)
def test_the_five_rules(plan: Plan, steps: list[Step]) -> None:
    done = run(plan, steps)
    for holds in RULES:
        holds(done)
    assert done.state is not CallState.RELEASED or done.engine.next_deadline() is None


@pytest.mark.parametrize(("early", "kept"), [(1e-11, True), (0.01, False)])
def test_a_release_is_early_by_more_than_a_clocks_last_digit(early: float, kept: bool) -> None:
    """WD-2: three seconds after the farewell, on a clock that passes 16 384 s between the two."""
    plan = plan_of("runfa-water", Call("801"))
    wait, farewell = plan.closing.release_wait, plan.today.farewell
    assert wait is not None
    release = (10.0 + wait - early, Release("leg"))
    end = (release[0], Released(ReleasedBy.STANDARD, plan.closing.clause))
    done = Done(plan, effects=[(10.0, PromptFinished(farewell)), release, end])
    if kept:
        customer_goes_first(done)
    else:
        with pytest.raises(AssertionError):
            customer_goes_first(done)


# -- over the whole of a call ----------------------------------------------------------------------------------


@settings(MANY, max_examples=examples(170))
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


@settings(MANY, max_examples=examples(170))
@given(PLANS, RANDOM_STEPS)
def test_the_same_facts_at_the_same_times_give_the_same_effects(plan: Plan, steps: list[Step]) -> None:
    """And what was refused changed nothing: without it the call goes the same way."""
    done = run(plan, steps)
    met = [step for place, step in enumerate(steps) if place not in done.refused]
    assert run(plan, met).effects == done.effects
