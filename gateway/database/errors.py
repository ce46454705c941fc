"""What can be wrong with the records' database, one class for each cause a caller can act on."""


class RecordsError(Exception):
    """The records cannot be used; the message names them and the cure."""


class RecordsMissing(RecordsError):
    """There is no database yet."""
