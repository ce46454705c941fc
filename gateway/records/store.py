"""Reads the records."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, or_, select, tuple_, type_coerce

from gateway.database import lacking
from gateway.records.errors import CallAmbiguous, CallUnknown
from gateway.records.journal import record_of
from gateway.records.reader import Reader
from gateway.records.record import CallRecord
from gateway.records.schema import CALLS, CallRow, EventRow


@dataclass(frozen=True, slots=True)
class Event:
    """One fact of a call as the journal holds it: `fact` is its name, `data` all it says. In a damaged row, or one
    that another program wrote, anything may be missing from `data`, or be of another type."""

    at: datetime
    fact: str
    data: dict[str, Any]


AT_ONCE = 500
"""Calls read at a time: two megabytes of records, and no transaction that outlasts a page of a slow reader."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls: offered at or after `since` and before `until` (aware), on this `line`; with `broken` those
    alone that broke a clause."""

    since: datetime | None = None
    until: datetime | None = None
    line: str | None = None
    broken: bool = False


class Store(Reader):
    """Reads call records, while a gateway writes them or none does. A context manager.

    Every method raises RecordsMissing where there is no database yet, RecordsError where it cannot be read.
    """

    def calls(self, since: datetime | None = None) -> list[CallRecord]:
        """The calls offered at or after `since` (aware), all without it, in the order they were offered; all of
        them in memory."""
        return list(self.each(Wanted(since)))

    def each(self, wanted: Wanted) -> Iterator[CallRecord]:
        """The calls that are wanted, in the order they were offered: AT_ONCE of them in memory, however many."""
        with self.reading() as session:
            known = wanted.broken and CALLS.c.broken.name not in lacking(session.connection(), CALLS)
        query = select(CallRow).order_by(CallRow.offered_at, CallRow.call).where(*_conditions(wanted, known))
        rows = self._calls(query.limit(AT_ONCE))
        while rows:
            for row in rows:
                record = record_of(row, self._zone)
                if not wanted.broken or any(not judgement.kept for judgement in record.compliance):
                    yield record
            last = rows[-1]
            further = tuple_(CallRow.offered_at, CallRow.call) > tuple_(last.offered_at, last.call)
            rows = self._calls(query.where(further).limit(AT_ONCE)) if len(rows) == AT_ONCE else []

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
        # As the driver gives it: one row of SQLite's that holds no JSON must not keep the others from being read.
        data = type_coerce(EventRow.data, Text).label("data")
        query = select(EventRow.at, EventRow.fact, data).where(EventRow.call == call)
        with self.reading() as session:
            rows = session.execute(query.order_by(EventRow.number)).all()
        return [Event(row.at.astimezone(self._zone), row.fact, _data(row.data)) for row in rows]

    def _calls(self, query: Select[Any]) -> list[CallRow]:
        """The rows; an earlier version's, which no gateway has upgraded yet, without the columns they lack."""
        with self.reading() as session:
            missing = lacking(session.connection(), CALLS)
            present = [column for column in CALLS.columns if column.name not in missing]
            return [CallRow(**row) for row in session.execute(query.with_only_columns(*present)).mappings()]


def _data(said: object) -> dict[str, Any]:
    """What a fact says, from PostgreSQL's object or SQLite's text; nothing where a damaged row holds neither."""
    try:
        found = json.loads(said) if isinstance(said, str) else said
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _conditions(wanted: Wanted, known: bool) -> Iterator[ColumnElement[bool]]:
    """`known`: whether to ask for the column of broken clauses, which is null for calls of an earlier version."""
    if wanted.since is not None:
        yield CallRow.offered_at >= wanted.since
    if wanted.until is not None:
        yield CallRow.offered_at < wanted.until
    if wanted.line is not None:
        yield CallRow.line == wanted.line
    if known:
        yield or_(CallRow.broken != "", CallRow.broken.is_(None))
