"""The records: a listener of facts that has them on disk at once, from a call's first ring on."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from gateway.call.facts import Notice
from gateway.records.config import RecordsConfig
from gateway.records.ledger import Ledger

log = logging.getLogger(__name__)

BATCH = 500
"""Notices a transaction takes at most; a disk's flush costs the same for one."""
FIRST_RETRY = 0.25
LAST_RETRY = 5.0
"""Seconds between attempts while the database cannot be written, doubled from the first to the last."""
START = 10.0
"""Seconds start() waits for the database at most; what fails is retried in the background."""

TROUBLE = (DBAPIError, OSError)
"""What may pass: a locked database, a full disk, a server that is away."""
UNFIT = (DataError, IntegrityError)
"""What never passes: the notice itself cannot be stored."""


class Records:
    """Writes call records and the journal of facts from a thread of its own.

    A database that cannot be written is a `problem`, logged once and retried; notices are kept meanwhile, up to
    the config's `queue_limit`, beyond which the oldest is lost and counted in `dropped`.
    """

    def __init__(self, config: RecordsConfig, now: Callable[[], datetime] | None = None) -> None:
        """`now` gives aware times. Raises RecordsError for a config that cannot be right."""
        self._now = now or (lambda: datetime.now(config.zone))
        self._limit = config.queue_limit
        self._ledger = Ledger(config)
        self._waiting: deque[Notice] = deque()
        self._news = threading.Condition()
        self._stopping = threading.Event()
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self.problem: str | None = None
        """Why nothing can be written at present; None while all is well."""
        self.dropped = 0
        """Notices lost because the database could not be written for too long."""

    def start(self) -> None:
        """Open the database, close what a crash left open, begin to write. Waits for the first attempt alone."""
        self._thread = threading.Thread(target=self._work, name="records", daemon=True)
        self._thread.start()
        self._ready.wait(START)

    def receive(self, notice: Notice) -> None:
        """Take a notice from any thread; never waits for the disk, never raises."""
        with self._news:
            self._waiting.append(notice)
            if len(self._waiting) > self._limit:
                self._waiting.popleft()
                self.dropped += 1
            self._news.notify()

    def stop(self) -> None:
        """Write what waits and close the database; what cannot be written now is lost, and logged. Idempotent."""
        with self._news:
            self._stopping.set()
            self._news.notify()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        try:
            if self._insist(self._open):
                self._ready.set()
                self._write_all()
        finally:
            self._ready.set()
            self._ledger.close()
            if self._waiting:
                log.error("records: %d facts were not written: %s", len(self._waiting), self.problem)

    def _open(self) -> None:
        self._ledger.prepare()
        for record in self._ledger.close_orphans(self._now()):
            log.warning("records: call %s was open when the gateway had stopped; closed as fault", record.call)

    def _write_all(self) -> None:
        while batch := self._next_batch():
            if not self._insist(partial(self._write, batch)):
                self._waiting.extendleft(reversed(batch))
                return

    def _next_batch(self) -> list[Notice]:
        """What waits, up to a batch; empty only when stopping."""
        with self._news:
            while not self._waiting and not self._stopping.is_set():
                self._news.wait()
            return [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]

    def _write(self, batch: list[Notice]) -> None:
        try:
            self._ledger.write(batch)
        except Exception as error:
            if _may_pass(error):
                raise
            self._write_singly(batch)

    def _write_singly(self, batch: list[Notice]) -> None:
        """One notice of the batch cannot be stored: lose that one alone."""
        for notice in batch:
            try:
                self._ledger.write([notice])
            except Exception as error:
                if _may_pass(error):
                    raise
                log.exception("records: a %s of call %s was lost", type(notice.fact).__name__, notice.call)

    def _insist(self, attempt: Callable[[], None]) -> bool:
        """Try until it is done; False where the gateway stops before that."""
        retry = FIRST_RETRY
        while True:
            try:
                attempt()
            except TROUBLE as error:
                self._report(str(error.orig) if isinstance(error, DBAPIError) else str(error))
                self._ready.set()
                if self._stopping.wait(retry):
                    return False
                retry = min(retry * 2, LAST_RETRY)
            else:
                self._report(None)
                return True

    def _report(self, problem: str | None) -> None:
        """Tell the log once about each problem, and about its end."""
        if problem == self.problem:
            return
        if problem is None:
            log.warning("records: %s can be written again; %d facts were lost", self._ledger.name, self.dropped)
        else:
            log.error("records: %s cannot be written: %s; kept in memory and retried", self._ledger.name, problem)
        self.problem = problem


def _may_pass(error: Exception) -> bool:
    return isinstance(error, TROUBLE) and not isinstance(error, UNFIT)
