"""What the line could not say was due all the same: no clause is kept by it, and none did not apply."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.line import LineCommand, Play, PlayFinished, Verdict
from gateway.call.facts import Notice, PromptFailed
from gateway.records.compliance import judged as whole
from gateway.records.journal import fact_data, fact_name
from gateway.records.narrate import narrate
from gateway.records.noted import AgentNoted
from gateway.records.record import CallRecord
from gateway.records.store import Event
from tests.examples import examples
from tests.scenarios.story import LEG
from tests.service.told import MORNING
from tests.unit.records.standards import (
    SHIPPED,
    RealCall,
    broken,
    changed,
    greeted,
    judged,
    plan,
    recorded,
    rules,
)
from tests.unit.records.test_records_of_real_calls import DEEDS, act

pytestmark = pytest.mark.unit


@dataclass
class MuteCall(RealCall):
    """A call whose line cannot begin some of its plays."""

    mute: frozenset[int] = frozenset()

    def _obey(self, command: LineCommand) -> None:
        if isinstance(command, Play) and command.play in self.mute:
            self._later(0.0, PlayFinished(LEG, command.play, False))
        else:
            super()._obey(command)


def called(name: str, *mute: int) -> MuteCall:
    """A call that was answered, in which these plays (from 1) fail."""
    call = MuteCall(plan(name), mute=frozenset(mute))
    call.off_hook()
    return call


def failed(record: CallRecord, key: str) -> CallRecord:
    """The record of a call in which the line could not begin this prompt."""
    begun = next(prompt.started_at for prompt in record.prompts if prompt.prompt == key)
    return changed(record, key, started_at=begun, ended_at=begun, complete=False, cut="line")


@settings(deadline=None, max_examples=examples(15))
@given(st.sampled_from(SHIPPED), st.lists(DEEDS, max_size=12), st.sets(st.integers(1, 9), min_size=1, max_size=4))
def test_each_prompt_that_failed_breaks_its_clause(
    name: str, deeds: list[tuple[str, object, float]], mute: set[int]
) -> None:
    call = called(name, *mute)
    for deed in deeds:
        act(call, deed)
    call.hangs_up()
    record = recorded(call)
    due = {fact.prompt.clause for fact in call.of(PromptFailed)}
    assert due <= {clause for clause, _ in broken(record)}, (due, broken(record))


@settings(deadline=None, max_examples=examples(10))
@given(st.sampled_from(SHIPPED), st.lists(DEEDS, max_size=12))
def test_whichever_prompt_had_failed_its_clause_would_be_broken(
    name: str, deeds: list[tuple[str, object, float]]
) -> None:
    call = greeted(name)
    for deed in deeds:
        act(call, deed)
    call.hangs_up()
    record = recorded(call)
    for number, prompt in enumerate(record.prompts):
        unsaid = replace(prompt, ended_at=prompt.started_at, complete=False, cut="line")
        prompts = (*record.prompts[:number], unsaid, *record.prompts[number + 1 :])
        assert prompt.clause in {clause for clause, _ in broken(replace(record, prompts=prompts))}, prompt


def test_a_greeting_that_could_not_be_said_is_broken_though_an_agent_talked() -> None:
    call = called("jihua-gas", 1)
    call.passes(1.0)
    call.customer_is(Verdict.SPEECH)
    call.hangs_up()
    record = recorded(call)
    at = record.prompts[0].ended_at
    assert record.prompts[0].fields() | {"started_at": 0, "ended_at": 0} == {
        "prompt": "greeting",
        "text": record.prompts[0].text,
        "clause": "JH-3",
        "part": "greeting",
        "started_at": 0,
        "ended_at": 0,
        "complete": False,
        "cut": "line",
        "duration": 5.0,
    }
    talked = replace(record, agents=(AgentNoted("801", rung_at=at, connected_at=at),))
    assert "could not be said, the line did not begin it" in broken(talked)["JH-3", "greeting"]
    assert ("JH-3", "agent") not in judged(talked), "nobody was greeted with his number"
    assert not record.prompts[0].seconds


def test_a_ladder_whose_steps_could_not_be_said_is_broken() -> None:
    call = called("jihua-gas", 2, 3, 4)
    call.passes(60.0)
    call.hangs_up()
    record = recorded(call)
    assert "silent-1 not said to its end: it could not be said" in broken(record)["JH-6", "ladder"]
    assert "JH-6" not in {one.clause for one in whole(record, rules("jihua-gas")).not_applicable or ()}


def test_words_that_failed_are_not_counted_as_said() -> None:
    call = greeted("jihua-gas")
    call.talks()
    call.passes(200.0)
    call.hangs_up()
    record = failed(recorded(call), "further")
    assert "「请问还有其他需要咨询的吗?」 not said to its end: it could not" in broken(record)["JH-10", "closing"]


def test_a_judgement_stands_at_the_first_prompt_that_broke_it() -> None:
    call = called("jihua-gas", 2)
    call.passes(22.0)
    call.hangs_up()
    assert call.heard == ["greeting", "silent-2"]
    record = whole(recorded(call), rules("jihua-gas"))
    notices = [Notice(MORNING, "fxo1", "c1", fact) for _, fact in call.facts]
    steps = narrate(record, [Event(n.at, fact_name(n.fact), fact_data(n.fact)) for n in notices])
    at = next(step for step in steps if any(j.clause == "JH-6" for j in step.judgements))
    assert at.words == "silent-1 could not be said: the line did not begin it"
