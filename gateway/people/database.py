"""The records' database, opened to write the tables of people."""

from gateway.database import Database
from gateway.records import RecordsConfig


class PeopleDatabase(Database):
    """The database of a gateway's records. Any method may raise SQLAlchemyError or OSError."""

    def __init__(self, config: RecordsConfig) -> None:
        """Opens nothing yet. Raises RecordsError for an address that is none."""
        super().__init__(config.url, config.data_dir, config.set_aside)
