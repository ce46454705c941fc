"""Whatever facts come in whatever order, judging gives judgements and never an error."""

import json
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.line import HangUpSign, Verdict
from gateway.call import facts
from gateway.call.facts import CallFact, CutReason, Notice, Offered, ReleasedBy
from gateway.call.plan import Choice, Question
from gateway.records.compliance import judge, judged
from gateway.records.folding import fold
from gateway.records.journal import fact_data, fact_name, record_of, row_values
from gateway.records.narrate import narrate
from gateway.records.record import CallRecord
from gateway.records.rules import JIHUA
from gateway.records.schema import CallRow
from gateway.records.store import Event
from tests.examples import examples
from tests.service.told import MORNING, ZONE
from tests.unit.records.standards import SHIPPED, plan, rules

pytestmark = pytest.mark.unit


AGENTS = st.sampled_from(["801", "802"])
WHY = st.sampled_from(["no_answer", "hung_up", "failed"])


@cache
def facts_of(name: str) -> st.SearchStrategy[CallFact]:
    """Facts that a call of this standard can have, most of them about its own prompts, questions and kinds."""
    made = plan(name)
    prompts = st.sampled_from(made.prompts())
    choices: list[Choice] = list(made.menu.choices.values()) if made.menu else []
    questions: list[Question] = [q for flow in (made.flow, *(c.flow for c in choices)) for q in flow.questions]
    kinds = st.sampled_from([choice.kind for choice in choices] or ["enquiry"])
    digits = st.none() | st.sampled_from("1349")
    cuts = st.none() | st.sampled_from(CutReason)
    return st.one_of(
        st.builds(facts.PromptStarted, prompts),
        st.builds(facts.PromptFinished, prompts, cuts),
        st.builds(facts.KindChosen, kinds, digits, st.just("TT-1")),
        st.builds(facts.AlertRaised, kinds, st.just("TT-1")),
        st.builds(facts.QuestionAnswered, st.sampled_from(questions), st.booleans(), digits)
        if questions
        else st.nothing(),
        st.builds(facts.WaitEnded, st.floats(), st.booleans(), st.booleans()),
        st.builds(facts.WaitMoved, st.integers(1, 3)),
        st.builds(facts.CallBackAsked, st.none() | st.just("13812345678"), st.none(), st.booleans()),
        *(st.builds(kind, AGENTS) for kind in (facts.AgentAssigned, facts.AgentRinging, facts.AgentConnected)),
        *(st.builds(kind, AGENTS, WHY) for kind in (facts.AgentMissed, facts.AgentLeft)),
        st.builds(facts.VerdictGiven, st.sampled_from(Verdict), st.floats(), st.none()),
        st.builds(facts.CustomerHungUp, st.sampled_from(HangUpSign)),
        st.sampled_from(
            [
                facts.WaitBegan(),
                facts.WaitBegan(2),
                facts.CustomerHeld(),
                facts.CustomerResumed(),
                facts.CallAnswered(2, 5.0),
                facts.MessageTaken(),
                facts.Dialled(12, "13812345678"),
                facts.CustomerRings(),
                facts.DialUnanswered("busy"),
            ]
        ),
    )


STORIES = st.sampled_from(SHIPPED).flatmap(
    lambda name: st.tuples(
        st.just(name),
        st.lists(st.tuples(facts_of(name), st.floats(-2.0, 40.0)), max_size=25),
        st.sampled_from(ReleasedBy),
        st.sampled_from(["JH-2", "WD-2", "JH-6", "TT-3", "bye"]),
    )
)


def told(name: str, story: list[tuple[CallFact, float]], end: facts.Released) -> list[Notice]:
    at, notices = MORNING, [Notice(MORNING, "sip1", "c1", Offered("jinan", "sip1", "sip", name, "801"))]
    for fact, after in [*story, (end, 1.0)]:
        at += timedelta(seconds=after)
        notices.append(Notice(at, "sip1", "c1", fact))
    return notices


@settings(deadline=None, max_examples=examples(40))
@given(STORIES)
def test_any_facts_in_any_order_are_judged_and_told(
    story: tuple[str, list[tuple[CallFact, float]], ReleasedBy, str],
) -> None:
    name, deeds, by, cause = story
    record: CallRecord | None = None
    notices = told(name, deeds, facts.Released(by, cause))
    for notice in notices:
        record = fold(record, notice)
    assert record is not None
    for standard in (rules(name), JIHUA):
        judgements = judge(record, standard)
        keys = [(judgement.clause, judgement.step) for judgement in judgements]
        assert len(set(keys)) == len(keys), "each clause once for each step"
        assert all(judgement.evidence for judgement in judgements)
        assert ((standard.hang_up_clause, "release") in keys) == (record.answered_at is not None)
        json.dumps([judgement.fields() for judgement in judgements], allow_nan=False)
    events = [Event(n.at, fact_name(n.fact), json.loads(json.dumps(fact_data(n.fact)))) for n in notices]
    whole = judged(record, rules(name))
    assert sum(len(step.judgements) for step in narrate(whole, events)) == len(whole.compliance)
    assert whole.not_applicable is not None
    found = [judgement.clause for judgement in whole.compliance]
    left_out = [one.clause for one in whole.not_applicable]
    assert not set(found) & set(left_out), "judged, or not applicable"
    assert set(found) | set(left_out) == rules(name).clauses
    assert len(left_out) == len(set(left_out)), "each once"
    assert all(one.evidence for one in whole.not_applicable)
    assert record_of(CallRow(**row_values(whole)), ZONE).not_applicable == whole.not_applicable
