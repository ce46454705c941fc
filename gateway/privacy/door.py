"""The door to what is held on one number: export it, erase it, list what was erased."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from gateway.database import Database, RecordsError, missing, resolve, said, sqlite_file
from gateway.privacy import remains
from gateway.privacy.erasure import Erased, Erasure, ErasureRefused, finish, refuse, to_be_wiped
from gateway.privacy.export import document
from gateway.privacy.held import Held, find
from gateway.privacy.recordings import Recordings, named
from gateway.privacy.schema import LONGEST_BY, LONGEST_WHY, ErasureRow
from gateway.privacy.written import Written
from gateway.records import RecordsConfig
from gateway.records.noted import rfc3339, rfc3339_or_none
from gateway.records.unreadable import SPOILED


class NothingHeld(RecordsError):
    """Nothing is held on the number."""


@dataclass(slots=True)
class Outcome:
    """What came of an erasure."""

    erased: Erased
    wiped: str
    """What was done so that the deleted is not to be found either, in words."""
    left: dict[str, str] = field(default_factory=dict)
    """What could not be erased, by file, and why."""


class Privacy:
    """What the records' database and the recordings' folder hold on one number. A context manager.

    Every method blocks, and raises NumberWrong for what is no number, RecordsMissing where there is no database
    yet, NothingHeld, and RecordsError where it cannot be used. Numbers may be written in any form.
    """

    def __init__(self, config: RecordsConfig) -> None:
        """Opens nothing yet."""
        self._config = config
        self._file = sqlite_file(resolve(config.url, config.data_dir))
        self._database = Database(config.url, config.data_dir)
        self._folder = config.data_dir / "recordings"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def held(self, number: str) -> Held:
        """Where it stands."""
        written = Written(number)
        with self._session() as session:
            return self._found(session, written)

    def to_erase(self, number: str) -> Held:
        """The same; nothing, where all that is left to be done is to finish an erasure that broke off."""
        written = Written(number)
        with self._session() as session:
            return find(session, written) if to_be_wiped(session) else self._found(session, written)

    def export(self, number: str, now: datetime) -> tuple[dict[str, Any], list[Path]]:
        """All that is held, as JSON, and those of its recordings that are here."""
        written = Written(number)
        recordings = Recordings(self._folder, self._config.site)
        with self._session() as session:
            held = self._found(session, written)
            told = document(session, written, held, self._config.zone, now)
            files = [recordings.found(name) for name in sorted(named(session, held))]
        return told, [path for path in files if path is not None]

    def erase(self, number: str, *, by: str, why: str, now: datetime, with_open_tickets: bool = False) -> Outcome:
        """Erase all of it for good, at all sites that share the database. Raises ErasureRefused, and then nothing
        has been erased. One that broke off is finished, also where its rows have gone already."""
        written = Written(number)
        _refuse_words(written, by, why)
        held = self.to_erase(number)
        with self._session() as session:
            refuse(session, held, with_open_tickets=with_open_tickets)
            names = named(session, held)
        if spooled := remains.waiting(self._config.data_dir, written, held.calls):
            raise ErasureRefused(
                f"facts of this number still wait in {spooled[0]} to be written into the database; try again when "
                "the log says that it can be written, or start the gateway once"
            )
        recordings = Recordings(self._folder, self._config.site)
        erasure = Erasure(self._database.engine, written, held, recordings.gone)
        with self._errors():
            if held:
                erasure.begin(by, why, now)
                recordings.delete(names)
                erasure.run(by, now, recordings.deleted)
        wiped = self._wiped(written, erasure.note, now)
        left = remains.left_in(self._config.data_dir, written, held.calls, self._file) | recordings.left
        return Outcome(erasure.erased, wiped, left)

    def _wiped(self, written: Written, note: int, now: datetime) -> str:
        """Wipe, and finish every erasure that waits for nothing else: what was done, in words."""
        try:
            with self._session() as session:
                notes = to_be_wiped(session)
            others = any(one != note for one in notes)
            with self._errors():
                wiped = remains.wipe(self._database.engine, self._file, written, all_of_it=others)
            with self._session() as session, session.begin():
                finish(session, notes, now)
        except RecordsError as error:
            raise RecordsError(
                f"the rows are erased, but not yet overwritten: {error}; erase the number again to finish it"
            ) from error
        return wiped

    def erasures(self) -> list[dict[str, Any]]:
        """All of them, oldest first: when, by whom, why and how much, and when nothing of it was left to be
        done; null, and nothing of how much, where it broke off."""
        with self._session() as session:
            rows = session.scalars(select(ErasureRow).order_by(ErasureRow.number)).all()
        zone = self._config.zone
        return [
            {
                "at": rfc3339(row.at.astimezone(zone)),
                "by": row.by,
                "why": row.why,
                "erased": row.what,
                "finished_at": rfc3339_or_none(row.finished_at and row.finished_at.astimezone(zone)),
            }
            for row in rows
        ]

    def _found(self, session: Session, written: Written) -> Held:
        held = find(session, written)
        if not held:
            left = remains.left_in(self._config.data_dir, written, set(), self._file)
            files = "".join(f"; but {name}: {why}" for name, why in left.items())
            raise NothingHeld(f"nothing is held on this number{files}")
        return held

    @contextmanager
    def _session(self) -> Iterator[Session]:
        if self._file is not None and not self._file.is_file():
            raise missing(self._file, "call records")
        with self._errors():
            self._database.prepare()
            with Session(self._database.engine) as session:
                yield session

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except SPOILED as error:
            raise RecordsError(
                f"the records in {self._database.name} cannot be used: a row is spoiled "
                f"({type(error).__name__}); `sansheng calls`, `sansheng tickets` and `sansheng doctor` name it"
            ) from error
        except (SQLAlchemyError, OSError) as error:
            raise RecordsError(f"the records in {self._database.name} cannot be used: {said(error)}") from error


def _refuse_words(written: Written, by: str, why: str) -> None:
    """Raises ErasureRefused for what the note of an erasure cannot be made of."""
    if written.is_in(by) or written.is_in(why):
        raise ErasureRefused(
            "--by or --why holds the number itself; it would stay there for ever: name the request"
        )
    for option, text, longest in (("--by", by, LONGEST_BY), ("--why", why, LONGEST_WHY)):
        if not text.strip() or len(text) > longest or not text.isprintable():
            raise ErasureRefused(f"{option} is one line of text; allowed: 1 to {longest} characters")
