"""Keeps calls and what belongs to them no longer than the site's retention."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from gateway.database import Database, RecordsError, said
from gateway.database.clock import DAY, Clock
from gateway.privacy.ageing import Ageing, Deleted
from gateway.records import RecordsConfig
from gateway.records.schema import CallRow

log = logging.getLogger(__name__)

EVERY: Final = 3600.0
"""Seconds between two searches: retention is told in days."""
STOP: Final = 10.0
"""Seconds stop() waits at most: for a transaction of milliseconds, or for SQLite to say "locked"
(gateway.database.sqlite.BUSY). A server that hangs is not waited for."""


class Retention:
    """Deletes what is too old when the gateway starts and every hour, in a thread of its own."""

    def __init__(
        self,
        config: RecordsConfig,
        retention_days: int | None,
        now: Callable[[], datetime] | None = None,
        passed: Callable[[], float] = time.monotonic,
    ) -> None:
        """`retention_days` None: all is kept for ever. `now` gives aware times, `passed` seconds from any moment
        on, which nobody sets. Opens nothing yet. Raises RecordsError for an address that is none."""
        self._site = config.site
        self._days = retention_days
        self._now = now or (lambda: datetime.now(config.zone))
        self._clock = Clock(passed)
        self._waits = False
        """For the clock to be believed."""
        self._database = Database(config.url, config.data_dir)
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; returns at once."""
        if self._days is None:
            return
        # A daemon: the process ends without one that the database does not let go.
        self._thread = threading.Thread(target=self._work, name="retention", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End; a search that runs ends after its transaction. Blocks. Idempotent."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(STOP)
        self._database.close()

    def search(self) -> Deleted:
        """Delete what is too old now, and log how much that was; nothing while the clock is not to be believed. A
        database that is away is tried again the next time. Blocks; never raises."""
        if self._days is None:
            return Deleted()
        now = self._now()
        self._clock.watch(now)
        ageing = Ageing(self._database.engine, self._site, now - timedelta(days=self._days), self._ended)
        try:
            self._database.prepare()
            if self._believed(now):
                ageing.run()
        except (SQLAlchemyError, RecordsError, OSError) as error:
            told = "retention: the database cannot be used: %s; what is too old goes within the hour"
            log.error(told, said(error))
        if ageing.deleted:
            log.info("retention: deleted what is older than %d days: %s", self._days, ageing.deleted)
        return ageing.deleted

    def _believed(self, now: datetime) -> bool:
        newest = self._newest_call(now - DAY)
        believed = self._clock.believed(now, newest)
        if not believed and not self._waits:
            log.error(
                "retention: the clock says %s, but the newest call on record is of %s; is it right? Nothing is "
                "deleted until it has run on for a day",
                *(f"{now:%Y-%m-%d %H:%M}", f"{newest:%Y-%m-%d %H:%M}"),
            )
        self._waits = not believed
        return believed

    def _newest_call(self, before: datetime) -> datetime | None:
        """Of any site: theirs are other clocks."""
        newest = select(CallRow.offered_at).where(CallRow.offered_at < before).order_by(CallRow.offered_at.desc())
        with self._database.engine.connect() as connection:
            return connection.scalar(newest.limit(1))

    def _work(self) -> None:
        while not self._ended.is_set():
            try:
                self.search()
            except Exception:  # what is wrong now may not be in an hour, and calls go on meanwhile
                log.exception("retention: the search failed; the next one is in an hour")
            self._ended.wait(EVERY)
