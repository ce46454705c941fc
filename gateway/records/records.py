"""The records: a listener of facts that has them on disk at once, from a call's first ring on."""

import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from gateway.call.facts import Notice
from gateway.records.backlog import Backlog
from gateway.records.config import RecordsConfig
from gateway.records.entry import Entry
from gateway.records.insistence import Insistence, may_pass
from gateway.records.intake import Intake
from gateway.records.ledger import Ledger
from gateway.records.left_behind import replay
from gateway.records.spool_file import SpoolFile, left_behind, next_path

log = logging.getLogger(__name__)

BATCH = 500
"""Facts a transaction takes at most; a disk's flush costs the same for one."""
START = 10.0
"""Seconds start() waits for the database at most; what fails is retried in the background."""
STOP = 6.0
"""Seconds stop() waits for a batch: SQLite has said "locked" after 5 (database.engine.BUSY). What is not written
by then is in the spool."""
UNWRITTEN = "records_unwritten"
"""The alert's code: the database cannot be written, facts wait in the spool."""
LOST = "records_lost"
"""The alert's code: neither database nor spool takes facts."""

Alert = Callable[[str, str, bool], None]
"""A code for programs, words for people, and whether the trouble begins (True) or is cured."""
Recovered = Callable[[Sequence[Notice]], None]
"""All facts of a call that an earlier run did not see to its end, or could not write."""


