"""Tickets in PostgreSQL, which several gateways share: made, changed at the same time, called back by one."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from gateway.records import RecordsConfig
from gateway.tickets import CallBackState, Permit, TicketBook, TicketRefused, TicketsConfig, TicketUnknown
from gateway.tickets.store import MOST
from tests.postgres import PostgreSQL
from tests.unit.tickets.counter import NUMBER, SOON, asks, gateway, hears, tickets_config

pytestmark = pytest.mark.service

MANY = 4


@pytest.fixture
def config(tmp_path: Path) -> Iterator[TicketsConfig]:
    server = PostgreSQL()
    plain = tickets_config(tmp_path)
    yield replace(plain, records=RecordsConfig(site="jinan", url=server.url, data_dir=tmp_path))
    server.stop()


def outcomes(books: list[TicketBook], act: Callable[[TicketBook], object]) -> list[object]:
    """What each gets who does this at the same time."""
    together = Barrier(len(books))

    def one(book: TicketBook) -> object:
        book.tickets()
        together.wait(60.0)
        try:
            return act(book)
        except TicketRefused as refusal:
            return refusal

    with ThreadPoolExecutor(len(books)) as pool:
        return list(pool.map(one, books))


def test_tickets_as_on_a_file(config: TicketsConfig) -> None:
    """One server for all of it: to start one takes seconds."""
    site = [replace(config, records=replace(config.records, site=name)) for name in ("jinan", "qingdao")]
    for one, call in zip(site, ("a", "b"), strict=True):
        with gateway(one) as book:
            hears(book, asks(f"+86{NUMBER}\0", call="broken", site=one.records.site).hung_up())
            hears(book, asks(NUMBER, call=call, site=one.records.site).hung_up())
    books = [TicketBook(site[0]) for _ in range(MANY)]
    jinan, qingdao = books[0], TicketBook(site[1])
    assert [(one.call, one.number, one.call_back) for one in jinan.tickets()] == [
        ("broken", f"+86{NUMBER}", CallBackState.PEOPLE),
        ("a", NUMBER, CallBackState.OWED),
    ]
    ticket, elsewhere = jinan.tickets()[1].id, qingdao.tickets()[1].id

    with pytest.raises(TicketUnknown):
        jinan.ticket(MOST + 1)
    found = outcomes(books, lambda book: book.permit(ticket, SOON))
    (permit,) = (one for one in found if isinstance(one, Permit))
    with pytest.raises(TicketRefused, match="being called already"):
        qingdao.permit(elsewhere, SOON)
    found = outcomes(books, lambda book: book.dial(permit, SOON))
    assert found.count(NUMBER) == 1
    jinan.attempt_ended(permit, "busy", SOON)
    assert qingdao.dial(qingdao.permit(elsewhere, SOON), SOON) == NUMBER

    found = outcomes(books, lambda book: book.answer(ticket, "801", "told", SOON))
    assert sum(isinstance(one, TicketRefused) for one in found) == MANY - 1
    assert [entry.what for entry in jinan.history(ticket)][-3:] == ["calling", "not reached", "answered"]
    found = outcomes(books, lambda book: book.shut(ticket, "801", SOON))
    assert sum(isinstance(one, TicketRefused) for one in found) == MANY - 1

    with gateway(site[1], now=SOON) as book:
        pass
    assert (died := qingdao.ticket(elsewhere)).call_back is CallBackState.OWED
    assert died.due_at == SOON + timedelta(minutes=15)
    for book in (*books, qingdao):
        book.close()
