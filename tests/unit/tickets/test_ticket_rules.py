"""What may be done with a ticket: by the tables alone, and in no order of acts is one lost."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.line import DialFailure
from gateway.tickets import CallBackState, TicketRefused, TicketState, rules
from gateway.tickets.policy import DIED, REACHED
from gateway.tickets.states import CALL_BACKS, TICKETS
from gateway.tickets.ticket import Ticket
from tests.unit.tickets.counter import POLICY, SOON, ticket

pytestmark = pytest.mark.unit

OWED = ticket(call_back=CallBackState.OWED, due_at=SOON)
CALLING = ticket(call_back=CallBackState.CALLING)
AGENTS = ("801", "802")

Rule = Callable[[Ticket, datetime], rules.Change]

RESULTS = (REACHED, DIED, "owner_missed", *(failure.value for failure in DialFailure))
ACTS: dict[str, Rule] = {
    "answer": lambda one, now: rules.answered(one, "801", "told", now),
    "answer without words": lambda one, now: rules.answered(one, "801", " ", now),
    "close": lambda one, now: rules.closed(one, "801", now),
    "lapse": lambda one, now: rules.lapsed(one, now),
    "assign": lambda one, now: rules.assigned(one, "802", "root", "ill", now, AGENTS),
    "assign back": lambda one, now: rules.assigned(one, "801", "root", "", now, AGENTS),
    "assign to nobody": lambda one, now: rules.assigned(one, "999", "root", "", now, AGENTS),
    "mark as wrong": lambda one, now: rules.marked(one, True, "root", "the wrong street", now),
    "mark without words": lambda one, now: rules.marked(one, True, "root", " ", now),
    "take the mark back": lambda one, now: rules.marked(one, False, "root", "", now),
    "ask": lambda one, now: rules.asked(one, now, None),
    "ask in vain": lambda one, now: rules.asked(one, now, "his number is none that may be called"),
    "due": lambda one, now: rules.due(one, now),
    "permit": lambda one, now: rules.permitted(one, POLICY, now),
    **{
        f"{result}, {'' if dialled else 'not '}dialled": lambda one, now, result=result, dialled=dialled: (
            rules.attempted(one, result, POLICY, now, dialled=dialled)
        )
        for result in RESULTS
        for dialled in (True, False)
    },
}


def next_states(table: object, state: object) -> set[object]:
    assert isinstance(table, type(TICKETS))
    return {state, *table[state].values()}


@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.floats(0, 30 * 3600)), max_size=40))
def test_no_order_of_acts_loses_a_ticket_or_leaves_the_tables(acts: list[tuple[str, float]]) -> None:
    """Every act is refused, or leads where the tables say; calls are made for open tickets alone; one that did not
    reach him is due again, or people's."""
    one, now = ticket(), SOON
    for name, passed in acts:
        now += timedelta(seconds=passed)
        try:
            change = ACTS[name](one, now)
        except TicketRefused:
            continue
        after = change.ticket
        assert after.state in next_states(TICKETS, one.state)
        assert after.call_back in next_states(CALL_BACKS, one.call_back)
        assert change.entries or name in ("ask", "ask in vain", "due", "lapse"), (
            "whatever is done is in the history"
        )
        assert (after.id, after.call, after.number, after.deadline) == (one.id, one.call, one.number, one.deadline)
        assert after.attempts <= POLICY.attempts
        assert (after.answered_at is None) == (after.state is TicketState.OPEN)
        assert (after.closed_at is None) == (after.state is not TicketState.CLOSED)
        if after.call_back is CallBackState.CALLING and one.call_back is not CallBackState.CALLING:
            assert one.state is TicketState.OPEN
        if after.call_back is CallBackState.OWED and one.call_back is CallBackState.CALLING:
            assert after.due_at is not None
            assert after.due_at > now
        assert after.due_at is None or after.call_back is CallBackState.OWED
        one = after


def refused(act: str, one: Ticket, reason: str) -> None:
    with pytest.raises(TicketRefused, match=reason):
        ACTS[act](one, SOON)


def test_an_answered_ticket_that_nobody_closes_closes_by_itself() -> None:
    answered = ACTS["answer"](ticket(), SOON).ticket
    week = SOON + timedelta(days=7)
    closed = ACTS["lapse"](answered, week)
    assert (closed.ticket.state, closed.ticket.closed_at) == (TicketState.CLOSED, week)
    assert [(one.who, one.what, one.why) for one in closed.entries] == [
        ("gateway", "closed", "answered 7 days ago")
    ]
    for one, now in ((answered, week - timedelta(seconds=1)), (ticket(), week), (closed.ticket, week)):
        assert ACTS["lapse"](one, now) == rules.Change(one)


