"""Sessions on the disk, so that a screen on a wall needs nobody with a keyboard when the gateway is started anew.

The file holds digests of tokens and of people, which let nobody in. A session whose person is gone, or has another
password by now, is not taken up again.
"""

import json
import logging
import os
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from gateway.wallboard.sessions import Session

log = logging.getLogger(__name__)

NAME: Final = "wallboard-sessions.json"
LARGEST: Final = 1_000_000
"""Bytes: a thousand sessions are 250 000."""


class SessionFile:
    """One file; what it cannot hold or give is no reason for a wallboard not to be there."""

    def __init__(self, folder: Path) -> None:
        """In the gateway's data folder."""
        self._path = folder / NAME

    def read(self, people: Collection[str]) -> dict[str, Session]:
        """The sessions of these people, by fingerprint; none where the file is not there or is not ours."""
        try:
            with self._path.open("rb") as file:
                found = json.loads(file.read(LARGEST))
            sessions = {
                str(digest): Session(str(kept["person"]), float(kept["begun"]), float(kept["used"]))
                for digest, kept in found.items()
            }
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            log.warning("who had logged in is not known any more: %s: %s", self._path, type(error).__name__)
            return {}
        return {digest: session for digest, session in sessions.items() if session.person in people}

    def write(self, sessions: Iterable[tuple[str, Session]]) -> None:
        """Keep these, and no others."""
        kept = {
            digest: {"person": session.person, "begun": session.begun, "used": session.used}
            for digest, session in sessions
        }
        aside = self._path.with_suffix(".new")
        try:
            aside.unlink(missing_ok=True)
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "w") as file:
                json.dump(kept, file)
            aside.replace(self._path)
        except OSError as error:
            log.warning("who has logged in is not kept for the next start: %s: %s", self._path, error.strerror)
