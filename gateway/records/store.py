"""Reads the records."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from types import NoneType
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, String, Text, literal, or_, select, tuple_, type_coerce

from gateway.call.zoned import zoned
from gateway.database import lacking
from gateway.records.errors import CallAmbiguous, CallSpoiled, CallUnknown
from gateway.records.journal import record_from
from gateway.records.reader import Reader
from gateway.records.record import CallRecord
from gateway.records.schema import CALLS, CallRow, EventRow
from gateway.records.unreadable import each_read


@dataclass(frozen=True, slots=True)
class Event:
    """One fact of a call as the journal holds it: `fact` is its name, `data` all it says. In a damaged row, or one
    that another program wrote, anything may be missing from `data`, or be of another type."""

    at: datetime
    fact: str
    data: dict[str, Any]


_PLAIN = {
    column.name: (column.type.python_type, NoneType) if column.nullable else (column.type.python_type,)
    for column in CALLS.columns
    if isinstance(column.type, String | Integer)
}
"""What text and whole numbers must be: SQLite keeps anything in any column. JSON and times are read as such."""
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
        page = self._page(query)
        while page:
            wanted_now = select(CallRow).where(CallRow.call.in_([call for call, _ in page]))
            for record in self._records(wanted_now.order_by(CallRow.offered_at, CallRow.call)):
                if not wanted.broken or any(not judgement.kept for judgement in record.compliance):
                    yield record
            last, offered_at = page[-1]
            at = literal(offered_at, Text) if isinstance(offered_at, str) else offered_at
            further = tuple_(CallRow.offered_at, CallRow.call) > tuple_(at, last)
            page = self._page(query.where(further)) if len(page) == AT_ONCE else []

    def last(self, count: int, site: str) -> list[CallRecord]:
        """The site's calls that ended last, the last one first; `count` at most."""
        ended = select(CallRow).where(CallRow.site == site, CallRow.ended_at.is_not(None))
        return list(self._records(ended.order_by(CallRow.ended_at.desc()).limit(count)))

    def call(self, call: str) -> CallRecord:
        """The call with this id, or the only one whose id begins so. Raises CallUnknown, CallAmbiguous,
        CallSpoiled."""
        query = (
            select(CallRow).where(CallRow.call.startswith(call, autoescape=True)).order_by(CallRow.call).limit(5)
        )
        with self.reading() as session:
            known = list(session.scalars(query.with_only_columns(CallRow.call)))
        found = [call] if call in known else known
        if not found or not call:
            raise CallUnknown(f"no call {call!r} in {self.name}; `sansheng calls` lists them")
        if len(found) > 1:
            raise CallAmbiguous(f"several calls begin with {call!r}: {', '.join(found)}; give more of the id")
        for record in self._records(select(CallRow).where(CallRow.call == found[0])):
            return record
        raise CallSpoiled(f"{self.name}: {self.unreadable.told()}")

    def timeline(self, call: str) -> list[Event]:
        """All facts of the call with exactly this id, in the order they came."""
        # As the driver gives it: one row of SQLite's that holds no JSON must not keep the others from being read.
        data = type_coerce(EventRow.data, Text).label("data")
        query = select(EventRow.at, EventRow.fact, data).where(EventRow.call == call)
        ordered = query.order_by(EventRow.number)
        with self.reading() as session:
            return list(each_read(session, ordered, EventRow.number, self._event, self._fact_left_out))

    def _page(self, query: Select[Any]) -> list[tuple[str, Any]]:
        """The next calls, and when each was offered as the driver gives it: SQLite has text, and what is no time
        sorts all the same."""
        columns = (CallRow.call, type_coerce(CallRow.offered_at, Text))
        with self.reading() as session:
            return [(call, at) for call, at in session.execute(query.with_only_columns(*columns).limit(AT_ONCE))]

    def _records(self, query: Select[Any]) -> list[CallRecord]:
        """The records of the rows; an earlier version's, which no gateway has upgraded yet, without the columns
        they lack."""
        with self.reading() as session:
            missing = lacking(session.connection(), CALLS)
            present = [column for column in CALLS.columns if column.name not in missing]
            rows = query.with_only_columns(*present)
            return list(each_read(session, rows, CallRow.call, self._record, self._call_left_out))

    def _record(self, row: Row[Any]) -> CallRecord:
        return sound_record(row, self._zone)

    def _event(self, row: Row[Any]) -> Event:
        return Event(zoned(row.at, self._zone), row.fact, _data(row.data))

    def _call_left_out(self, call: str) -> None:
        self.unreadable.add(f"call {call}")

    def _fact_left_out(self, number: int) -> None:
        self.unreadable.add(f"fact {number}")


def sound_record(row: Row[Any], zone: tzinfo) -> CallRecord:
    """The record of a row of calls, its times in `zone`. Raises one of unreadable.SPOILED."""
    for name, value in row._mapping.items():
        if type(value) not in _PLAIN.get(name, (type(value),)):
            raise TypeError(f"{name} is {value!r}")
    return record_from(row._mapping, zone)


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
