"""The judge and the engine agree: what the engine does by its plan is never judged broken."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.line import Verdict
from gateway.call.facts import Notice, ReleasedBy
from gateway.records.compliance import judge
from gateway.records.record import CallRecord, fold
from gateway.records.rules import JIHUA, Rules
from tests.scenarios.story import Story, jihua
from tests.service.told import MORNING

pytestmark = pytest.mark.unit


def recorded(story: Story) -> CallRecord:
    record = None
    for at, fact in story.facts:
        record = fold(record, Notice(MORNING + timedelta(seconds=at), "fxo1", "c1", fact))
    assert record is not None
    return record


def test_the_default_rules_are_those_of_the_default_plan() -> None:
    assert Rules.of(jihua()) == JIHUA


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.tuples(st.sampled_from(Verdict), st.floats(0.1, 30.0)), max_size=20),
    st.booleans(),
)
def test_only_the_guard_breaks_a_clause(behaviour: list[tuple[Verdict, float]], hangs_up: bool) -> None:
    story = Story().greeted()
    for verdict, seconds in behaviour:
        story.customer_is(verdict)
        story.passes(seconds)
    if hangs_up:
        story.hangs_up()
    else:
        story.customer_is(Verdict.SILENT)
        story.passes(600.0)
    record = recorded(story)
    assert not record.open
    broken = {judgement.clause for judgement in judge(record, JIHUA) if not judgement.kept}
    assert broken == ({"JH-2"} if record.released_by == ReleasedBy.GUARD else set())
