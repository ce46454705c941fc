"""The records: a listener of facts that has them on disk at once, from a call's first ring on."""

import logging
import secrets
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from gateway.call.facts import Notice
from gateway.records.backlog import Backlog
from gateway.records.config import RecordsConfig
from gateway.records.intake import Intake
from gateway.records.ledger import Ledger
from gateway.records.scribe import Ended, Recovered, Scribe
from gateway.records.spool_file import SpoolFile, left_behind, lines_of, next_path
from gateway.records.troubles import Alert, Troubles

log = logging.getLogger(__name__)

START = 10.0
"""Seconds start() waits for the database at most; what fails is retried in the background."""
STOP = 6.0
"""Seconds stop() waits for a batch: SQLite has said "locked" after 5 (database.sqlite.BUSY). What is not written
by then is in the spool."""


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
        ended: Ended = lambda _: None,
        caught_up: Callable[[], None] = lambda: None,
    ) -> None:
        """All are called on threads of the records': `recovered` once such a call is on record, maybe more than
        once; `ended` with calls that have ended, once they are on record; `caught_up` when what earlier runs left
        is in the database, where start() had returned before. Raises RecordsError for a config that cannot be
        right."""
        self._config = config
        self.run = secrets.token_hex(8)
        """Names this run of the gateway in the journal."""
        ledger = self._ledger = Ledger(config, self.run)
        self._name = ledger.name
        self._folder = config.spool_folder
        self._backlog = Backlog(config.zone, config.queue_limit)
        troubles = Troubles(alert, ledger.name, self._folder)
        self._scribe = Scribe(
            ledger, self._backlog, config.zone, troubles, recovered, ended, caught_up, lambda: self.lost
        )
        self._intake = Intake(self.run, self._backlog, config.queue_limit, self._scribe.wake)
        self._thread: threading.Thread | None = None

    @property
    def problem(self) -> str | None:
        """Why nothing can be written at present; None while all is well."""
        return self._scribe.problem

    @property
    def company(self) -> bool:
        """See gateway.database.runs.Runs."""
        return self._ledger.company

    def lives(self, run: str | None) -> bool:
        """See gateway.database.runs.Runs."""
        return self._ledger.lives(run)

    @property
    def spooled(self) -> int:
        """Facts that are not in the database yet."""
        return self._intake.waiting + len(self._backlog) + self._scribe.left_behind

    @property
    def safe(self) -> int:
        """Facts of this run, in their order, that no end of the process can lose any more."""
        return self._backlog.safe

    @property
    def lost(self) -> int:
        """Facts lost because neither spool nor database could take them, or as they hold what cannot be stored."""
        return self._intake.lost + self._backlog.lost + self._scribe.lost

    def start(self) -> None:
        """Open spool and database, write what earlier runs left, close the calls that they left open, begin to
        write. Waits for the first attempt alone."""
        earlier = left_behind(self._folder)
        self._scribe.left_behind = sum(map(_lines_in, earlier))
        self._backlog.open(self._new_file)
        self._intake.start()
        work = partial(self._scribe.work, earlier)
        self._thread = threading.Thread(target=work, name="records", daemon=True)
        self._thread.start()
        self._scribe.ready.wait(START)

    def receive(self, notice: Notice) -> None:
        """Take a notice from any thread; never waits for the disk, never raises."""
        self._intake.receive(notice)

    def stop(self) -> None:
        """Write what waits and close the database; what cannot be written now stays in the spool for the next run.
        Waits as long as something is written in STOP seconds. Idempotent."""
        thread, self._thread = self._thread, None
        self._intake.stop()
        self._scribe.stop()
        written = -1
        while thread is not None and thread.is_alive() and self._scribe.written != written:
            written = self._scribe.written
            thread.join(STOP)
        if thread is None:
            return
        if thread.is_alive():  # a daemon: the process ends without it
            log.error("records: %s has not answered for %g s", self._name, STOP)
        unsafe = self._intake.waiting + self._backlog.unsafe
        if self.spooled > unsafe:
            log.error("records: %d facts wait in %s for the next run", self.spooled - unsafe, self._folder)
        if unsafe:
            log.error("records: %d facts are lost: neither database nor spool has taken them", unsafe)
        self._backlog.close()

    def _new_file(self) -> SpoolFile:
        return SpoolFile(next_path(self._folder, self.run), self._config.spool_bytes)


def _lines_in(path: Path) -> int:
    try:
        return sum(1 for _ in lines_of(path))
    except OSError:
        return 0  # whoever writes them will tell
