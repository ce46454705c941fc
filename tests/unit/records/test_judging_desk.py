"""Real calls with the desk's news: what the engine does keeps the clauses, and the evidence tells how."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.line import Verdict
from gateway.call.desk_news import (
    AgentAnswers,
    AgentGoes,
    AgentHolds,
    AgentMisses,
    AgentRings,
    AgentsExpected,
    DeskNews,
    QueueMoved,
)
from gateway.call.requests import CallRequest, RequestRefused, SayPhrase
from tests.examples import examples
from tests.unit.records.standards import RealCall, broken, greeted, judged, plan, recorded

pytestmark = pytest.mark.unit

JH8, JH9, JH10 = ("JH-8", "waiting"), ("JH-9", "patience"), ("JH-10", "leaving")
JH19 = ("JH-19", "call_back")


class Attended(RealCall):
    """A call of Jihua Gas to whom the desk has news."""

    def hears_of(self, *news: DeskNews) -> None:
        for one in news:
            self._carry_out(self.engine.news(one, now=self.now))

    def asks_if_it_can(self, request: CallRequest) -> None:
        with contextlib.suppress(RequestRefused):
            self.is_asked(request)


def picked_up() -> Attended:
    """Right after the pick-up: agent 801 is rung while he is greeted with his number."""
    call = Attended(plan("jihua-gas"))
    call.rings(1)
    call.caller_id()
    call.passes(5.0)
    call.rings(1, first=2)
    call.passes(0.12)
    call.hears_of(AgentsExpected(True), AgentRings("801"))
    return call


def answers(agent: str = "801") -> AgentAnswers:
    return AgentAnswers(agent, "/s/a", "/s/b")


def test_jh_3_and_jh_2_an_agent_who_answers_and_leaves_first() -> None:
    call = picked_up()
    call.hears_of(answers())
    call.passes(60.0)
    call.hears_of(AgentGoes("801", "hung_up"))
    call.passes(20.0)
    call.hangs_up()
    record = recorded(call)
    assert not broken(record)
    found = judged(record)
    assert found["JH-3", "agent"].evidence == "801 greeted and talked"
    assert found[JH10].evidence == "further said 0.0 s after agent 801 had left (hung_up)"
    assert found["JH-2", "release"].evidence.startswith("agent 801 left first (hung_up), the line stayed; ")


def test_jh_8_and_jh_9_who_waits_for_another_agent_is_reassured_and_thanked() -> None:
    call = picked_up()
    call.passes(0.5)
    call.hears_of(AgentMisses("801", "no_answer"), QueueMoved(1))
    call.passes(40.0)
    call.hears_of(AgentRings("802"), answers("802"))
    call.passes(30.0)
    call.hangs_up()
    record = recorded(call)
    assert not broken(record)
    found = judged(record)
    assert "did not come (no_answer); 802 took over" in found["JH-3", "agent"].evidence
    assert found[JH8].evidence.startswith("reassured at 0.0 s, 15.0 s, 30.0 s")
    assert found[JH9].kept
    assert record.waits[0].positions == (1,)


def test_jh_19_a_wait_in_vain_ends_with_the_call_back_that_is_confirmed() -> None:
    call = picked_up()
    call.passes(0.5)
    call.hears_of(AgentMisses("801", "busy"))
    call.passes(190.0)
    call.dials("1")
    call.passes(30.0)
    call.hangs_up()
    record = recorded(call)
    assert not broken(record)
    assert record.waits[0].overdue
    assert [(asked.number, asked.source, asked.confirmed) for asked in record.call_backs] == [
        ("13812345678", "caller_id", True)
    ]
    assert "his number was taken after a wait in vain, confirmed" in judged(record)[JH19].evidence


def test_js_2_who_would_rather_be_called_back_chooses_so_by_key() -> None:
    call = picked_up()
    call.passes(0.5)
    call.hears_of(AgentMisses("801", "busy"))
    call.passes(33.0)
    call.dials("1")
    call.passes(3.0)
    call.dials("1")
    call.passes(30.0)
    call.hangs_up()
    record = recorded(call)
    assert not broken(record)
    assert (record.waits[0].chosen, record.call_backs[0].confirmed) == (True, True)
    assert JH9 not in judged(record)


def test_jh_13_a_warned_customer_is_served_as_any_other() -> None:
    call = greeted("jihua-gas", warned=True)
    call.passes(40.0)
    call.hangs_up()
    record = recorded(call)
    assert "warning" in [prompt.prompt for prompt in record.prompts]
    assert ("JH-13", "release") in judged(record)
    assert not broken(record)


NEWS = st.sampled_from(
    [
        AgentsExpected(True),
        AgentsExpected(False),
        AgentRings("802"),
        AgentMisses("801", "no_answer"),
        answers(),
        AgentGoes("801", "failed"),
        AgentHolds(held=True),
        AgentHolds(held=False),
        QueueMoved(2),
        SayPhrase("dialect"),
        "1",
        "2",
        Verdict.SPEECH,
        Verdict.SILENT,
    ]
)


@settings(deadline=None, max_examples=examples(25))
@given(st.lists(st.tuples(NEWS, st.floats(0.0, 45.0)), max_size=8), st.floats(0.0, 60.0))
def test_whatever_the_desk_does_the_line_keeps_the_clauses(
    story: list[tuple[DeskNews | SayPhrase | Verdict | str, float]], last: float
) -> None:
    call = picked_up()
    for what, after in story:
        call.passes(after)
        if call.released is not None:
            return
        match what:
            case DeskNews():
                call.hears_of(what)
            case Verdict():
                call.customer_is(what)
            case str():
                call.dials(what)
            case _:
                call.asks_if_it_can(what)
    call.passes(last)
    if call.released is None:
        call.hangs_up()
    # Long after the last words even the guard may let him go; and the desk here answers for whom it likes.
    assert not {key for key in broken(recorded(call)) if key[0] != "JH-2" and key[1] != "agent"}


def test_who_would_leave_a_message_and_says_nothing_was_attended_to() -> None:
    call = picked_up()
    call.hears_of(AgentMisses("801", "no_answer"))
    call.passes(5.0)
    call.dials("2")
    call.passes(10.0)
    call.hangs_up()
    record = recorded(call)
    assert "call-back-speak" in [prompt.prompt for prompt in record.prompts]
    assert not broken(record)
    assert "left none" in judged(record)["JH-19", "call_back"].evidence


def test_what_he_told_before_he_was_asked_for_it_may_be_all() -> None:
    call = picked_up()
    call.passes(5.0)
    call.customer_speaks(0.1)
    call.passes(3.0)
    call.dials("2")
    call.passes(60.0)
    call.hangs_up()
    record = recorded(call)
    assert record.message_at is not None
    assert "call-back-speak" in [prompt.prompt for prompt in record.prompts]
    assert ("JH-10", "closing") not in broken(record), [p.prompt for p in record.prompts]


def test_words_that_began_in_his_own_were_not_owed_when_the_agent_left() -> None:
    call = picked_up()
    call.hears_of(answers())
    call.passes(10.0)
    call.hears_of(AgentGoes("801", "failed"))
    call.customer_is(Verdict.SPEECH)
    call.passes(4.0)
    call.hangs_up()
    assert not broken(recorded(call))


def test_another_agent_who_comes_as_one_leaves_asks_himself() -> None:
    call = picked_up()
    call.hears_of(answers())
    call.passes(10.0)
    call.hears_of(AgentGoes("801", "failed"))
    call.hears_of(answers())
    call.passes(4.0)
    call.hangs_up()
    assert not broken(recorded(call))
