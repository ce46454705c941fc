"""Several who change one ticket at the same time: one of them does, the others are told why not."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Thread

import pytest

from gateway.tickets import Permit, PermitRefused, TicketBook, TicketRefused, TicketsConfig, TicketState
from tests.unit.tickets.counter import NUMBER, SOON, asks, gateway, hears, owing, tickets_config

pytestmark = pytest.mark.unit

MANY = 6
PATIENCE = 60.0


def outcomes(config: TicketsConfig, act: Callable[[TicketBook, int], object]) -> list[object]:
    """What each of MANY gets who does this at the same time, each with a connection of his own."""
    together = Barrier(MANY)

    def one(which: int) -> object:
        with TicketBook(config) as book:
            book.tickets()
            together.wait(PATIENCE)
            try:
                return act(book, which)
            except TicketRefused as refusal:
                return refusal

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


@pytest.fixture
def config(tmp_path: Path) -> TicketsConfig:
    return owing(tickets_config(tmp_path)).config


def test_a_ticket_is_answered_by_one(config: TicketsConfig) -> None:
    found = outcomes(config, lambda book, which: book.answer(1, f"agent {which}", f"told by {which}", SOON))
    refusals = [one for one in found if isinstance(one, TicketRefused)]
    assert len(refusals) == MANY - 1
    assert {str(one) for one in refusals} == {"ticket 1 is answered already"}
    with TicketBook(config) as book:
        entries = [entry for entry in book.history(1) if entry.what == "answered"]
        assert [entry.why for entry in entries] == [book.ticket(1).reply]


def test_one_gets_a_permit(config: TicketsConfig) -> None:
    found = outcomes(config, lambda book, _: book.permit(1, SOON))
    assert sum(isinstance(one, Permit) for one in found) == 1
    assert sum(isinstance(one, PermitRefused) for one in found) == MANY - 1


def test_a_number_is_called_for_one_of_its_tickets(tmp_path: Path) -> None:
    config = owing(tickets_config(tmp_path), *[NUMBER] * MANY).config
    found = outcomes(config, lambda book, which: book.permit(which + 1, SOON))
    assert sum(isinstance(one, Permit) for one in found) == 1
    with TicketBook(config) as book:
        stands = [one.call_back.value for one in book.tickets() if one.call_back]
    assert sorted(stands) == ["calling", *["owed"] * (MANY - 1)], "who was refused has changed nothing"


def test_the_days_limit_holds_among_many(tmp_path: Path) -> None:
    numbers = [f"1381234567{which}" for which in range(MANY)]
    config = owing(tickets_config(tmp_path, a_day=2), *numbers).config
    found = outcomes(config, lambda book, which: book.permit(which + 1, SOON))
    assert sum(isinstance(one, Permit) for one in found) == 2


def test_a_permit_is_dialled_by_once(config: TicketsConfig) -> None:
    with TicketBook(config) as book:
        permit = book.permit(1, SOON)
    found = outcomes(config, lambda book, _: book.dial(permit, SOON))
    assert found.count(NUMBER) == 1
    assert {str(one) for one in found if one != NUMBER} == {"ticket 1: this permit is used up; no call is made"}


def test_every_doing_is_kept(config: TicketsConfig) -> None:
    """He is given to and fro by all of them at once; each that succeeds is in the history, in the order it was."""
    found = outcomes(config, lambda book, which: book.assign(1, ("801", "802")[which % 2], "root", "", SOON))
    done = sum(not isinstance(one, TicketRefused) for one in found)
    with TicketBook(config) as book:
        moves = [entry.what for entry in book.history(1) if entry.what.startswith("assigned")]
        assert len(moves) == done
        assert moves[-1].endswith(book.ticket(1).owner)
    alternate = [f"assigned from 80{1 + at % 2} to 80{2 - at % 2}" for at in range(done)]
    assert moves == alternate


def test_nothing_is_lost_while_people_and_calls_write(tmp_path: Path) -> None:
    """The gateway enters tickets while commands change those that are there."""
    config = owing(tickets_config(tmp_path), NUMBER).config
    with gateway(config) as book:
        worker = Thread(target=outcomes, args=(config, lambda one, _: one.assign(1, "802", "root", "", SOON)))
        worker.start()
        for which in range(40):
            hears(book, asks(NUMBER, call=f"more-{which}").hung_up())
        worker.join(PATIENCE)
    tickets = book.tickets()
    assert len(tickets) == 41
    assert all(one.due_at is not None for one in tickets)
    assert tickets[0].owner == "802"


def close(config: TicketsConfig, together: object, results: object) -> None:
    """In a process of its own."""
    with TicketBook(config) as book:
        book.tickets()
        together.wait(PATIENCE)  # type: ignore[attr-defined]  # a Barrier, whose type multiprocessing does not name
        try:
            book.shut(1, "root", SOON)
            results.put("closed")  # type: ignore[attr-defined]  # a Queue, as above
        except TicketRefused as refusal:
            results.put(str(refusal))  # type: ignore[attr-defined]  # a Queue, as above


def test_two_processes_close_a_ticket_once(config: TicketsConfig) -> None:
    with TicketBook(config) as book:
        book.answer(1, "801", "told", SOON)
    spawn = multiprocessing.get_context("spawn")
    together, results = spawn.Barrier(2), spawn.Queue()
    processes = [spawn.Process(target=close, args=(config, together, results)) for _ in range(2)]
    for process in processes:
        process.start()
    found = sorted(results.get(timeout=PATIENCE) for _ in processes)
    for process in processes:
        process.join(PATIENCE)
    results.close()
    assert found == ["closed", "ticket 1 is closed already"]
    with TicketBook(config) as book:
        assert book.ticket(1).state is TicketState.CLOSED
        assert [entry.what for entry in book.history(1)].count("closed") == 1
