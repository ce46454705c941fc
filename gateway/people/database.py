"""The records' database, opened to write the tables of people."""

from sqlalchemy import Engine

from gateway.database import connect, make_tables, prepare_file, resolve, sqlite_file
from gateway.people.schema import PeopleBase
from gateway.records import RecordsConfig


class PeopleDatabase:
    """An engine and the name it has in the log. Any method may raise SQLAlchemyError or OSError."""

    def __init__(self, config: RecordsConfig) -> None:
        """Opens nothing yet. Raises RecordsError for an address that is none."""
        self._url = resolve(config.url, config.data_dir)
        self.name = str(sqlite_file(self._url) or self._url.render_as_string(hide_password=True))
        self.engine: Engine = connect(self._url)

    def prepare(self) -> None:
        """Make the file and the tables of people where they are not there yet."""
        prepare_file(self._url)
        make_tables(self.engine, PeopleBase.metadata)

    def close(self) -> None:
        """Close the database."""
        self.engine.dispose()
