"""Who has logged in: sessions in memory. Pure; they end with the process."""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

IDLE: Final = 12 * 3600.0
"""Seconds without a request nor an open stream after which one ends: the night shift's screen is switched off."""
ABSOLUTE: Final = 7 * 86_400.0
"""Seconds after which one ends whatever it does: a screen on a wall asks for the password once a week."""
MOST: Final = 1000
"""At the same time; the one unused for longest makes room. Only who knows a password makes any."""
BYTES: Final = 32
"""Of a token: 256 bits are not guessed."""


@dataclass(slots=True)
class Session:
    """One browser that has logged in."""

    user: str
    begun: float
    used: float


class Sessions:
    """By the digest of their tokens: what lies in memory logs nobody in, and how long a look-up takes tells
    nothing of a token."""

    def __init__(self, time: Callable[[], float], *, most: int = MOST) -> None:
        """`time` is a monotonic clock in seconds."""
        self._time = time
        self._most = most
        self._sessions: OrderedDict[bytes, Session] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sessions)

    def begin(self, user: str) -> str:
        """A new session's token."""
        token = secrets.token_urlsafe(BYTES)
        now = self._time()
        self._sessions[_digest(token)] = Session(user, now, now)
        while len(self._sessions) > self._most:
            self._sessions.popitem(last=False)
        return token

    def use(self, token: str | None) -> bool:
        """Whether a session with this token goes on; it counts as used."""
        if token is None:
            return False
        key, now = _digest(token), self._time()
        session = self._sessions.get(key)
        if session is None:
            return False
        if now - session.begun > ABSOLUTE or now - session.used > IDLE:
            del self._sessions[key]
            return False
        session.used = now
        self._sessions.move_to_end(key)
        return True

    def end(self, token: str | None) -> None:
        """It goes on no more, if it did."""
        if token is not None:
            self._sessions.pop(_digest(token), None)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
