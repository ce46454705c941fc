"""Toll fraud is impossible by construction (JS-7): every way round the permit that we could think of."""

import copy
import pickle
import secrets
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from gateway.tickets import CallBackState, Permit, PermitRefused, TicketBook, TicketState
from gateway.tickets.attempts import Attempts
from gateway.tickets.permit import issue
from gateway.tickets.store import TicketStore
from tests.unit.tickets.counter import MORNING, NUMBER, SOON, asks, gateway, hears, only, owing, tickets_config
from tests.unit.tickets.test_ticket_numbers import HOSTILE

pytestmark = pytest.mark.unit


@pytest.fixture
def book(tmp_path: Path) -> TicketBook:
    """One customer is owed a call-back."""
    return owing(tickets_config(tmp_path))


def dials(book: TicketBook, permit: object, reason: str, now: datetime = SOON) -> None:
    """It is refused, for this reason."""
    with pytest.raises(PermitRefused, match=reason):
        book.dial(permit, now)  # type: ignore[arg-type]  # what is none is tried too


def change_by_hand(folder: Path, statement: str) -> None:
    engine = create_engine(f"sqlite:///{folder / 'calls.db'}")
    with engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount == 1
    engine.dispose()


def test_a_permit_gives_its_tickets_number_once(book: TicketBook) -> None:
    permit = book.permit(1, SOON)
    assert book.dial(permit, SOON) == NUMBER
    dials(book, permit, "used up")
    book.attempt_ended(permit, "busy", SOON)
    dials(book, permit, "used up")


def test_it_shows_nobodys_number(book: TicketBook) -> None:
    permit = book.permit(1, SOON)
    assert (permit.ticket, permit.number_masked, permit.owner) == (1, "138****5678", "801")
    assert "138****5678" in repr(permit)
    assert NUMBER not in repr(permit)
    assert not any(NUMBER in str(getattr(permit, name)) for name in dir(permit))


def test_it_is_made_by_a_book_alone() -> None:
    for seal in (None, object(), "seal", Permit):
        with pytest.raises(PermitRefused, match="not made"):
            Permit(seal, ticket=1, number_masked="", owner="801", expires_at=SOON, secret="")


def test_it_is_neither_changed_nor_copied_nor_derived_from(book: TicketBook) -> None:
    permit = book.permit(1, SOON)
    with pytest.raises(PermitRefused, match="not changed"):
        permit.ticket = 2
    with pytest.raises(PermitRefused, match="not changed"):
        del permit.expires_at
    for theft in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(PermitRefused, match="not copied"):
            theft(permit)
    with pytest.raises(PermitRefused, match="derived"):
        type("Free", (Permit,), {})
    assert book.dial(permit, SOON) == NUMBER, "none of this has used it up"


class Looks:
    """Like a permit, and none."""

    ticket = 1
    _secret = "0" * 32
    expires_at = SOON


def test_what_only_looks_like_one_is_refused(book: TicketBook) -> None:
    book.permit(1, SOON)
    for thing in (None, 1, NUMBER, "1", Looks(), Permit):
        dials(book, thing, "no permit")
    dials(book, object.__new__(Permit), "not given by a TicketBook")


def test_one_that_the_database_does_not_know_is_refused(book: TicketBook) -> None:
    """Even of him who has got hold of the seal."""
    book.permit(1, SOON)
    later = SOON + timedelta(hours=1)
    forged = issue(ticket=1, number_masked="", owner="801", expires_at=later, secret=secrets.token_hex(16))
    dials(book, forged, "unknown")
    with pytest.raises(PermitRefused, match="unknown"):
        book.attempt_ended(forged, "reached", SOON)
    assert only(book).state is TicketState.OPEN


def test_one_of_another_ticket_is_refused(tmp_path: Path) -> None:
    book = owing(tickets_config(tmp_path), NUMBER, "13912345678")
    permit = book.permit(1, SOON)
    forged = issue(ticket=2, number_masked="", owner="801", expires_at=SOON, secret=permit._secret)
    dials(book, forged, "unknown")


