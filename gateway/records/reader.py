"""Opens the records' database for reading, while a gateway writes it or none does."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError
from sqlalchemy.orm import Session

from gateway.database import CURE, RecordsError, connect, missing, name_of, resolve, said, sqlite_file, version_of
from gateway.records.config import RecordsConfig
from gateway.records.unreadable import Unreadable


class Reader:
    """The database of the records, to be read. A context manager.

    Every method of those derived from it raises RecordsMissing where there is no database yet, DatabaseNewer where
    a newer version made it what it is, RecordsError where it cannot be read. Nothing is changed in it, and an
    earlier version's is read as it is. Rows that cannot be read are left out, and are in `unreadable` then.
    """

    def __init__(self, config: RecordsConfig) -> None:
        self._zone = config.zone
        url = resolve(config.url, config.data_dir)
        self.name = name_of(url)
        self._file = sqlite_file(url)
        self._engine = connect(url)
        self.unreadable = Unreadable()
        self._known = False
        """Whether the database has turned out to be of a version that this one knows."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session in which to read; what goes wrong in it becomes RecordsMissing or RecordsError."""
        if self._file is not None and not self._file.is_file():
            raise missing(self._file, "call records")
        try:
            with Session(self._engine) as session:
                if not self._known:
                    version_of(session.connection(), self.name)
                    self._known = True
                yield session
        except (OperationalError, ProgrammingError) as error:
            told = f"the call records {self.name} cannot be read: {said(error)}"
            raise RecordsError(f"{told}; {CURE}") from error
        except SQLAlchemyError as error:
            told = f"{self.name} does not hold call records: {said(error)}"
            raise RecordsError(f"{told}; {CURE}") from error
