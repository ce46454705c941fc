"""The records' database: its address, how it is opened, its schema version by version. No tables of its own."""

from gateway.database.engine import connect, make_tables, prepare_file, resolve, sqlite_file
from gateway.database.errors import RecordsError, RecordsMissing
from gateway.database.moment import Moment

__all__ = [
    "Moment",
    "RecordsError",
    "RecordsMissing",
    "connect",
    "make_tables",
    "prepare_file",
    "resolve",
    "sqlite_file",
]
