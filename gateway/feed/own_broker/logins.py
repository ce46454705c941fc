"""Who a client of our own broker is: nobody's password is tried often, nor on the event loop."""

import asyncio
import hmac
import logging
import secrets
from collections import OrderedDict
from pathlib import Path

from gateway.config.password_file import BROKER_RIGHTS, MAY_COMMAND, PasswordFileWrong, read_people
from gateway.config.passwords import LONGEST, hashed, matches
from gateway.feed.own_broker.connect_packet import Connect
from gateway.feed.own_broker.rights import Role
from gateway.feed.requests.rates import Bucket

log = logging.getLogger(__name__)

OWN_NAME = "sansheng-gateway"
"""As which the gateway logs in at its own broker, with a secret that is made at the start and told nobody."""
WRONG_BURST, WRONG_PER_SECOND = 5, 1 / 30
"""Wrong passwords that one machine may try: 2900 a day."""
MOST_SOURCES = 1000
"""Machines whose wrong passwords are counted."""
AT_A_TIME = 2
"""Passwords that are hashed at a time, 19 MiB and some 30 ms of a core each; more would be felt by calls."""
MOST_WAITING = 50
"""Log-ins that may wait for that."""
_TOLD_BURST, _TOLD_PER_SECOND = 20, 0.1
"""Refused log-ins that the log is told."""


class Logins:
    """The log-ins at one broker. Used on one event loop."""

    def __init__(self, users_file: Path | None) -> None:
        """None: whoever reaches the broker is let in. The file is read at each log-in, so that users come and go
        while the gateway runs."""
        self._users_file = users_file
        self.secret = secrets.token_urlsafe(32)
        """The gateway's own password."""
        self._wrong: OrderedDict[str, Bucket] = OrderedDict()
        self._locked: dict[str, float] = {}
        self._hashing = asyncio.Semaphore(AT_A_TIME)
        self._waiting = 0
        self._told = Bucket(_TOLD_BURST, _TOLD_PER_SECOND)

    async def role_of(self, connect: Connect, source: str) -> Role | None:
        """Who connects from the machine `source`; None: he is refused."""
        if connect.username == OWN_NAME:
            own = hmac.compare_digest(connect.password or b"", self.secret.encode())
            return Role.GATEWAY if own else None
        if self._users_file is None:
            return Role.LOCAL
        now = asyncio.get_running_loop().time()
        if now < self._locked.get(source, 0.0) or self._waiting >= MOST_WAITING:
            self._refuse(source, "too many wrong passwords; the next ones are not looked at", now)
            return None
        self._waiting += 1
        try:
            async with self._hashing:
                role = await asyncio.to_thread(_role, self._users_file, connect)
        except PasswordFileWrong as error:
            self._refuse(source, f"[mqtt] users_file {self._users_file}: {error}", now)
            return None
        finally:
            self._waiting -= 1
        if role is None:
            self._count(source, now)
            self._refuse(source, "no such user and password", now)
        return role

    def _count(self, source: str, now: float) -> None:
        """A wrong password has come from there."""
        bucket = self._wrong.setdefault(source, Bucket(WRONG_BURST, WRONG_PER_SECOND))
        self._wrong.move_to_end(source)
        if not bucket.take(now):
            self._locked[source] = now + 1 / WRONG_PER_SECOND
        while len(self._wrong) > MOST_SOURCES:
            oldest, _ = self._wrong.popitem(last=False)
            self._locked.pop(oldest, None)

    def _refuse(self, source: str, why: str, now: float) -> None:
        if self._told.take(now):
            log.warning("the embedded MQTT broker refused a log-in from %s: %s", source, why)


_DECOY = hashed(secrets.token_urlsafe(16))
"""Verified where there is no such user, so that the time does not tell which there are."""


def _role(users_file: Path, connect: Connect) -> Role | None:
    """Blocks. Raises PasswordFileWrong."""
    user = read_people(users_file, rights=BROKER_RIGHTS).get(connect.username or "")
    try:
        password = (connect.password or b"")[: 4 * LONGEST + 1].decode()
    except UnicodeDecodeError:
        password = ""
    good = matches(user.kept if user is not None else _DECOY, password)
    if user is None or not good:
        return None
    return Role.DESK if user.right == MAY_COMMAND else Role.READER
