"""What the feed is told: every change once, whoever made it; reminders before the deadline and alerts after it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from gateway.feed import TicketShown
from gateway.tickets import (
    CallBackState,
    Standing,
    TicketBook,
    TicketNews,
    TicketState,
    TicketUnknown,
    reminders,
    store,
)
from tests.service.told import ZONE
from tests.unit.tickets.counter import MORNING, NUMBER, SOON, asks, gateway, hears, owing, ticket, tickets_config

pytestmark = pytest.mark.unit

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def told(news: list[TicketNews]) -> list[tuple[int, str, str | None]]:
    return [(one.shown.ticket, one.shown.state, one.alert) for one in news]


@pytest.mark.parametrize(
    ("left", "standing"),
    [
        (HOUR + timedelta(seconds=1), Standing.ON_TIME),
        (HOUR, Standing.DUE_SOON),
        (timedelta(0), Standing.DUE_SOON),
        (-timedelta(seconds=1), Standing.OVERDUE),
    ],
)
def test_a_ticket_and_its_deadline(left: timedelta, standing: Standing) -> None:
    one = ticket()
    assert one.standing(one.deadline - left, 3600.0) is standing
    answered = ticket(state=TicketState.ANSWERED, answered_at=one.deadline - left)
    late = Standing.OVERDUE if left < timedelta(0) else Standing.ON_TIME
    assert answered.standing(one.deadline + DAY, 3600.0) is late, "it was answered then"


def test_reminders_are_of_open_tickets_and_the_most_urgent_first() -> None:
    now = MORNING + DAY
    tickets = [
        ticket(id=1),
        ticket(id=2, deadline=now - HOUR, call_back=CallBackState.PEOPLE),
        ticket(id=3, deadline=now + DAY),
        ticket(id=4, deadline=now - HOUR, state=TicketState.ANSWERED, answered_at=now),
        ticket(id=5, deadline=now + DAY, call_back=CallBackState.PEOPLE),
    ]
    found = [(one.shown.ticket, one.alert) for one in reminders(tickets, now, 3600.0)]
    assert found == [(2, "overdue"), (2, "left_to_people"), (1, "due_soon"), (5, "left_to_people")]


@pytest.fixture
def book(tmp_path: Path) -> TicketBook:
    return owing(tickets_config(tmp_path))


def test_every_change_is_told_once(book: TicketBook) -> None:
    assert told(book.due(SOON)) == [(1, "open", None)], "at first all that are not closed"
    assert book.due(SOON) == []
    permit = book.permit(1, SOON)
    (news,) = book.due(SOON)
    assert news.shown.call_back == "calling"
    book.dial(permit, SOON)
    book.attempt_ended(permit, "reached", SOON)
    assert told(book.due(SOON)) == [(1, "answered", None)]
    book.shut(1, "801", SOON)
    (last,) = book.due(SOON)
    assert (last.shown.state, last.shown.open) == ("closed", False)
    assert book.due(SOON + DAY) == []


def test_what_another_process_changes_is_told_too(book: TicketBook) -> None:
    book.due(SOON)
    with TicketBook(book.config) as command:
        command.assign(1, "802", "root", "", SOON)
    (news,) = book.due(SOON)
    assert (news.shown.owner, book.owner_of(NUMBER)) == ("802", "802")


def test_reminders_come_once_and_anew_with_the_owner(book: TicketBook) -> None:
    deadline = book.ticket(1).deadline
    book.due(SOON)
    soon = deadline - timedelta(minutes=59)
    assert told(book.due(soon)) == [(1, "open", "due_soon")]
    assert book.due(soon + timedelta(minutes=1)) == []
    book.assign(1, "802", "root", "", soon)
    assert told(book.due(soon)) == [(1, "open", None), (1, "open", "due_soon")]
    late = deadline + timedelta(seconds=1)
    assert told(book.due(late)) == [(1, "open", None), (1, "open", "overdue")]
    assert book.due(late + DAY) == []
    with TicketBook(book.config) as anew:
        assert told(anew.due(late)) == [(1, "open", None), (1, "open", "overdue")]
    book.answer(1, "802", "told", late)
    assert told(book.due(late)) == [(1, "answered", None)]


def test_call_backs_that_are_left_to_people_are_told(tmp_path: Path) -> None:
    book = owing(tickets_config(tmp_path), "0012125550123")
    assert told(book.due(SOON)) == [(1, "open", None), (1, "open", "left_to_people")]


def test_it_is_what_the_feed_shows(book: TicketBook) -> None:
    (news,) = book.due(SOON)
    one = book.ticket(1)
    assert news.shown == TicketShown(
        ticket=1,
        kind="enquiry",
        owner="801",
        state="open",
        deadline=one.deadline,
        number=NUMBER,
        call="call-0",
        call_back="owed",
        due_at=one.due_at,
    )
    (news,) = (one for one in book.due(one.deadline + DAY) if one.alert is None)
    assert news.shown.overdue


def test_those_that_are_not_closed_are_known_from_memory(tmp_path: Path) -> None:
    book = owing(tickets_config(tmp_path), NUMBER, "13912345678", "13712345678")
    book.answer(3, "801", "told", SOON)
    book.answer(1, "801", "told", SOON)
    book.shut(1, "801", SOON)
    book.due(SOON)
    assert [one.id for one in book.open_tickets()] == [2, 3]


def test_the_owner_of_a_number_is_known_from_memory(tmp_path: Path) -> None:
    """WD-13: of the latest open ticket, however the number is written."""
    book = owing(tickets_config(tmp_path), NUMBER, f"+86{NUMBER}")
    assert book.owner_of(NUMBER) is None, "nobody has looked yet"
    book.assign(2, "802", "root", "", SOON)
    book.due(SOON)
    assert [book.owner_of(one) for one in (NUMBER, f"+86{NUMBER}", f"0{NUMBER}")] == ["802"] * 3
    assert book.owner_of("13912345678") is None
    book.answer(2, "802", "told", SOON)
    book.due(SOON)
    assert book.owner_of(NUMBER) == "801"


def test_a_gateway_that_starts_knows_the_owners(book: TicketBook) -> None:
    with gateway(book.config, now=SOON) as anew:
        assert anew.owner_of(NUMBER) == "801"


def test_times_are_in_the_sites_zone(book: TicketBook) -> None:
    one = book.ticket(1)
    assert {one.opened_at.tzinfo, one.deadline.tzinfo, book.history(1)[0].at.tzinfo} == {ZONE}


def test_tickets_are_a_sites_own(tmp_path: Path) -> None:
    """Several gateways share a database: each has the tickets of its site, and makes their calls alone."""
    book = owing(tickets_config(tmp_path, a_day=1))
    other = tickets_config(tmp_path, site="qingdao", a_day=1)
    with gateway(other) as elsewhere:
        hears(elsewhere, asks("13912345678", call="there", site="qingdao").hung_up())
    assert [one.id for one in elsewhere.tickets()] == [2]
    assert [one.ticket for one in elsewhere.due_call_backs(SOON)] == [2]
    assert told(elsewhere.due(SOON)) == [(2, "open", None)]
    assert [one.ticket for one in book.due_call_backs(SOON)] == [1]
    for act in (lambda: book.ticket(2), lambda: book.answer(2, "801", "told", SOON), lambda: book.permit(2, SOON)):
        with pytest.raises(TicketUnknown):
            act()
    elsewhere.dial(elsewhere.permit(2, SOON), SOON)
    assert book.permit(1, SOON).ticket == 1, "the day's limit of one call is each site's own"


def test_open_tickets_are_those_that_were_not_closed_when_it_was_last_looked(book: TicketBook) -> None:
    book.due(SOON)
    assert [one.id for one in book.open_tickets()] == [1]
    book.answer(1, "801", "已修好", SOON)
    book.shut(1, "801", SOON)
    book.due(SOON)
    assert book.open_tickets() == []


def test_a_ticket_answered_a_week_ago_is_closed_and_leaves_the_board(book: TicketBook) -> None:
    book.answer(1, "801", "已修好", SOON)
    assert told(book.due(SOON)) == [(1, "answered", None)]
    assert book.due(SOON + 7 * DAY - HOUR) == []
    assert told(book.due(SOON + 7 * DAY)) == [(1, "closed", None)]
    assert book.history(1)[-1].what == "closed"
    assert book.due(SOON + 8 * DAY) == []


def test_many_tickets_are_read_in_few_queries(book: TicketBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway starts on some hundreds of tickets: not one query for each, nor more values than a query takes."""
    monkeypatch.setattr(store, "AT_ONCE", 3)
    with gateway(book.config) as more:
        hears(more, *(asks(f"1391234567{at}", call=f"more-{at}").hung_up() for at in range(6)))
    queries: list[str] = []
    event.listen(book._store._engine, "before_cursor_execute", lambda *told: queries.append(told[2]))
    assert [one.shown.ticket for one in book.due(SOON)] == [1, 2, 3, 4, 5, 6, 7]
    assert sum("tickets.owner" in query for query in queries) == 3