def test_a_ticket_is_answered_and_then_closed() -> None:
    answered = ACTS["answer"](ticket(), SOON).ticket
    assert (answered.state, answered.reply, answered.answered_at) == (TicketState.ANSWERED, "told", SOON)
    refused("close", ticket(), "has not been answered")
    refused("answer", answered, "answered already")
    closed = ACTS["close"](answered, SOON).ticket
    assert (closed.state, closed.closed_at) == (TicketState.CLOSED, SOON)
    refused("close", closed, "closed already")
    refused("answer", closed, "is closed; a customer who asks again")
    refused("assign", closed, "is closed")
    refused("answer without words", ticket(), "no words")


def test_another_agent_takes_over_with_who_and_why() -> None:
    change = ACTS["assign"](ticket(), SOON)
    assert (change.ticket.owner, change.ticket.reassigned) == ("802", True)
    (entry,) = change.entries
    assert (entry.who, entry.what, entry.why) == ("root", "assigned from 801 to 802", "ill")
    refused("assign to nobody", ticket(), "no agent has the number '999'; there are: 801, 802")
    refused("assign back", ticket(), "agent 801's already")


def test_who_is_answered_by_people_is_not_called_any_more() -> None:
    answered = ACTS["answer"](OWED, SOON).ticket
    assert (answered.call_back, answered.due_at) == (CallBackState.PEOPLE, None)
    refused("permit", answered, "is answered: its customer is called no more")


def test_he_may_be_answered_by_people_while_he_is_being_called() -> None:
    answered = ACTS["answer"](CALLING, SOON).ticket
    assert answered.call_back is CallBackState.CALLING
    after = ACTS["busy, dialled"](answered, SOON).ticket
    assert (after.call_back, after.state) == (CallBackState.PEOPLE, TicketState.ANSWERED)


def test_who_is_reached_is_answered() -> None:
    after = ACTS["reached, dialled"](CALLING, SOON).ticket
    assert (after.call_back, after.state, after.reply) == (
        CallBackState.REACHED,
        TicketState.ANSWERED,
        "called back",
    )


@pytest.mark.parametrize("result", ["busy", "no_answer", "refused", "unreachable", "congestion", "died"])
def test_who_is_not_reached_is_tried_again_until_the_attempts_are_used_up(result: str) -> None:
    after = rules.attempted(CALLING, result, POLICY, SOON, dialled=True).ticket
    assert (after.call_back, after.attempts) == (CallBackState.OWED, 1)
    assert after.due_at == SOON + timedelta(minutes=15)
    last = ticket(call_back=CallBackState.CALLING, attempts=POLICY.attempts - 1)
    change = rules.attempted(last, result, POLICY, SOON, dialled=True)
    assert (change.ticket.call_back, change.ticket.state) == (CallBackState.PEOPLE, TicketState.OPEN)
    assert change.entries[-1].why == "not reached 8 times"


def test_a_number_that_nobody_has_is_not_tried_again() -> None:
    change = rules.attempted(CALLING, "vacant_number", POLICY, SOON, dialled=True)
    assert change.ticket.call_back is CallBackState.PEOPLE
    assert change.entries[-1].why == "no telephone has this number"


@pytest.mark.parametrize(("result", "dialled"), [("owner_missed", False), ("busy", False), ("no_line", True)])
def test_an_attempt_that_never_rang_him_does_not_count(result: str, dialled: bool) -> None:
    after = rules.attempted(CALLING, result, POLICY, SOON, dialled=dialled).ticket
    assert (after.call_back, after.attempts) == (CallBackState.OWED, 0)
    assert after.due_at == SOON + timedelta(minutes=5)


def test_one_that_died_before_it_was_seen_to_dial_counts() -> None:
    assert rules.attempted(CALLING, DIED, POLICY, SOON, dialled=False).ticket.attempts == 1


@pytest.mark.parametrize(
    ("one", "now", "reason"),
    [
        (OWED, SOON - timedelta(seconds=1), "is not called before 2026-02-18 09:31"),
        (ticket(call_back=CallBackState.OWED), SOON, "while his own call is up"),
        (OWED, SOON + timedelta(hours=12), "not called at this hour"),
        (ticket(), SOON, "owes no call-back"),
        (CALLING, SOON, "owes no call-back now"),
        (ticket(call_back=CallBackState.PEOPLE), SOON, "owes no call-back now"),
    ],
)
def test_nobody_is_called_who_is_not_to_be_now(one: Ticket, now: datetime, reason: str) -> None:
    with pytest.raises(TicketRefused, match=reason):
        rules.permitted(one, POLICY, now)
