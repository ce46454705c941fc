"""Writes into a database from a thread of its own: whoever gives it something never waits for a disk."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, Protocol, TypeVar

from gateway.records.insistence import LAST_RETRY, Insistence, may_pass

log = logging.getLogger(__name__)

BATCH = 500
"""Items a transaction takes at most; a disk's flush costs the same for one."""
START = 10.0
"""Seconds start() waits for the database at most; what fails is retried in the background."""
STOP = 15.0
"""Seconds stop() waits for a batch: SQLite has said "locked" after 5 (gateway.database.sqlite.BUSY), and a busy
disk has written one by then; a database that has done neither hangs."""

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class Sink(Protocol[T_contra]):
    """Where items are written. Used by the writer's thread alone; `prepare` and `write` may raise SQLAlchemyError,
    OSError or RecordsError, then nothing of it is kept and it is tried anew."""

    name: str
    """The database, for the log."""

    def prepare(self) -> None:
        """Open it: make the tables that are not there yet."""

    def write(self, batch: Sequence[T_contra]) -> None:
        """Write all of them, or none."""

    def heal(self, error: BaseException) -> bool:
        """Do what can be done after such an error; whether something was. Never raises."""

    def close(self) -> None:
        """Close it; never raises."""


class Writer(Generic[T]):
    """Writes items into a sink, in their order.

    A database that cannot be written is a `problem`, logged once and retried; items are kept meanwhile, up to
    `limit`, beyond which the oldest is lost and counted in `dropped`.
    """

    def __init__(
        self,
        sink: Sink[T],
        room: str,
        things: str,
        *,
        limit: int,
        named: Callable[[T], str],
        look: Callable[[], None] | None = None,
        every: float = 0.0,
        regained: str | None = None,
    ) -> None:
        """`room` and `things` are for the log: who writes, and what; `named` names an item that is lost. `look` is
        called when the sink is open and then every `every` seconds, on the writer's thread; it may raise as the
        sink does. `regained`: how the next start comes by what this one could not write; None: it does not."""
        self._sink = sink
        self._room = room
        self._things = things
        self._limit = limit
        self._named = named
        self._look = look
        self._every = every
        self._fate = regained or "lost"
        self._waiting: deque[T] = deque()
        self._news = threading.Condition()
        self._stopping = threading.Event()
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self._insistence = Insistence(room, sink.name, "kept in memory", self._stopping, once_more=True)
        self._written = 0
        """Batches, to tell a slow database from one that hangs."""
        self.dropped = 0
        """Items lost because the database could not be written for too long."""
        self._told = 0
        """How many of them the log has been told of."""

    @property
    def problem(self) -> str | None:
        """Why nothing can be written at present; None while all is well."""
        return self._insistence.problem

    def start(self) -> None:
        """Open the sink, begin to write. Waits for the first attempt alone."""
        self._thread = threading.Thread(target=self._work, name=self._room, daemon=True)
        self._thread.start()
        self._ready.wait(START)

    def put(self, item: T) -> None:
        """Take an item from any thread; never waits for the disk, never raises."""
        with self._news:
            self._waiting.append(item)
            if len(self._waiting) > self._limit:
                self._waiting.popleft()
                self.dropped += 1
            self._news.notify()

    def stop(self) -> None:
        """Write what waits and close the sink; what cannot be written now is lost, and logged. Waits as long
        as something is written in STOP seconds. Idempotent."""
        with self._news:
            self._stopping.set()
            self._news.notify()
        thread, self._thread = self._thread, None
        written = -1
        while thread is not None and thread.is_alive() and self._written != written:
            written = self._written
            thread.join(STOP)
        if thread is not None and thread.is_alive():  # a daemon: the process ends without it
            told = (self._room, self._sink.name, STOP, len(self._waiting), self._things, self._fate)
            log.error("%s: %s has not answered for %g s; %d %s are %s, and any on their way", *told)

    def _work(self) -> None:
        try:
            while not self._finished() and not self._stopping.wait(LAST_RETRY):
                continue
        finally:
            self._ready.set()
            self._sink.close()
            if self._waiting:
                count = len(self._waiting)
                told = (self._room, count, self._things, self._fate, self.problem)
                log.error("%s: %d %s could not be written and are %s: %s", *told)

    def _finished(self) -> bool:
        """Do all the work; False where it broke off and is to be begun anew."""
        try:
            if self._insist(self._sink.prepare):
                if self._look is not None:
                    self._insist(self._look)
                self._ready.set()
                self._write_all()
        except Exception:  # whatever a row of the database makes of it, what is put in must be written
            log.exception("%s: writing broke off, and is begun anew", self._room)
            self._ready.set()
            return False
        return True

    def _write_all(self) -> None:
        due = time.monotonic() + self._every
        while True:
            batch = self._next_batch(due)
            try:
                done = not batch or self._insist(partial(self._write, batch))
            except BaseException:
                self._waiting.extendleft(reversed(batch))
                raise
            if not done:
                self._waiting.extendleft(reversed(batch))
                return
            self._written += 1
            if not batch and self._stopping.is_set():
                return
            if self._look is not None and time.monotonic() >= due:
                self._insist(self._look)
                due = time.monotonic() + self._every

    def _next_batch(self, due: float) -> list[T]:
        """What waits, up to a batch; empty when stopping, or when it is time to look."""
        with self._news:
            while not self._waiting and not self._stopping.is_set():
                if self._look is None:
                    self._news.wait()
                elif (left := due - time.monotonic()) > 0:
                    self._news.wait(left)
                else:
                    break
            return [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]

    def _write(self, batch: list[T]) -> None:
        try:
            self._sink.write(batch)
        except Exception as error:  # whatever one item is, the others are not lost with it
            if may_pass(error):
                raise
            self._write_singly(batch)

    def _write_singly(self, batch: list[T]) -> None:
        """One item of the batch cannot be stored: lose that one alone."""
        for item in batch:
            try:
                self._sink.write([item])
            except Exception as error:  # as above
                if may_pass(error):
                    raise
                log.exception("%s: %s was lost", self._room, self._named(item))

    def _insist(self, attempt: Callable[[], None]) -> bool:
        done = self._insistence.insist(attempt, self._failed)
        if done and self.dropped > self._told:
            log.error("%s: %d %s were lost", self._room, self.dropped - self._told, self._things)
            self._told = self.dropped
        return done

    def _failed(self, error: Exception) -> bool:
        healed = self._sink.heal(error)
        self._ready.set()
        return healed