def test_nobody_is_reached_who_was_not_dialled(book: TicketBook) -> None:
    permit = book.permit(1, SOON)
    with pytest.raises(PermitRefused, match="nobody is reached who was not dialled"):
        book.attempt_ended(permit, "reached", SOON)
    assert (only(book).state, only(book).call_back) == (TicketState.OPEN, CallBackState.CALLING)


def test_it_expires(book: TicketBook) -> None:
    permit = book.permit(1, SOON)
    assert permit.expires_at == SOON + timedelta(minutes=2)
    dials(book, permit, "expired", permit.expires_at)
    forged = issue(
        ticket=1, number_masked="", owner="801", expires_at=SOON + timedelta(days=1), secret=permit._secret
    )
    dials(book, forged, "expired", permit.expires_at)


def test_a_ticket_that_is_answered_or_closed_meanwhile_is_not_called_for(book: TicketBook) -> None:
    permit = book.permit(1, SOON)
    book.answer(1, "802", "told in the street", SOON)
    dials(book, permit, "owes no call any more")
    book.shut(1, "802", SOON)
    dials(book, permit, "owes no call any more")
    assert book.attempt_ended(permit, "owner_missed", SOON).call_back is CallBackState.PEOPLE
    assert book.due_call_backs(SOON + timedelta(days=1)) == []


def test_it_is_used_for_the_ticket_that_was_looked_at_alone(book: TicketBook) -> None:
    """Between the last look and the dialling people answer."""
    permit = book.permit(1, SOON)
    looked_at = book.ticket(1)
    book.answer(1, "802", "told in the street", SOON)
    store = TicketStore(book.config)
    with store.session() as session, session.begin():
        assert not Attempts("jinan").use(session, permit._secret, looked_at, SOON)
    with store.session() as session, session.begin():
        assert Attempts("jinan").use(session, permit._secret, book.ticket(1), SOON), "the same, looked at anew"
    store.close()


@pytest.mark.parametrize("number", ["'13912345678'", "'0012125550123'", "NULL"])
def test_a_number_that_has_changed_meanwhile_is_not_called(book: TicketBook, tmp_path: Path, number: str) -> None:
    permit = book.permit(1, SOON)
    change_by_hand(tmp_path, f"UPDATE tickets SET number = {number}")
    dials(book, permit, "another number by now")


def test_an_attempt_whose_number_was_changed_is_not_made(book: TicketBook, tmp_path: Path) -> None:
    permit = book.permit(1, SOON)
    change_by_hand(tmp_path, "UPDATE ticket_attempts SET telephone = '0012125550123'")
    dials(book, permit, "another number by now")


@pytest.mark.parametrize("source", ["caller ID", "keyed in"])
def test_a_hostile_number_makes_a_ticket_for_people_and_no_call(tmp_path: Path, source: str) -> None:
    """All kinds in one book: what a spoofed caller ID claims, and what somebody has keyed in."""
    numbers = [one for kind in HOSTILE.values() for one in kind[:2]]
    caller = (lambda number: number) if source == "caller ID" else (lambda _: "13812345678")
    config = tickets_config(tmp_path)
    with gateway(config) as book:
        for at, number in enumerate(numbers):
            hears(book, asks(number, call=f"call-{at}", caller=caller(number)).hung_up())
    tickets = book.tickets()
    assert len(tickets) == len(numbers)
    assert {(one.state, one.call_back) for one in tickets} == {(TicketState.OPEN, CallBackState.PEOPLE)}
    for day in range(8):
        assert book.due_call_backs(SOON + timedelta(days=day)) == []
    for one in tickets:
        with pytest.raises(PermitRefused):
            book.permit(one.id, SOON)


