"""The threads that wait for the database: what they give, and that nobody waits for one that hangs."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from gateway.runner import database_threads
from gateway.runner.database_threads import THREADS, DatabaseThreads
from gateway.tickets import TicketsUnreachable

pytestmark = pytest.mark.unit


class Hanging:
    """A database that answers when it is told to."""

    def __init__(self) -> None:
        self.answers = threading.Event()
        self.asked = threading.Semaphore(0)

    def query(self) -> str:
        self.asked.release()
        self.answers.wait()
        return "late"


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hanging]:
    monkeypatch.setattr(database_threads, "LAST_WORK", 0.05)
    hanging = Hanging()
    yield hanging
    hanging.answers.set()


async def test_they_give_what_work_gives_or_raises() -> None:
    threads = DatabaseThreads()
    assert await threads.ask(divmod, 7, 2) == (3, 1)
    assert await threads.ask(int, "ff", base=16) == 255
    with pytest.raises(ZeroDivisionError):
        await threads.ask(divmod, 7, 0)
    threads.close()
    threads.close()
    assert not ours()
    with pytest.raises(TicketsUnreachable, match="the gateway stops"):
        await threads.ask(divmod, 7, 2)


async def test_what_hangs_or_waits_behind_it_is_given_up_when_they_are_closed(hanging: Hanging) -> None:
    threads = DatabaseThreads()
    asked = [asyncio.create_task(threads.ask(hanging.query)) for _ in range(THREADS + 2)]
    for _ in range(THREADS):
        await asyncio.to_thread(hanging.asked.acquire)
    assert len(ours()) == THREADS
    assert all(thread.daemon for thread in ours()), "the process ends without them"
    await asyncio.to_thread(threads.close)
    given = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(one) for one in given] == [TicketsUnreachable] * len(asked)
    late = ours()
    hanging.answers.set()
    for thread in late:
        await asyncio.to_thread(thread.join, 30.0)
    assert not ours()


async def test_nobody_is_answered_who_has_gone(hanging: Hanging) -> None:
    threads = DatabaseThreads()
    asked = [asyncio.create_task(threads.ask(hanging.query)) for _ in range(THREADS + 1)]
    for _ in range(THREADS):
        await asyncio.to_thread(hanging.asked.acquire)
    for one in asked:
        one.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    hanging.answers.set()
    assert await threads.ask(divmod, 7, 2) == (3, 1)
    assert not hanging.asked.acquire(blocking=False), "who had gone before his turn is not asked for"
    threads.close()


def ours() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("database-")]
