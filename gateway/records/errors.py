"""What can be wrong with a call that is looked for, one class for each cause a caller can act on."""

from gateway.database.errors import RecordsError


class CallUnknown(RecordsError):
    """No call has this id."""


class CallSpoiled(RecordsError):
    """What stands in the call's row cannot be read."""


class CallAmbiguous(RecordsError):
    """Several calls have an id that begins so."""
