"""Writes facts and records into the database, a batch a transaction. Used by one thread."""

import logging
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.call.facts import Notice, Released, ReleasedBy
from gateway.database import Database
from gateway.database.run_lock import run_lock_of
from gateway.records import untold
from gateway.records.compliance import judged
from gateway.records.config import RecordsConfig
from gateway.records.entry import Entry, EntryUnreadable, fact_of
from gateway.records.folding import GATEWAY_STOPPED, closed, fold
from gateway.records.insistence import may_pass
from gateway.records.journal import fact_data, fact_name, record_of, row_values
from gateway.records.putting import calls_put, facts_put, untold_put
from gateway.records.record import CallRecord
from gateway.records.schema import CallRow, EventRow

log = logging.getLogger(__name__)


class Ledger:
    """The open database and the records of the calls that are up.

    Any method may raise SQLAlchemyError or OSError; then nothing of it is kept, and it can be tried anew.
    """

    def __init__(self, config: RecordsConfig, run: str | None = None) -> None:
        """`run` names who writes. Raises RecordsError for an address that is none."""
        self._config = config
        self._database = Database(config.url, config.data_dir, config.set_aside)
        self.name = self._database.name
        self._engine = self._database.engine
        self._facts = facts_put(self._engine.dialect)
        self._calls = calls_put(self._engine.dialect)
        self._untold = untold_put(self._engine.dialect)
        self._open: dict[str, CallRecord] = {}
        self._run = run or secrets.token_hex(8)
        self._run_lock = run_lock_of(self._engine, config.site, self._run)
        self._ended: set[str] = set()
        self._looked = False
        self._unsettled = True
        """Whether calls may be open that are not this run's."""
        self._all_given = False
        """Whether `untold` has given all there is."""

    @property
    def shared(self) -> bool:
        """Whether another gateway of this site lives, by the last `close_orphans`."""
        return self._run_lock.shared

    @property
    def unsettled(self) -> bool:
        """Whether calls of other runs may still be open, as those may live."""
        return self._unsettled

    def ended(self, runs: Collection[str]) -> None:
        """These runs are known to be over, whatever the database thinks."""
        self._ended |= set(runs)

    def prepare(self) -> None:
        """Make what is not there: the file, the tables, what an earlier version's tables lack. Raises
        DatabaseNewer beside."""
        self._database.prepare()

    def heal(self, error: BaseException) -> bool:
        """After `error`: whether a corrupt or deleted file was replaced, so that it may be tried again."""
        return self._database.heal(error)

    def close_orphans(self) -> list[str]:
        """Close this site's calls that a crash left open, as of their last fact whatever the clock says; gives
        their ids. Those of a gateway that lives stay open until it is gone, which each call of this looks for. One
        that cannot be read stays open, which the log tells."""
        self._run_lock.look()
        self._looked = True
        if not self._unsettled and not self._run_lock.company:
            return []
        left = self._left_open()
        orphans = [(call, run) for call, run in left if not self._lives(run)]
        closed = [call for call, run in orphans if self._close_orphan(call, run)]
        self._unsettled = self._run_lock.company or len(orphans) < len(left)
        return closed

    def untold(self) -> list[str]:
        """This site's calls that ended in a run which is over, and of which the tickets have not told that they
        have them; they are this run's from now on. To be called after `close_orphans`, which looks who lives."""
        if self._all_given and not self._run_lock.company:
            return []
        with Session(self._engine) as session, session.begin():
            left = [(call, run) for call, run in untold.noted(session, self._config.site) if run != self._run]
            found = [call for call, run in left if not self._lives(run)]
            if found:
                untold.adopted(session, found, self._run)
        self._all_given = not self._run_lock.company and len(found) == len(left)
        return found

    @property
    def company(self) -> bool:
        """See gateway.database.runs.Runs; by the last `close_orphans`."""
        return not self._looked or self._run_lock.company

    def lives(self, run: str | None) -> bool:
        """See gateway.database.runs.Runs; by the last `close_orphans`."""
        return not self._looked or self._lives(run)

    def _lives(self, run: str | None) -> bool:
        return run not in self._ended and self._run_lock.lives(run)

    def _left_open(self) -> list[tuple[str, str | None]]:
        """This site's calls that have not ended, and whose they are; None: not told, as by earlier versions."""
        first = select(EventRow.run).where(EventRow.call == CallRow.call).order_by(EventRow.number).limit(1)
        query = select(CallRow.call, first.scalar_subquery()).where(
            CallRow.site == self._config.site, CallRow.ended_at.is_(None)
        )
        with Session(self._engine) as session:
            rows = session.execute(query.order_by(CallRow.offered_at))
            return [(call, run) for call, run in rows]

    def last_fact(self) -> datetime | None:
        """When the site last told anything; None: never."""
        with Session(self._engine) as session:
            at = session.scalar(select(func.max(EventRow.at)).where(EventRow.site == self._config.site))
        return at.astimezone(self._config.zone) if at else None

    def _close_orphan(self, call: str, run: str | None) -> bool:
        try:
            with Session(self._engine) as session, session.begin():
                row = session.get_one(CallRow, call)
                record = record_of(row, self._config.zone)
                last = session.scalar(select(func.max(EventRow.at)).where(EventRow.call == call))
                ended_at = (last or record.offered_at).astimezone(self._config.zone)
                orphan = self._judged(closed(record, ended_at, ReleasedBy.FAULT, GATEWAY_STOPPED))
                released = Released(ReleasedBy.FAULT, GATEWAY_STOPPED)
                session.add(EventRow(**self._named(Notice(ended_at, row.line, call, released))))
                session.merge(CallRow(**row_values(orphan)))
                self._note(session, [(orphan, run)])
        except Exception as error:  # whatever one row holds, the other calls are closed
            if may_pass(error):
                raise
            log.exception("records: call %s, left open by an earlier run, cannot be closed", call)
            return False
        self._open.pop(call, None)  # known from the spool
        return True

    def write(self, entries: Sequence[Entry], *, again: bool = False) -> list[CallRecord]:
        """Write facts and what they make of the records: all of them, or none; gives the calls that have ended by
        them. `again`: some or all of them may be in the database already, as a server took them and went away
        before it said so, or the process ended."""
        with Session(self._engine) as session, session.begin():
            if again:
                entries = self._missing(session, entries)
                self._recall(session, entries)
            changed = self._folded(entry.notice for entry in entries)
            if entries:
                self._facts.put(session.connection(), map(self._event_values, entries))
            if changed:
                self._calls.put(session.connection(), map(row_values, changed.values()))
            runs = {entry.notice.call: entry.run for entry in entries}
            self._note(session, [(record, runs[record.call]) for record in changed.values() if not record.open])
        for call, record in changed.items():
            if record.open:
                self._open[call] = record
            else:
                self._open.pop(call, None)
        return [record for record in changed.values() if not record.open]

    def facts_of(self, call: str) -> list[Notice]:
        """All that is in the journal of a call, in order; without what this version cannot read."""
        query = select(EventRow).where(EventRow.call == call).order_by(EventRow.number)
        found = []
        with Session(self._engine) as session:
            for row in session.scalars(query):
                with suppress(EntryUnreadable):
                    at = row.at.astimezone(self._config.zone)
                    found.append(Notice(at, row.line, row.call, fact_of(row.fact, row.data)))
        return found

    def close(self) -> None:
        """Close the database."""
        self._run_lock.close()
        self._database.close()

    @staticmethod
    def _missing(session: Session, entries: Sequence[Entry]) -> list[Entry]:
        """Those of the entries that are not in the journal."""
        there: set[tuple[str | None, int | None]] = set()
        for run in {entry.run for entry in entries}:
            numbers = [entry.seq for entry in entries if entry.run == run]
            known = select(EventRow.run, EventRow.seq).where(
                EventRow.run == run, EventRow.seq.between(min(numbers), max(numbers))
            )
            there |= {(row.run, row.seq) for row in session.execute(known)}
        return [entry for entry in entries if (entry.run, entry.seq) not in there]

    def _recall(self, session: Session, entries: Sequence[Entry]) -> None:
        """Know the calls of these entries as the database does: their records hold the facts that are in its
        journal, and no other ones. A call that it does not have stays as it is known: its file is a new one."""
        for call in {entry.notice.call for entry in entries} - {None}:
            row = session.get(CallRow, call)
            if row is not None:
                self._open[str(call)] = record_of(row, self._config.zone)

    def _folded(self, notices: Iterable[Notice]) -> dict[str, CallRecord]:
        changed: dict[str, CallRecord] = {}
        for notice in notices:
            if notice.call is None:
                continue
            before = changed.get(notice.call) or self._open.get(notice.call)
            after = fold(before, notice)
            if after is None or after is before:
                continue
            changed[notice.call] = after if after.open else self._judged(after)
        return changed

    def _judged(self, record: CallRecord) -> CallRecord:
        def failed(judge: str, error: Exception) -> None:
            log.error("records: call %s could not be judged by %s", record.call, judge, exc_info=error)

        try:
            return judged(record, self._config.rules.rules_of(record.dialplan, record.offered_at), failed)
        except Exception:  # whatever it is, the call has ended and its record must say so
            log.exception("records: call %s could not be judged; it is on record without judgements", record.call)
            return replace(record, compliance=(), not_applicable=None)

    def _note(self, session: Session, ended: Iterable[tuple[CallRecord, str | None]]) -> None:
        """What these calls may owe is not with the tickets yet."""
        if owing := [untold.note(record, run) for record, run in ended if untold.may_owe(record)]:
            self._untold.put(session.connection(), owing)

    def _event_values(self, entry: Entry) -> dict[str, object]:
        return self._named(entry.notice, entry.data) | {"run": entry.run, "seq": entry.seq}

    def _named(self, notice: Notice, data: Mapping[str, object] | None = None) -> dict[str, object]:
        return {
            "at": notice.at,
            "site": self._config.site,
            "line": notice.line,
            "call": notice.call,
            "fact": fact_name(notice.fact),
            "data": fact_data(notice.fact) if data is None else data,
        }
