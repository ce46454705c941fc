"""Opens the records' database for reading, while a gateway writes it or none does."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from gateway.database import RecordsError, RecordsMissing, connect, resolve, sqlite_file
from gateway.records.config import RecordsConfig


class Reader:
    """The database of the records, to be read. A context manager.

    Every method of those derived from it raises RecordsMissing where there is no database yet, RecordsError where
    it cannot be read.
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

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session in which to read; what goes wrong in it becomes RecordsMissing or RecordsError."""
        if self._file is not None and not self._file.is_file():
            raise RecordsMissing(f"no call records yet: {self._file} does not exist; `sansheng run` makes it")
        try:
            with Session(self._engine) as session:
                yield session
        except (OperationalError, ProgrammingError) as error:
            raise RecordsError(f"the call records {self.name} cannot be read: {error.orig}") from error
        except DBAPIError as error:
            raise RecordsError(f"{self.name} does not hold call records: {error.orig}") from error