class Records:
    """Writes call records and the journal of facts from threads of its own.

    Each fact is appended to the spool's file, which outlives the process, and then written into the database. A
    database that cannot be written is a `problem`, logged once and retried; facts wait in the spool meanwhile, in
    this run and the next, up to the config's `spool_mb`. Where the spool cannot be written either they wait in
    memory, up to `queue_limit`; those beyond are `lost`.
    """

    def __init__(
        self,
        config: RecordsConfig,
        *,
        alert: Alert = lambda _code, _detail, _raised: None,
        recovered: Recovered = lambda _: None,
    ) -> None:
        """`alert` and `recovered` are called on threads of the records', the latter once such a call is on record,
        maybe more than once. Raises RecordsError for a config that cannot be right."""
        self._config = config
        self._alert = alert
        self._recovered = recovered
        self._left: set[str] = set()
        """Calls that earlier runs left in the spool, or open."""
        self._ledger = Ledger(config)
        self._folder = config.spool_folder
        self._backlog = Backlog(config.zone, config.queue_limit)
        self._stopping = threading.Event()
        self._ready = threading.Event()
        self._news = threading.Condition()
        self.run = secrets.token_hex(8)
        """Names this run of the gateway in the journal."""
        self._intake = Intake(self.run, self._backlog, config.queue_limit, self._tell_news)
        self._insistence = Insistence("records", self._ledger.name, "kept in the spool", self._stopping)
        self._thread: threading.Thread | None = None
        self._written = 0
        """Batches, to tell a slow database from one that hangs."""
        self._again = False
        """Whether what is written next may be in the database already."""
        self._alerted: set[str] = set()
        self._spool_told: str | None = None

    @property
    def problem(self) -> str | None:
        """Why nothing can be written at present; None while all is well."""
        return self._insistence.problem

    @property
    def spooled(self) -> int:
        """Facts that are not in the database yet."""
        return self._intake.waiting + len(self._backlog)

    @property
    def safe(self) -> int:
        """Facts of this run, in their order, that no end of the process can lose any more."""
        return self._backlog.safe

    @property
    def lost(self) -> int:
        """Facts lost because neither spool nor database could take them, or as they hold what cannot be stored."""
        return self._intake.lost + self._backlog.lost

    def start(self) -> None:
        """Open spool and database, write what earlier runs left, close the calls that they left open, begin to
        write. Waits for the first attempt alone."""
        earlier: list[Path] = []
        try:
            earlier = left_behind(self._folder)
            path = next_path(self._folder, self.run)
            self._backlog.open(SpoolFile(path, self._config.spool_bytes))
        except OSError as error:
            log.error("records: no spool in %s: %s; facts wait in memory alone", self._folder, error.strerror)
        self._intake.start()
        work = partial(self._work, earlier)
        self._thread = threading.Thread(target=work, name="records", daemon=True)
        self._thread.start()
        self._ready.wait(START)

    def receive(self, notice: Notice) -> None:
        """Take a notice from any thread; never waits for the disk, never raises."""
        self._intake.receive(notice)

    def stop(self) -> None:
        """Write what waits and close the database; what cannot be written now stays in the spool for the next run.
        Waits as long as something is written in STOP seconds. Idempotent."""
        self._intake.stop()
        self._stopping.set()
        self._tell_news()
        thread, self._thread = self._thread, None
        written = -1
        while thread is not None and thread.is_alive() and self._written != written:
            written = self._written
            thread.join(STOP)
        if thread is None:
            return
        if thread.is_alive():  # a daemon: the process ends without it
            log.error("records: %s has not answered for %g s", self._ledger.name, STOP)
        if self.spooled:
            log.error("records: %d facts wait in %s for the next run", self.spooled, self._folder)
        self._backlog.close()

    def _work(self, earlier: Sequence[Path]) -> None:
        try:
            if self._insist(self._ledger.prepare) and self._insist(partial(self._take_over, earlier)):
                self._ready.set()
                self._write_all()
        finally:
            self._ready.set()
            self._ledger.close()

    def _take_over(self, earlier: Sequence[Path]) -> None:
        """What earlier runs left goes into the database, and their calls are over."""
        for path in earlier:
            if path.exists():  # or it was done before something else failed
                replay(path, self._config.zone, self._write_again)
        for record in self._ledger.close_orphans():
            log.warning("records: call %s was open when the gateway had stopped; closed as fault", record.call)
            self._left.add(record.call)
        for call in sorted(self._left):
            self._recovered(self._ledger.facts_of(call))
        self._left.clear()

    def _write_again(self, entries: Sequence[Entry]) -> None:
        self._ledger.write(entries, again=True)
        self._left |= {entry.notice.call for entry in entries if entry.notice.call is not None}

    def _write_all(self) -> None:
        while batch := self._next_batch():
            if not self._insist(partial(self._write, batch)):
                self._backlog.put_back(batch)
                return
            self._backlog.done(batch)
            self._written += 1

    def _next_batch(self) -> list[Entry]:
        """What waits, up to a batch; empty when stopping."""
        with self._news:
            while not (batch := self._backlog.take(BATCH)) and not self._stopping.is_set():
                self._news.wait()
            return batch

    def _tell_news(self) -> None:
        with self._news:
            self._news.notify()

    def _write(self, batch: list[Entry]) -> None:
        try:
            self._ledger.write(batch, again=self._again)
        except Exception as error:  # whatever one fact is, the others are not lost with it
            if may_pass(error):
                raise
            self._write_singly(batch)

    def _write_singly(self, batch: list[Entry]) -> None:
        """One fact of the batch cannot be stored: lose that one alone."""
        for entry in batch:
            try:
                self._ledger.write([entry], again=True)
            except Exception as error:  # as above
                if may_pass(error):
                    raise
                log.exception("records: a %s of call %s was lost", entry.fact, entry.notice.call)

    def _insist(self, attempt: Callable[[], None]) -> bool:
        done = self._insistence.insist(attempt, self._failed)
        if done:
            self._again = self._backlog.careful = False
            self._show(UNWRITTEN, None)
            self._tell_of_spool()
        return done

    def _tell_of_spool(self) -> None:
        """Tell the log once that the spool cannot be written, though the database can, and once that it can."""
        trouble = self._backlog.trouble
        if trouble != self._spool_told:
            self._spool_told = trouble
            told = f"cannot be written: {trouble}" if trouble else "can be written again"
            log.warning("records: the spool in %s %s", self._folder, told)

    def _failed(self, error: Exception) -> bool:
        """From now on the spool alone outlives a power cut. A file that is no database is replaced."""
        healed = self._ledger.heal(error)
        self._again = not healed
        if not self._backlog.careful:
            self._backlog.flush()
        detail = f"the records' database {self._ledger.name} cannot be written: {self.problem}"
        self._show(UNWRITTEN, detail)
        self._show(LOST, self._backlog.trouble and f"{detail}; nor the spool: {self._backlog.trouble}")
        self._ready.set()
        return healed

    def _show(self, code: str, detail: str | None) -> None:
        """Raise an alert once, and cure it once."""
        if (detail is not None) != (code in self._alerted):
            self._alert(code, detail or "the records are written again", detail is not None)
            self._alerted ^= {code}
