"""A tickets' book for a test: its config, its hours, and calls that make tickets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from gateway.call import facts
from gateway.call.facts import NumberSource
from gateway.records import RecordsConfig
from gateway.tickets import CallBackPolicy, Ticket, TicketBook, TicketsConfig
from gateway.tickets.hours import Hours
from tests.service.told import MORNING, ZONE, Told

NUMBER = "13812345678"
HOURS = Hours.parse("08:30-20:30", ZONE)
POLICY = CallBackPolicy(HOURS)
SOON = MORNING + timedelta(minutes=1)
"""When the calls told here have ended."""


def tickets_config(folder: Path, site: str = "jinan", **policy: Any) -> TicketsConfig:
    records = RecordsConfig(site=site, data_dir=folder)
    return TicketsConfig(records, ("801", "802"), policy=replace(POLICY, **policy))


@contextmanager
def gateway(config: TicketsConfig, now: datetime = MORNING) -> Iterator[TicketBook]:
    """A book that listens; at the end of the block all that it heard has been written."""
    book = TicketBook(config, now=lambda: now)
    book.start()
    assert book.problem is None
    try:
        yield book
    finally:
        book.stop()


def hears(book: TicketBook, *calls: Told) -> None:
    for told in calls:
        for notice in told.notices:
            book.receive(notice)


def asks(number: str | None = NUMBER, call: str = "c0ffee01", site: str = "jinan", **asked: Any) -> Told:
    """A call that waited and asked to be called back; it is still up."""
    source = asked.pop("source", NumberSource.CALLER_ID if number else None)
    told = Told(call=call, site=site).rings(2, number=asked.pop("caller", NUMBER)).answered().says("greeting")
    return told.tell(facts.CallBackAsked(number, source, asked.pop("confirmed", True)))


def owing(config: TicketsConfig, *numbers: str) -> TicketBook:
    """A book in which each of these numbers is owed a call-back, from SOON on."""
    with gateway(config) as book:
        hears(book, *(asks(number, call=f"call-{at}").hung_up() for at, number in enumerate(numbers or (NUMBER,))))
    return book


def ticket(**fields: Any) -> Ticket:
    """A ticket that no database has."""
    made = Ticket(1, "jinan", "c0ffee01", MORNING, MORNING + timedelta(days=1), "enquiry", "801", NUMBER)
    return replace(made, **fields)


def only(book: TicketBook) -> Ticket:
    (found,) = book.tickets()
    return found
