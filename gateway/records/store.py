"""Reads the records."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Column, Select, select
from sqlalchemy.exc import DBAPIError, NoSuchTableError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from gateway.records.config import RecordsConfig
from gateway.records.database import connect, resolve, sqlite_file
from gateway.records.errors import CallAmbiguous, CallUnknown, RecordsError, RecordsMissing
from gateway.records.journal import record_of
from gateway.records.record import CallRecord
from gateway.records.schema import CallRow, EventRow
from gateway.records.upgrade import CALLS, lacking


@dataclass(frozen=True, slots=True)
class Event:
    """One fact of a call as the journal holds it: `fact` is its name, `data` all it says."""

    at: datetime
    fact: str
    data: dict[str, Any]


class Store:
    """Reads call records, while a gateway writes them or none does. A context manager.

    Every method raises RecordsMissing where there is no database yet, RecordsError where it cannot be read.
    """

    def __init__(self, config: RecordsConfig) -> None:
        self._zone = config.zone
        url = resolve(config.url, config.data_dir)
        self.name = str(sqlite_file(url) or url.render_as_string(hide_password=True))
        self._file = sqlite_file(url)
        self._engine = connect(url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

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
        query = select(EventRow).where(EventRow.call == call).order_by(EventRow.number)
        with self._reading() as session:
            rows = session.scalars(query).all()
        return [Event(row.at.astimezone(self._zone), row.fact, row.data) for row in rows]

    def _calls(self, query: Select[Any]) -> list[CallRow]:
        """The rows; an earlier version's, which no gateway has upgraded yet, without the columns they lack."""
        with self._reading() as session:
            missing = {column.name for column in self._lacking(session)}
            present = [column for column in CALLS.columns if column.name not in missing]
            return [CallRow(**row) for row in session.execute(query.with_only_columns(*present)).mappings()]

    @staticmethod
    def _lacking(session: Session) -> list[Column[object]]:
        try:
            return lacking(session.connection())
        except NoSuchTableError:
            return []  # the query itself tells what is wrong

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        if self._file is not None and not self._file.is_file():
            raise RecordsMissing(f"no call records yet: {self._file} does not exist; `sansheng run` makes it")
        try:
            with Session(self._engine) as session:
                yield session
        except (OperationalError, ProgrammingError) as error:
            raise RecordsError(f"the call records {self.name} cannot be read: {error.orig}") from error
        except DBAPIError as error:
            raise RecordsError(f"{self.name} does not hold call records: {error.orig}") from error
