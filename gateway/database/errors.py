"""What can be wrong with the records' database, one class for each cause a caller can act on.

RecordsError
├── RecordsMissing    there is no database yet
└── DatabaseNewer     a newer version of the gateway made it what it is
"""


class RecordsError(Exception):
    """The records cannot be used; the message names them and the cure."""


class RecordsMissing(RecordsError):
    """There is no database yet."""


class DatabaseNewer(RecordsError):
    """The database has a schema that this version does not know; nothing in it is touched."""
