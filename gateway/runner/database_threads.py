"""Threads of their own for work that waits for the records' database: what hangs there holds up neither what
asyncio's own threads are for (disks, names of hosts) nor the gateway's end."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, InvalidStateError
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import Any, ParamSpec, Protocol, TypeVar

from gateway.tickets import TicketsUnreachable

THREADS = 2
"""Tickets are shown while call-backs are looked for. More would only wait for the same database."""
LAST_WORK = 1.0
"""Seconds that closing waits for work which is about to be done."""

P = ParamSpec("P")
T = TypeVar("T")


class InThread(Protocol):
    """Has work done that waits, and gives what it gives or raises: `asyncio.to_thread` or DatabaseThreads.ask."""

    async def __call__(self, func: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T: ...


class DatabaseThreads(Executor):
    """At most THREADS threads, begun when they are first needed. They are daemons: the process ends without one
    that the database does not let go (those of a ThreadPoolExecutor are waited for)."""

    def __init__(self) -> None:
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._outstanding: set[Future[Any]] = set()
        self._closed = False

    async def ask(self, func: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What `func` gives or raises, on one of the threads. Raises TicketsUnreachable once they are closed, and
        where they are closed before it is done."""
        return await asyncio.get_running_loop().run_in_executor(self, partial(func, *args, **kwargs))

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As an Executor does; the future raises as `ask` does."""
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                future.set_exception(_closing())
                return future
            self._outstanding.add(future)
            if len(self._threads) < THREADS:
                self._begin()
        future.add_done_callback(self._outstanding.discard)
        self._work.put(lambda: self._do(future, partial(fn, *args, **kwargs)))
        return future

    def close(self) -> None:
        """End the threads; what is not done in LAST_WORK seconds is given up. Blocks. Idempotent."""
        with self._lock:
            self._closed = True
        for _ in self._threads:
            self._work.put(None)
        by = time.monotonic() + LAST_WORK
        for thread in self._threads:
            thread.join(max(by - time.monotonic(), 0.0))
        with self._lock:
            for future in list(self._outstanding):
                with suppress(InvalidStateError):  # done this very moment
                    future.set_exception(_closing())

    def _begin(self) -> None:
        thread = threading.Thread(target=self._run, name=f"database-{len(self._threads) + 1}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            work()

    def _do(self, future: Future[T], work: Callable[[], T]) -> None:
        with self._lock:
            if future.done() or not future.set_running_or_notify_cancel():
                return  # given up, or nobody waits for it any more
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - as every Executor does: raised where it is waited for
            with suppress(InvalidStateError):  # given up meanwhile
                future.set_exception(error)
        else:
            with suppress(InvalidStateError):
                future.set_result(result)


def _closing() -> TicketsUnreachable:
    return TicketsUnreachable(
        "the records' database was not asked any more, or has not answered: the gateway stops"
    )
