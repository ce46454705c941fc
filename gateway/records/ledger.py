"""Writes facts and records into the database, a batch a transaction. Used by one thread."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session

from gateway.call.facts import Notice, Released, ReleasedBy
from gateway.database import connect, prepare_file, resolve, sqlite_file
from gateway.records.compliance import judge
from gateway.records.config import RecordsConfig
from gateway.records.folding import GATEWAY_STOPPED, closed, fold
from gateway.records.journal import fact_data, fact_name, record_of, row_values
from gateway.records.record import CallRecord
from gateway.records.schema import Base, CallRow, EventRow
from gateway.records.upgrade import upgrade

log = logging.getLogger(__name__)


class Ledger:
    """The open database and the records of the calls that are up.

    Any method may raise SQLAlchemyError or OSError; then nothing of it is kept, and it can be tried anew.
    """

    def __init__(self, config: RecordsConfig) -> None:
        """Raises RecordsError for an address that is none."""
        self._config = config
        self._url = resolve(config.url, config.data_dir)
        self.name = str(sqlite_file(self._url) or self._url.render_as_string(hide_password=True))
        self._engine: Engine = connect(self._url)
        self._open: dict[str, CallRecord] = {}

    def prepare(self) -> None:
        """Make file and tables where they are not there yet, and the columns that an earlier version had not."""
        prepare_file(self._url)
        with self._engine.begin() as connection:
            Base.metadata.create_all(connection)
            upgrade(connection)

    def close_orphans(self, now: datetime) -> list[CallRecord]:
        """Close this site's calls that a crash left open, as of their last fact and never later than `now`."""
        query = select(CallRow).where(CallRow.site == self._config.site, CallRow.ended_at.is_(None))
        orphans = []
        with Session(self._engine) as session, session.begin():
            for row in session.scalars(query).all():
                record = record_of(row, self._config.zone)
                last = session.scalar(select(func.max(EventRow.at)).where(EventRow.call == row.call))
                ended_at = min((last or record.offered_at).astimezone(self._config.zone), now)
                orphan = self._judged(closed(record, ended_at, ReleasedBy.FAULT, GATEWAY_STOPPED))
                released = Notice(ended_at, row.line, row.call, Released(ReleasedBy.FAULT, GATEWAY_STOPPED))
                session.add(self._event(released))
                session.merge(CallRow(**row_values(orphan)))
                orphans.append(orphan)
        return orphans

    def write(self, notices: Sequence[Notice]) -> None:
        """Write facts and what they make of the records: all of them, or none."""
        changed = self._folded(notices)
        with Session(self._engine) as session, session.begin():
            session.execute(insert(EventRow), [self._event_values(notice) for notice in notices])
            for record in changed.values():
                session.merge(CallRow(**row_values(record)))
        for call, record in changed.items():
            if record.open:
                self._open[call] = record
            else:
                self._open.pop(call, None)

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

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
        try:
            compliance = judge(record, self._config.rules_of(record.dialplan))
        except Exception:  # whatever it is, the call has ended and its record must say so
            log.exception("records: call %s could not be judged; it is on record without judgements", record.call)
            compliance = ()
        return replace(record, compliance=compliance)

    def _event_values(self, notice: Notice) -> dict[str, object]:
        return {
            "at": notice.at,
            "site": self._config.site,
            "line": notice.line,
            "call": notice.call,
            "fact": fact_name(notice.fact),
            "data": fact_data(notice.fact),
        }

    def _event(self, notice: Notice) -> EventRow:
        return EventRow(**self._event_values(notice))
