"""Who has logged in: sessions, by what a browser shows of itself. Pure."""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
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
    """One browser that has logged in; times are seconds since the epoch."""

    person: str
    """Whose password it was, as `fingerprint` tells."""
    begun: float
    used: float


class Sessions:
    """By the digest of their tokens: what lies in memory logs nobody in, and how long a look-up takes tells
    nothing of a token."""

    def __init__(
        self,
        time: Callable[[], float],
        *,
        most: int = MOST,
        kept: Mapping[str, Session] | None = None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`time` is in seconds since the epoch; `kept` are those of an earlier run. `changed` is called when one
        has begun or ended, but for those that time ends."""
        self._time = time
        self._most = most
        self._changed = changed
        now = time()
        # One that is said to have begun in a far future would never end.
        whole = [item for item in (kept or {}).items() if abs(now - item[1].begun) <= ABSOLUTE]
        self._sessions: OrderedDict[str, Session] = OrderedDict(sorted(whole, key=lambda item: item[1].used))

    def __len__(self) -> int:
        return len(self._sessions)

    def items(self) -> Iterable[tuple[str, Session]]:
        """By the digests of their tokens, which let nobody in."""
        return self._sessions.items()

    def begin(self, person: str) -> str:
        """A new session's token, for who has shown this person's password."""
        token = secrets.token_urlsafe(BYTES)
        now = self._time()
        self._sessions[_digest(token)] = Session(person, now, now)
        while len(self._sessions) > self._most:
            self._sessions.popitem(last=False)
        self._changed()
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
        if token is not None and self._sessions.pop(_digest(token), None) is not None:
            self._changed()


def fingerprint(kept: str) -> str:
    """Of the hash of a person's password, which its salt makes nobody else's."""
    return hashlib.sha256(kept.encode()).hexdigest()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
