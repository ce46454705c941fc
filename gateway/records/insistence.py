"""Trying until it works: what every writer into the records' database does while that cannot be written."""

import logging
from collections.abc import Callable
from threading import Event

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from gateway.database import RecordsError, said

log = logging.getLogger(__name__)

FIRST_RETRY = 0.25
LAST_RETRY = 5.0
"""Seconds between attempts while the database cannot be written, doubled from the first to the last."""

TROUBLE = (DBAPIError, OSError, RecordsError)
"""What may pass: a locked database, a full disk, a server that is away, one of a newer version."""
UNFIT = (DataError, IntegrityError)
"""What never passes: the item itself cannot be stored."""


def may_pass(error: Exception) -> bool:
    """Whether the same may be tried again, or what is written is itself the trouble."""
    return isinstance(error, TROUBLE) and not isinstance(error, UNFIT)


class Insistence:
    """Has attempts made again and again, and tells the log once of each trouble and of its end."""

    def __init__(self, room: str, name: str, kept: str, stopping: Event, *, once_more: bool = False) -> None:
        """For the log: who writes (`room`), the database's name, and where what is not written is `kept`. Once
        `stopping` is set nothing is tried again; with `once_more` what was waiting for its next attempt is, once:
        the database may be back, and nobody else keeps it."""
        self._room = room
        self._name = name
        self._kept = kept
        self._stopping = stopping
        self._once_more = once_more
        self.problem: str | None = None
        """Why nothing can be written at present; None while all is well."""

    def insist(self, attempt: Callable[[], None], failed: Callable[[Exception], bool] = lambda _: False) -> bool:
        """Try until it is done; False where the writer stops before that. `failed` is told of each failure, and
        whether it has done something about it: then it is tried again at once. Raises what will not pass."""
        retry = FIRST_RETRY
        while True:
            last = self._stopping.is_set() or not self._once_more
            try:
                attempt()
            except TROUBLE as error:
                self._report(said(error))
                if not failed(error) and self._stopping.wait(retry) and last:
                    return False
                retry = min(retry * 2, LAST_RETRY)
            else:
                self._report(None)
                return True

    def _report(self, problem: str | None) -> None:
        if problem == self.problem:
            return
        if problem is None:
            log.warning("%s: %s can be written again", self._room, self._name)
        else:
            told = (self._room, self._name, problem, self._kept)
            log.error("%s: %s cannot be written: %s; %s and retried", *told)
        self.problem = problem
