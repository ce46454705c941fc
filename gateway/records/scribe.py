"""Brings facts from the spool into the database, on a thread of its own: first those that earlier runs left."""

import logging
from collections.abc import Callable, Sequence
from datetime import tzinfo
from functools import partial
from pathlib import Path
from threading import Condition, Event
from time import monotonic

from gateway.call.facts import Notice
from gateway.database.run_lock import LOOK
from gateway.records.backlog import Backlog
from gateway.records.entry import Entry
from gateway.records.insistence import LAST_RETRY, Insistence, may_pass
from gateway.records.ledger import Ledger
from gateway.records.left_behind import replay
from gateway.records.record import CallRecord
from gateway.records.spool_file import run_of
from gateway.records.troubles import Troubles

log = logging.getLogger(__name__)

BATCH = 500
"""Facts a transaction takes at most; a disk's flush costs the same for one."""

Ended = Callable[[Sequence[CallRecord]], None]
"""Calls that have ended and are on record."""
Recovered = Callable[[Sequence[Notice]], None]
"""All facts of a call that an earlier run did not see to its end, could not write, or died with before its ticket
was on disk."""


class Scribe:
    """The one who writes. `work` is its thread's; the rest may be used from any."""

    def __init__(
        self,
        ledger: Ledger,
        backlog: Backlog,
        zone: tzinfo,
        troubles: Troubles,
        recovered: Recovered,
        ended: Ended,
        caught_up: Callable[[], None],
        all_lost: Callable[[], int],
    ) -> None:
        """`caught_up` is called where what earlier runs left was written after `ready` only; `all_lost` gives the
        facts lost wherever that was, here too."""
        self._ledger = ledger
        self._backlog = backlog
        self._zone = zone
        self._troubles = troubles
        self._recovered = recovered
        self._ended = ended
        self._caught_up = caught_up
        self._all_lost = all_lost
        self._left: set[str] = set()
        """Calls that earlier runs left in the spool, open, or with what they owe untold."""
        self._look_at = 0.0
        """When to see who else writes for this site."""
        self._stopping = Event()
        self._news = Condition()
        self._again = False
        """Whether what is written next may be in the database already."""
        self._insistence = Insistence("records", ledger.name, "facts are kept", self._stopping)
        self.left_behind = 0
        """Facts that earlier runs left in the spool, until they are written."""
        self.ready = Event()
        """Set once the database is open, or has failed to."""
        self.written = 0
        """Batches, to tell a slow database from one that hangs."""
        self.lost = 0
        """Facts that no database could store."""

    @property
    def problem(self) -> str | None:
        """Why nothing can be written at present; None while all is well."""
        return self._insistence.problem

    def wake(self) -> None:
        """There is something to write."""
        with self._news:
            self._news.notify()

    def stop(self) -> None:
        """Write what waits, and end; at the first trouble, end."""
        self._stopping.set()
        self.wake()

    def work(self, earlier: Sequence[Path]) -> None:
        """Write until stopped; `earlier` are the spool's files that earlier runs left."""
        self._ledger.ended({run_of(path) for path in earlier})
        try:
            while not self._finished(earlier):
                if self._stopping.wait(LAST_RETRY):
                    break
        finally:
            self.ready.set()
            self._ledger.close()

    def _finished(self, earlier: Sequence[Path]) -> bool:
        """Do all the work; False where it broke off and is to be begun anew."""
        try:
            if self._insist(self._ledger.prepare) and self._insist(partial(self._take_over, earlier)):
                self.left_behind = 0
                if self.ready.is_set():
                    self._caught_up()
                self.ready.set()
                self._write_all()
        except Exception:  # whatever it is, the calls go on and their facts must
            log.exception("records: writing broke off; facts wait in the spool, and it is begun anew")
            self._again = True
            return False
        return True

    def _take_over(self, earlier: Sequence[Path]) -> None:
        """What earlier runs left goes into the database, and their calls are over."""
        for path in earlier:
            if path.exists():  # or it was done before something else failed
                replay(path, self._zone, self._write_left)
        self._close_left()
        for path in earlier:  # not before its calls are closed: it is what proves that their run is over
            path.unlink(missing_ok=True)

    def _close_left(self) -> bool:
        """Calls that nobody leads any more are over; whether there were any."""
        self._look_at = monotonic() + LOOK
        for call in (closed := self._ledger.close_orphans()):
            log.warning("records: call %s was open when the gateway had stopped; closed as fault", call)
            self._left.add(call)
        self._left.update(self._ledger.untold())
        self._troubles.share(shared=self._ledger.shared)
        for call in sorted(self._left):
            self._recovered(self._ledger.facts_of(call))
        self._left.clear()
        return bool(closed)

    def _look(self) -> None:
        """Who else writes for this site; what keeps that from being known, writing tells."""
        if monotonic() < self._look_at:
            return
        try:
            if self._close_left():
                self._caught_up()
        except Exception as error:  # the driver's own kinds too: may_pass tells which of them are an outage
            if not may_pass(error):
                raise

    def _write_left(self, entries: Sequence[Entry]) -> None:
        self._again = True
        self._write(entries)
        self._left |= {entry.notice.call for entry in entries if entry.notice.call is not None}

    def _write_all(self) -> None:
        while (batch := self._next_batch()) is not None:
            if batch and not self._all_written(batch):
                return
            self._look()

    def _all_written(self, batch: list[Entry]) -> bool:
        """False where the scribe stops before that."""
        try:
            done = self._insist(partial(self._write, batch))
        except BaseException:
            self._backlog.put_back(batch)
            raise
        if not done:
            self._backlog.put_back(batch)
            return False
        self._backlog.done(batch)
        self.written += 1
        return True

    def _next_batch(self) -> list[Entry] | None:
        """What waits, up to a batch; empty when it is time to look, None when stopping."""
        with self._news:
            while not (batch := self._backlog.take(BATCH)) and not self._stopping.is_set():
                if (left := self._look_at - monotonic()) <= 0:
                    return []
                self._news.wait(left)
            return batch or None

    def _write(self, batch: Sequence[Entry]) -> None:
        try:
            self._tell_ended(self._ledger.write(batch, again=self._again))
        except Exception as error:  # whatever one fact is, the others are not lost with it
            if may_pass(error):
                raise
            self._write_singly(batch)

    def _write_singly(self, batch: Sequence[Entry]) -> None:
        """One fact of the batch cannot be stored: lose that one alone."""
        for entry in batch:
            try:
                self._tell_ended(self._ledger.write([entry], again=True))
            except Exception as error:  # as above
                if may_pass(error):
                    raise
                self.lost += 1
                log.exception("records: a %s of call %s was lost", entry.fact, entry.notice.call)

    def _tell_ended(self, calls: Sequence[CallRecord]) -> None:
        if not calls:
            return
        try:
            self._ended(calls)
        except Exception:  # they are on record, whatever their spectators make of them
            log.exception("records: that %d calls have ended was not told", len(calls))

    def _insist(self, attempt: Callable[[], None]) -> bool:
        done = self._insistence.insist(attempt, self._failed)
        if done:
            self._again = self._backlog.careful = False
        self._tell()
        return done

    def _failed(self, error: Exception) -> bool:
        """From now on the spool alone outlives a power cut. A file that is no database is replaced."""
        healed = self._ledger.heal(error)
        self._again = not healed
        if not self._backlog.careful:
            self._backlog.flush()
        self._tell()
        self.ready.set()
        return healed

    def _tell(self) -> None:
        self._troubles.stand(problem=self.problem, spool=self._backlog.trouble, lost=self._all_lost())
