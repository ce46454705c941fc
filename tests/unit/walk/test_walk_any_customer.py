"""Whatever customer and agent do, and in whatever moment: the call has one end, and no clause is broken by us."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.line import (
    DigitReceived,
    FarEndHeld,
    FarEndHungUp,
    FarEndResumed,
    HangUpSign,
    LegEvent,
    Verdict,
    VerdictReached,
)
from gateway.call import facts
from gateway.call.facts import CallFact, ReleasedBy
from gateway.call.requests import CallRequest, EndWaiting, KeepWaiting, SayPhrase
from gateway.walk import Walk, walk_with
from gateway.walk.schedule import Schedule
from gateway.walk.walk import LEG
from tests.examples import examples
from tests.unit.walk.walks import DIALPLANS, WORKDAY, moment, plan_of

pytestmark = pytest.mark.unit

Act = LegEvent | CallRequest
HOLD = "hold"
LATEST = 3 * 3600.0


class AnyCustomer:
    """Does one thing after the other, from off-hook on; at last he is quiet, and may hang up."""

    unused = ()

    def __init__(self, deeds: list[tuple[float, Act | str]], hangs_up: bool) -> None:
        self._due: Schedule[Act] = Schedule()
        self._deeds = deeds
        self._hangs_up = hangs_up

    @property
    def next_at(self) -> float | None:
        return self._due.next_at

    def act(self, now: float) -> Act:
        return self._due.pop()

    def hear(self, fact: CallFact, now: float) -> None:
        if isinstance(fact, facts.Released):
            self._due.clear()
        if not isinstance(fact, facts.CallAnswered):
            return
        for seconds, deed in self._deeds:
            now += seconds
            if isinstance(deed, str):
                self._due.add(now, FarEndHeld(LEG))
                now += 40.0
                self._due.add(now, FarEndResumed(LEG))
            else:
                self._due.add(now, deed)
        self._due.add(now + 1.0, heard(Verdict.SILENT))
        if self._hangs_up:
            self._due.add(now + 20.0, FarEndHungUp(LEG, HangUpSign.BUSY_TONE))


def heard(verdict: Verdict) -> VerdictReached:
    return VerdictReached(LEG, verdict, -30.0, None)


PHRASES = ("nuisance", "number_only")
VERDICTS = st.sampled_from([heard(verdict) for verdict in Verdict])
REQUESTS = st.sampled_from([*map(SayPhrase, PHRASES), KeepWaiting(), EndWaiting()])
KEYS = st.sampled_from([DigitReceived(LEG, digit) for digit in "1234#"])
# The ears think every 0.1 s.
# Half seconds meet the moments in which prompts begin and end: off-hook and each beginning are 0.02 s late.
SECONDS = st.one_of(st.integers(1, 60).map(lambda halves: halves / 2), st.floats(0.1, 30.0))


@pytest.mark.parametrize("name", DIALPLANS)
@settings(deadline=None, max_examples=examples(20), suppress_health_check=[HealthCheck.differing_executors])
@given(data=st.data(), hangs_up=st.booleans())
def test_one_end_and_no_clause_broken(name: str, data: st.DataObject, hangs_up: bool) -> None:
    plan = plan_of(name)
    deeds = st.one_of(VERDICTS, VERDICTS, REQUESTS, st.just(HOLD), KEYS if plan.menu else VERDICTS)
    customer = AnyCustomer(data.draw(st.lists(st.tuples(SECONDS, deeds), max_size=20)), hangs_up)
    call = walk_with(plan, customer, moment(WORKDAY))
    assert [type(past.fact) for past in call.moments].count(facts.Released) == 1
    assert call.moments[-1].seconds < LATEST
    assert one_prompt_at_a_time(call)
    guarded = call.record.released_by == ReleasedBy.GUARD
    assert [judgement.clause for judgement in call.broken] == ([plan.closing.clause] if guarded else [])


def one_prompt_at_a_time(call: Walk) -> bool:
    """Each prompt has ended before the next begins, and none begins where the customer cannot hear it."""
    speaking = held = False
    for fact in (past.fact for past in call.moments):
        if isinstance(fact, facts.PromptStarted):
            if speaking or held:
                return False
            speaking = True
        elif isinstance(fact, facts.PromptFinished):
            speaking = False
        elif isinstance(fact, facts.CustomerHeld | facts.CustomerResumed):
            held = isinstance(fact, facts.CustomerHeld)
    return not speaking
