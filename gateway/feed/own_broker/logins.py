"""Who a client of our own broker is."""

import asyncio
import hmac
import logging
import secrets
import time
from pathlib import Path

from gateway.config.lock_out import FIRST_LOCK, LockOut
from gateway.config.password_file import BROKER_RIGHTS, MAY_COMMAND, PasswordFileWrong
from gateway.config.passwords import LONGEST
from gateway.config.verifying import LockedOut, Verifier
from gateway.feed.own_broker.connect_packet import BAD_LOGIN, UNAVAILABLE, Connect
from gateway.feed.own_broker.rights import Role
from gateway.feed.requests.rates import Bucket

log = logging.getLogger(__name__)

OWN_NAME = "sansheng-gateway"
"""As which the gateway logs in at its own broker, with a secret that is made at the start and told nobody."""
MOST_WAITING = 20
"""Log-ins of strangers at a time, 0.2 s each when many come: later ones would have given up."""
OF_A_SOURCE = 5
"""Of one machine."""
_TOLD_BURST, _TOLD_PER_SECOND = 20, 0.1
"""Refused log-ins that the log is told."""


class Refused(Exception):
    """A client is not let in."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code
        """CONNACK's return code."""


class Logins:
    """The log-ins at one broker. Used on one event loop."""

    def __init__(self, users_file: Path | None) -> None:
        """None: whoever reaches the broker is let in. The file is read at each log-in, so that users come and go
        while the gateway runs."""
        self._users_file = users_file
        self.secret = secrets.token_urlsafe(32)
        """The gateway's own password."""
        self._verifier = None
        if users_file is not None:
            # Programs try again for ever, and one of a machine must not keep its others out for long; guesses from
            # everywhere are slow enough by the verifier's pace, and must not keep everybody out.
            lock_out = LockOut(time.monotonic, longest=FIRST_LOCK, all_free=None)
            self._verifier = Verifier(
                users_file,
                lock_out,
                time.monotonic,
                most_waiting=MOST_WAITING,
                of_a_source=OF_A_SOURCE,
                rights=BROKER_RIGHTS,
            )
        self._told = Bucket(_TOLD_BURST, _TOLD_PER_SECOND)

    async def role_of(self, connect: Connect, source: str) -> Role:
        """Who connects from the machine `source`. Raises Refused."""
        if connect.username == OWN_NAME:
            if not hmac.compare_digest(connect.password or b"", self.secret.encode()):
                raise Refused(BAD_LOGIN)
            return Role.GATEWAY
        if self._verifier is None:
            return Role.LOCAL
        try:
            person = await self._verifier.verify(source, connect.username or "", _password(connect))
        except LockedOut as locked:
            raise self._refused(source, str(locked), UNAVAILABLE if locked.busy else BAD_LOGIN) from None
        except PasswordFileWrong as error:
            raise self._refused(source, f"[mqtt] users_file {self._users_file}: {error}", UNAVAILABLE) from None
        if person is None:
            raise self._refused(source, "no such user and password", BAD_LOGIN)
        return Role.DESK if person.right == MAY_COMMAND else Role.READER

    def _refused(self, source: str, why: str, code: int) -> Refused:
        if self._told.take(asyncio.get_running_loop().time()):
            log.warning("the embedded MQTT broker refused a log-in from %s: %s", source, why)
        return Refused(code)


def _password(connect: Connect) -> str:
    """As text; empty, and so nobody's, where it is none."""
    try:
        return (connect.password or b"")[: 4 * LONGEST + 1].decode()
    except UnicodeDecodeError:
        return ""
