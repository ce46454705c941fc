"""Logging in: a name and a password for a session."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.config.lock_out import LockOut
from gateway.config.password_file import PasswordFileWrong, read_people
from gateway.config.verifying import LockedOut, Verifier
from gateway.wallboard.sessions import Sessions, fingerprint

log = logging.getLogger(__name__)

MOST: Final = 5
"""Attempts at a time, one being looked at: each takes a core and 19 MiB for a moment."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: a session's token, or none; `locked` seconds until there may be another."""

    token: str | None = None
    locked: int = 0


class Logins:
    """The people of one password file; it is read anew at each attempt, so a change of it is known at once."""

    def __init__(self, file: Path, sessions: Sessions, time: Callable[[], float]) -> None:
        """`time` is a monotonic clock in seconds."""
        self._file = file
        self._sessions = sessions
        self._lock_out = LockOut(time)
        self._verifier = Verifier(file, self._lock_out, time, most_waiting=MOST, of_a_source=MOST, alone=True)

    async def attempt(self, source: str, user: str, password: str) -> Outcome:
        """Look at a password that came from the address `source`."""
        try:
            person = await self._verifier.verify(source, user, password)
        except LockedOut as locked:
            log.warning("a log-in from %s was refused: %s", source, locked)
            return Outcome(locked=locked.seconds)
        except PasswordFileWrong as error:
            log.error("nobody can log in: [wallboard] password_file %s: %s", self._file, error)
            return Outcome()
        if person is None:
            log.warning("a log-in from %s failed", source)
            return Outcome(locked=self._lock_out.locked(source))
        log.info("a log-in from %s", source)
        return Outcome(self._sessions.begin(fingerprint(person.kept)))


def fingerprints(file: Path) -> set[str]:
    """Of those who may log in now; of nobody where the file cannot be read, which each attempt tells."""
    try:
        return {fingerprint(person.kept) for person in read_people(file, alone=True).values()}
    except PasswordFileWrong:
        return set()
