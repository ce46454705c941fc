"""A call that somebody takes at a parallel telephone: nobody hung up, and what it did not live to is not owed."""

import pytest

from drivers.line import HandsetLifted
from gateway.call.facts import Released, ReleasedBy
from gateway.kpi.call import Outcome
from gateway.records.compliance import judge
from gateway.records.journal import fact_data, fact_name
from gateway.records.narrate import narrate
from gateway.records.store import Event
from tests.scenarios.story import LEG
from tests.service.told import Told
from tests.unit.records.standards import SHIPPED, folded, greeted, rules
from tests.unit.records.test_records_compliance import recorded

pytestmark = pytest.mark.unit

MOMENTS = [quarter / 4 for quarter in range(0, 160, 3)]
"""Seconds after the greeting: in prompts, between them, in questions and menus, in the last words."""


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("talks", [False, True])
def test_12_09_picking_up_at_any_moment_breaks_no_clause(name: str, talks: bool) -> None:
    for moment in MOMENTS:
        call = greeted(name)
        if talks:
            call.talks()
        call.passes(moment)
        if call.released is not None:
            break
        call.reports(HandsetLifted(LEG))
        record = folded(call.facts)
        assert (record.outcome, record.released_by) == (Outcome.ANSWERED, "handset")
        judgements = judge(record, rules(name))
        assert all(judgement.kept for judgement in judgements), (moment, judgements)
        evidence = [judgement.evidence for judgement in judgements if judgement.step == "release"]
        assert evidence == ["nobody hung up: taken at a parallel telephone"]


def test_12_09_taken_while_it_rings_it_was_answered_there() -> None:
    told = Told().rings(2).released(ReleasedBy.HANDSET, "parallel telephone")
    record = recorded(told)
    assert (record.outcome, record.answered_at, record.released_by) == (Outcome.ANSWERED, None, "handset")
    assert judge(record, rules("jihua-gas")) == ()
    events = [
        Event(n.at, fact_name(n.fact), fact_data(n.fact)) for n in told.notices if isinstance(n.fact, Released)
    ]
    assert [step.words for step in narrate(record, events)] == ["released by handset: parallel telephone"]