def test_a_hostile_number_that_a_hand_has_made_owed_is_left_to_people(book: TicketBook, tmp_path: Path) -> None:
    change_by_hand(tmp_path, "UPDATE tickets SET number = '+12125550123'")
    with pytest.raises(PermitRefused, match="none that may be called"):
        book.permit(1, SOON)
    assert book.due_call_backs(SOON) == []
    assert only(book).call_back is CallBackState.PEOPLE
    assert book.history(1)[-1].why == "his number is none that may be called"


def test_without_a_line_for_call_backs_nobody_is_called(tmp_path: Path) -> None:
    book = owing(tickets_config(tmp_path, dials=False))
    assert only(book).call_back is CallBackState.PEOPLE
    assert book.due_call_backs(SOON) == []
    change_by_hand(
        tmp_path, f"UPDATE tickets SET call_back = 'owed', due_at = '{MORNING:%Y-%m-%d} 00:00:00.000000'"
    )
    with pytest.raises(PermitRefused, match="no line makes call-backs"):
        book.permit(1, SOON)


def test_one_number_is_called_once_at_a_time(tmp_path: Path) -> None:
    """Whichever ticket asks for it, and however the number is written."""
    book = owing(tickets_config(tmp_path), NUMBER, f"+86{NUMBER}", "13912345678")
    assert [due.ticket for due in book.due_call_backs(SOON)] == [1, 3], "each number once"
    permit = book.permit(1, SOON)
    assert [due.ticket for due in book.due_call_backs(SOON)] == [3]
    with pytest.raises(PermitRefused, match="being called already"):
        book.permit(2, SOON)
    assert book.ticket(2).call_back is CallBackState.OWED
    book.attempt_ended(permit, "busy", SOON)
    assert book.dial(book.permit(2, SOON), SOON) == NUMBER


def test_one_number_is_not_called_too_often_in_a_day(tmp_path: Path) -> None:
    book = owing(tickets_config(tmp_path, a_day_to_one=2, attempts=3), *[NUMBER] * 3)
    for one in (1, 2):
        permit = book.permit(one, SOON)
        book.dial(permit, SOON)
        book.attempt_ended(permit, "busy", SOON)
    assert book.due_call_backs(SOON) == []
    with pytest.raises(PermitRefused, match="often enough today"):
        book.permit(3, SOON)
    assert book.ticket(3).call_back is CallBackState.OWED
    tomorrow = SOON + timedelta(days=1, seconds=1)
    assert [due.ticket for due in book.due_call_backs(tomorrow)] == [3]


def test_all_numbers_are_not_called_too_often_in_a_day(tmp_path: Path) -> None:
    book = owing(tickets_config(tmp_path, a_day=2), NUMBER, "13912345678", "13712345678")
    assert [due.ticket for due in book.due_call_backs(SOON)] == [1, 2]
    for one in (1, 2):
        permit = book.permit(one, SOON)
        book.dial(permit, SOON)
        book.attempt_ended(permit, "no_answer", SOON)
    assert book.due_call_backs(SOON) == []
    with pytest.raises(PermitRefused, match="2 call-backs have been made today"):
        book.permit(3, SOON)
    assert book.permit(3, SOON + timedelta(days=1, seconds=1)).ticket == 3


def test_nobody_is_called_at_night_or_during_his_own_call(tmp_path: Path) -> None:
    config = tickets_config(tmp_path)
    with gateway(config) as book:
        hears(book, asks())
    assert book.due_call_backs(SOON) == [], "he is still on the line"
    with pytest.raises(PermitRefused, match="own call"):
        book.permit(1, SOON)
    night = SOON + timedelta(hours=13)
    with gateway(config, now=night) as book:
        assert book.due_call_backs(night) == []
        with pytest.raises(PermitRefused):
            book.permit(1, night)
        morning = MORNING.replace(hour=8, minute=30) + timedelta(days=1)
        assert [due.owner for due in book.due_call_backs(morning)] == ["801"]
