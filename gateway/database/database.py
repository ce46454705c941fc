"""The one door for those who write into the records' database."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from gateway.database.address import name_of, resolve, sqlite_file
from gateway.database.corrupt import set_aside
from gateway.database.engine import connect
from gateway.database.errors import RecordsError
from gateway.database.migrating import lacks_something, migrate, repair
from gateway.database.schema import HEAD, version_of
from gateway.database.sqlite import corruption, file_id

Told = Callable[[str], None]
"""Is told, in words, that a corrupt database was set aside. On the thread of whoever noticed it."""


class Database:
    """The records' database, to be written: its engine, and its tables as this version knows them.

    From any thread. Several of one file, in one process or in many, know of one another what `heal` does.
    """

    def __init__(self, url: str, data_dir: Path, told: Told | None = None) -> None:
        """Opens nothing yet. A relative SQLite file is meant from `data_dir`. Raises RecordsError for an address
        that is none."""
        self._url = resolve(url, data_dir)
        self._told = told
        self._file = sqlite_file(self._url)
        self.name = name_of(self._url)
        """For messages: the file, or the address without its password."""
        self.engine: Engine = connect(self._url, writing=True)

    def prepare(self) -> None:
        """Make what is not there: the file, the tables, what an earlier version's tables lack. Idempotent, and
        quick where there is nothing to do.

        Raises SQLAlchemyError or OSError for what may pass, and DatabaseNewer; nothing was changed then.
        """
        if self._file is not None:
            make_file(self._file)
        with self.engine.connect() as connection:
            version = version_of(connection, self.name)
        if version != HEAD:
            migrate(self.engine, self.name)

    @property
    def missing(self) -> bool:
        """Whether it is a file that is not there yet."""
        return self._file is not None and not self._file.exists()

    def refuse_newer(self) -> bool:
        """Raises DatabaseNewer, before anything is written; makes nothing. What else is wrong with the database
        may pass, and is told when it is written. Gives whether it could be asked, or is still to be made."""
        if not self.missing:
            try:
                with self.engine.connect() as connection:
                    version_of(connection, self.name)
            except (SQLAlchemyError, OSError):
                return False
            finally:
                self.close()
        return True

    def heal(self, error: BaseException) -> bool:
        """Where writing failed with `error`: do what it takes that it can go on. True where something was done,
        and it may be tried again. Never raises.

        A corrupt SQLite file is set aside, and one that was deleted is made anew. Where a table or a column is not
        there that the schema's version says is (a file that was emptied, a table that somebody dropped), what is
        missing is made. Of several who notice the same, one does it.
        """
        try:
            corrupt = corruption(error)
            if corrupt is not None and self._file is not None:
                set_aside(self._file, corrupt, self._told)
            elif self._file is None or file_id(self._file) is not None:
                return lacks_something(error) and repair(self.engine, self.name)
            self.prepare()
        except (SQLAlchemyError, OSError, RecordsError):
            return False  # whoever tries to write again is told why
        return True

    def close(self) -> None:
        """Close all connections; a later use opens new ones."""
        self.engine.dispose()


def make_file(path: Path) -> None:
    """Make a SQLite database's folder and file, for its owner's eyes alone: it holds whole numbers (WD-11)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():  # or it could be opened, and to close it would end SQLite's locks on it (sqlite.py)
        path.touch(mode=0o600, exist_ok=True)
