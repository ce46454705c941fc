"""The judge and the engine agree: what the engine does by a standard's plan is never judged broken."""

from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.line import Verdict
from gateway.call.facts import ReleasedBy
from gateway.call.requests import EndWaiting, KeepWaiting, RequestRefused, SayPhrase
from gateway.records.compliance import judged
from gateway.records.rules import JIHUA, Rules
from tests.examples import examples
from tests.service.told import ZONE
from tests.unit.records.standards import SHIPPED, RealCall, broken, greeted, plan, recorded, rules

pytestmark = pytest.mark.unit

HOLIDAY = datetime(2026, 10, 1, 9, 0, tzinfo=ZONE)


def test_the_default_rules_are_those_of_the_default_dialplan() -> None:
    assert rules("jihua-gas") == JIHUA


@pytest.mark.parametrize("name", SHIPPED)
def test_one_set_of_rules_serves_every_call_of_a_dialplan(name: str) -> None:
    for call in ({"trainee": True}, {"overflow": True}, {"at": HOLIDAY}, {"agent": "17"}, {"recording": None}):
        assert Rules.of(plan(name, **call)) == rules(name), call


SECONDS = st.floats(0.1, 30.0)
DEEDS = st.one_of(
    st.tuples(st.just("is"), st.sampled_from(Verdict), SECONDS),
    st.tuples(st.just("dials"), st.sampled_from("1234567890*#"), SECONDS),
    st.tuples(st.just("holds"), st.floats(0.1, 60.0), SECONDS),
    st.tuples(st.just("is lost"), st.floats(1.0, 60.0), SECONDS),
    st.tuples(st.just("asks for"), st.sampled_from(["wait", "end", "phrase"]), SECONDS),
)


def act(call: RealCall, deed: tuple[str, object, float]) -> None:
    """Somebody does something, and time passes."""
    what, how, seconds = deed
    requests = {"wait": KeepWaiting(), "end": EndWaiting(), "phrase": SayPhrase("nuisance")}
    if isinstance(how, Verdict):
        call.customer_is(how)
    elif what == "dials":
        call.dials(str(how))
    elif what == "is lost":
        assert isinstance(how, float)
        call.is_lost(how)
    elif isinstance(how, float):
        call.on_hold(how)
    else:
        with suppress(RequestRefused):
            call.asks_for(requests[str(how)])
    call.passes(seconds)


@settings(deadline=None, max_examples=examples(40))
@given(
    st.sampled_from(SHIPPED),
    st.fixed_dictionaries(
        {"trainee": st.booleans(), "overflow": st.booleans(), "at": st.none() | st.just(HOLIDAY)}
    ),
    st.lists(DEEDS, max_size=20),
    st.booleans(),
)
def test_only_the_guard_breaks_a_clause(
    name: str, who: dict[str, object], deeds: list[tuple[str, object, float]], hangs_up: bool
) -> None:
    call = greeted(name, **who)
    for deed in deeds:
        act(call, deed)
    if hangs_up:
        call.hangs_up()
    else:
        call.customer_is(Verdict.SILENT)
        call.passes(900.0)
    record = recorded(call)
    assert not record.open
    guard = {(rules(name).hang_up_clause, "release")} if record.released_by == ReleasedBy.GUARD else set()
    assert broken(record).keys() == guard, broken(record)
    whole = judged(record, rules(name))
    left_out = {one.clause for one in whole.not_applicable or ()}
    found = {judgement.clause for judgement in whole.compliance}
    assert (found | left_out, found & left_out) == (rules(name).clauses, set())
