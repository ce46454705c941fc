"""Logging in: a name and a password for a session."""

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.config.password_file import ANYBODY, PasswordFileWrong, read_people
from gateway.config.passwords import matches
from gateway.wallboard.sessions import Sessions
from gateway.wallboard.throttle import Throttle

log = logging.getLogger(__name__)

WAITING: Final = 4
"""Attempts that may wait for their turn, one being looked at: each takes a core and 19 MiB for a moment."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: a session's token, or none; `locked` seconds until there may be another."""

    token: str | None = None
    locked: int = 0


class Logins:
    """The people of one password file; it is read anew at each attempt, so a change of it is known at once."""

    def __init__(self, file: Path, sessions: Sessions, throttle: Throttle) -> None:
        self._file = file
        self._sessions = sessions
        self._throttle = throttle
        self._one = asyncio.Lock()
        self._waiting = 0

    async def attempt(self, source: str, user: str, password: str) -> Outcome:
        """Look at a password that came from the address `source`. Whoever does not exist takes as long as whoever
        does."""
        locked = self._throttle.locked(source)
        if locked:
            log.warning("a log-in from %s was refused: locked out for %d s", source, locked)
            return Outcome(locked=locked)
        if self._waiting > WAITING:
            return Outcome(locked=1)
        self._throttle.attempt(source)
        self._waiting += 1
        try:
            async with self._one:
                right = await asyncio.to_thread(self._right, user, password)
        finally:
            self._waiting -= 1
        if not right:
            log.warning("a log-in from %s failed", source)
            return Outcome(locked=self._throttle.locked(source))
        self._throttle.right(source)
        log.info("a log-in from %s", source)
        return Outcome(self._sessions.begin(user))

    def _right(self, user: str, password: str) -> bool:
        try:
            people = read_people(self._file, alone=True)
        except PasswordFileWrong as error:
            log.error("nobody can log in: [wallboard] password_file %s: %s", self._file, error)
            return False
        known = people.get(user, people.get(ANYBODY))
        # Somebody's hash in any case: how long it takes must not tell whether there is such a user.
        return matches((known or next(iter(people.values()))).kept, password) and known is not None
