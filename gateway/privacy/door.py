"""The door to what is held on one number: export it, erase it, list what was erased."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from gateway.database import Database, RecordsError, RecordsMissing, resolve, sqlite_file
from gateway.privacy import remains
from gateway.privacy.erasure import Erased, Erasure, ErasureRefused, refuse
from gateway.privacy.export import document
from gateway.privacy.held import Held, find
from gateway.privacy.recordings import Recordings, named
from gateway.privacy.schema import ErasureRow
from gateway.privacy.written import Written
from gateway.records import RecordsConfig
from gateway.records.noted import rfc3339


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
        has been erased."""
        written = Written(number)
        if written.is_in(by) or written.is_in(why):
            raise ErasureRefused(
                "--by or --why holds the number itself; it would stay there for ever: name the request"
            )
        with self._session() as session:
            held = self._found(session, written)
            refuse(session, held, with_open_tickets=with_open_tickets)
            names = named(session, held)
        if spooled := remains.waiting(self._config.data_dir, written, held.calls):
            raise ErasureRefused(
                f"facts of this number still wait in {spooled[0]} to be written into the database; try again when "
                "the log says that it can be written, or start the gateway once"
            )
        recordings = Recordings(self._folder, self._config.site)
        recordings.delete(names)
        erasure = Erasure(self._database.engine, written, held, recordings.gone)
        with self._errors():
            erasure.run(by, why, now, recordings.deleted)
            wiped = remains.wipe(self._database.engine, self._file, written)
        left = dict(recordings.left)
        for path in remains.left_in(self._config.data_dir, written):
            left.setdefault(str(path), "the number, or its digits in another one, still stand in it")
        return Outcome(erasure.erased, wiped, left)

    def erasures(self) -> list[dict[str, Any]]:
        """All of them, oldest first: when, by whom, why and how much."""
        with self._session() as session:
            rows = session.scalars(select(ErasureRow).order_by(ErasureRow.number)).all()
        return [
            {"at": rfc3339(row.at.astimezone(self._config.zone)), "by": row.by, "why": row.why, "erased": row.what}
            for row in rows
        ]

    @staticmethod
    def _found(session: Session, written: Written) -> Held:
        held = find(session, written)
        if not held:
            raise NothingHeld("nothing is held on this number")
        return held

    @contextmanager
    def _session(self) -> Iterator[Session]:
        if self._file is not None and not self._file.is_file():
            raise RecordsMissing(f"no call records yet: {self._file} does not exist; `sansheng run` makes it")
        with self._errors():
            self._database.prepare()
            with Session(self._database.engine) as session:
                yield session

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            raise RecordsError(f"the records in {self._database.name} cannot be used: {reason}") from error
