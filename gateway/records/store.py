"""Reads the records."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from gateway.database import lacking
from gateway.records.errors import CallAmbiguous, CallUnknown
from gateway.records.journal import record_of
from gateway.records.reader import Reader
from gateway.records.record import CallRecord
from gateway.records.schema import CALLS, CallRow, EventRow


@dataclass(frozen=True, slots=True)
class Event:
    """One fact of a call as the journal holds it: `fact` is its name, `data` all it says."""

    at: datetime
    fact: str
    data: dict[str, Any]


class Store(Reader):
    """Reads call records, while a gateway writes them or none does. A context manager.

    Every method raises RecordsMissing where there is no database yet, RecordsError where it cannot be read.
    """

    def calls(self, since: datetime | None = None) -> list[CallRecord]:
        """The calls offered at or after `since` (aware), all without it, in the order they were offered."""
        query = select(CallRow).order_by(CallRow.offered_at, CallRow.call)
        if since is not None:
            query = query.where(CallRow.offered_at >= since)
        return [record_of(row, self._zone) for row in self._calls(query)]

    def call(self, call: str) -> CallRecord:
        """The call with this id, or the only one whose id begins so. Raises CallUnknown, CallAmbiguous."""
        query = (
            select(CallRow).where(CallRow.call.startswith(call, autoescape=True)).order_by(CallRow.call).limit(5)
        )
        rows = self._calls(query)
        exact = [row for row in rows if row.call == call]
        found = exact or rows
        if not found or not call:
            raise CallUnknown(f"no call {call!r} in {self.name}; `sansheng calls` lists them")
        if len(found) > 1:
            ids = ", ".join(row.call for row in found)
            raise CallAmbiguous(f"several calls begin with {call!r}: {ids}; give more of the id")
        return record_of(found[0], self._zone)

    def timeline(self, call: str) -> list[Event]:
        """All facts of the call with exactly this id, in the order they came."""
        query = select(EventRow.at, EventRow.fact, EventRow.data).where(EventRow.call == call)
        with self.reading() as session:
            rows = session.execute(query.order_by(EventRow.number)).all()
        return [Event(row.at.astimezone(self._zone), row.fact, row.data) for row in rows]

    def _calls(self, query: Select[Any]) -> list[CallRow]:
        """The rows; an earlier version's, which no gateway has upgraded yet, without the columns they lack."""
        with self.reading() as session:
            missing = lacking(session.connection(), CALLS)
            present = [column for column in CALLS.columns if column.name not in missing]
            return [CallRow(**row) for row in session.execute(query.with_only_columns(*present)).mappings()]
