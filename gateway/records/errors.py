"""What can be wrong with the records, one class for each cause a caller can act on."""


class RecordsError(Exception):
    """The records cannot be used; the message names them and the cure."""


class RecordsMissing(RecordsError):
    """There is no database yet."""


class CallUnknown(RecordsError):
    """No call has this id."""


class CallAmbiguous(RecordsError):
    """Several calls have an id that begins so."""
