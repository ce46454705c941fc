"""Looks numbers up and keeps the list of those who are warned, for people at a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Row, inspect, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from drivers.line.masking import masked, shown, worded
from gateway.database import said
from gateway.desk.accounts import normalised
from gateway.people.database import PeopleDatabase
from gateway.people.schema import NumberRow
from gateway.records import RecordsConfig, RecordsError
from gateway.records.noted import rfc3339_or_none
from gateway.records.reader import Reader
from gateway.records.unreadable import each_read


class NumberUnknown(Exception):
    """Nothing is known of this number, or it is not on the list."""


class NumberWrong(ValueError):
    """What was given is no telephone number."""


@dataclass(frozen=True, slots=True)
class NumberNoted:
    """What is known of a number; times in the site's zone. `since`, `by` and `note` are of the warning."""

    number: str
    nuisance: int
    foul_language: int
    last_at: datetime | None
    warned: bool
    note: str | None
    since: datetime | None
    by: str | None

    def fields(self, *, show_number: bool) -> dict[str, Any]:
        """Its JSON; the number masked unless it may be shown (WD-11)."""
        return {
            "number": shown(self.number, show_number),
            "nuisance": self.nuisance,
            "foul_language": self.foul_language,
            "last_at": rfc3339_or_none(self.last_at),
            "warned": self.warned,
            "note": worded(self.note, show_number),
            "since": rfc3339_or_none(self.since),
            "by": self.by,
        }


def number_given(text: str) -> str:
    """A number that somebody typed, or a caller's ID, normalised. Raises NumberWrong, which does not repeat it: it
    goes to the log and to whoever hears the feed (WD-11)."""
    number = normalised(text)
    if number is None:
        raise NumberWrong(
            f"{len(text)} characters that are no telephone number; "
            "allowed: 3 to 15 digits, as 13812345678 or 0531-1234567"
        )
    return number


class NumbersBook(Reader):
    """The numbers in the records' database, while a gateway writes it or none does. A context manager.

    Every method raises RecordsError where the database cannot be used, and NumberWrong for what is no number; a
    number may be written in any form.
    """

    def __init__(self, config: RecordsConfig) -> None:
        super().__init__(config)
        self._database = PeopleDatabase(config)

    def close(self) -> None:
        """Close the database."""
        self._database.close()
        super().close()

    def all(self) -> list[NumberNoted]:
        """Every number with a history: those who are warned first, then by what was said to them."""
        said = NumberRow.nuisance + NumberRow.foul_language
        order = (NumberRow.warned.desc(), said.desc(), NumberRow.number)
        with self.reading() as session:
            if not inspect(session.connection()).has_table(NumberRow.__tablename__):
                return []
            query = select(NumberRow).order_by(*order)
            return list(each_read(session, query, NumberRow.number, self._noted, self._left_out))

    def number(self, text: str) -> NumberNoted:
        """What is known of one number. Raises NumberUnknown."""
        number = number_given(text)
        with self.reading() as session:
            known = inspect(session.connection()).has_table(NumberRow.__tablename__)
            row = session.get(NumberRow, number) if known else None
            if row is None:
                raise NumberUnknown(
                    "nothing is known of this number; `sansheng numbers` lists those with a history"
                )
            return _noted(row, self._zone)

    def warn(self, text: str, *, note: str | None, by: str, at: datetime) -> NumberNoted:
        """Put a number on the list, or renew what is noted of it there. Makes the database where there is none."""
        number = number_given(text)
        with self._writing() as session:
            row = session.get(NumberRow, number)
            if row is None:
                row = NumberRow(number=number, nuisance=0, foul_language=0)
                session.add(row)
            row.warned, row.note, row.warned_since, row.warned_by = True, note, at, by
            session.flush()
            return _noted(row, self._zone)

    def clear(self, text: str) -> NumberNoted:
        """Take a number off the list; what was counted stays. Raises NumberUnknown where it is not on it."""
        number = number_given(text)
        with self._writing() as session:
            row = session.get(NumberRow, number)
            if row is None or not row.warned:
                raise NumberUnknown("this number is not on the list; `sansheng numbers` shows who is")
            row.warned, row.note, row.warned_since, row.warned_by = False, None, None, None
            session.flush()
            return _noted(row, self._zone)

    def _noted(self, row: Row[NumberRow]) -> NumberNoted:
        (found,) = row
        return _noted(found, self._zone)

    def _left_out(self, number: str) -> None:
        self.unreadable.add(f"number {masked(number)}")

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        """A session whose changes are kept unless something is raised in it."""
        try:
            self._database.prepare()
            with Session(self._database.engine) as session, session.begin():
                yield session
        except (SQLAlchemyError, OSError) as error:
            raise RecordsError(f"the numbers in {self.name} cannot be written: {said(error)}") from error


def _noted(row: NumberRow, zone: tzinfo) -> NumberNoted:
    return NumberNoted(
        row.number,
        row.nuisance,
        row.foul_language,
        row.last_at.astimezone(zone) if row.last_at else None,
        row.warned,
        row.note,
        row.warned_since.astimezone(zone) if row.warned_since else None,
        row.warned_by,
    )
