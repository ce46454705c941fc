"""The records' database: its address, how it is opened, its schema version by version. No tables of its own."""

from gateway.database.address import name_of, resolve, sqlite_file
from gateway.database.database import Database, Told
from gateway.database.engine import connect
from gateway.database.errors import CURE, DatabaseNewer, RecordsError, RecordsMissing, missing, said
from gateway.database.moment import Moment
from gateway.database.schema import lacking, version_of

__all__ = [
    "CURE",
    "Database",
    "DatabaseNewer",
    "Moment",
    "RecordsError",
    "RecordsMissing",
    "Told",
    "connect",
    "lacking",
    "missing",
    "name_of",
    "resolve",
    "said",
    "sqlite_file",
    "version_of",
]
