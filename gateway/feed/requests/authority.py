"""Who may ask for what on the topic `command`: by signatures (HMAC-SHA256, RFC 2104), or without a key. Pure.

What is signed is the request's canonical form: a line `name=value` for each field but `sign`, each line ended by a
line feed, sorted by their bytes, in UTF-8. Strings stand there as they are, whole numbers in decimal, the others
as `true`, `false` and `null`. So that no two requests have one form, names are small letters and underscores, and
strings hold no control characters.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.feed.requests.commands import CommandError

WINDOW = 60
"""Seconds by which a request's time may differ from the gateway's: a clock that NTP keeps is off by far less, and
a broker that was away for longer has nothing to bring that is still wanted."""
AHEAD = 2
"""Seconds by which a request's time may be ahead in the first WINDOW of a gateway, which knows nothing of what was
done before: whole seconds rounded up, and clocks that NTP keeps."""
SHORTEST_KEY = 16
"""Bytes: 128 bits are not guessed. RFC 2104 §3 asks for as many as the hash has, 32: so the docs make one."""
SIGN = "sign"
TIME = "ts"

_NAME = re.compile(r"[a-z_]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Unauthorised(CommandError):
    """The request is refused for who sent it, not for what it asks."""


def canonical(request: Mapping[str, Any]) -> bytes:
    """What is signed. Raises Unauthorised for a request that has no such form."""
    lines = sorted(f"{name}={_text(name, value)}\n" for name, value in request.items() if name != SIGN)
    try:
        return "".join(lines).encode()
    except UnicodeEncodeError:
        raise Unauthorised("a signed request is UTF-8 text throughout") from None


def signature(request: Mapping[str, Any], key: bytes) -> str:
    """The `sign` of a request: HMAC-SHA256 of its canonical form in small hexadecimal digits."""
    return hmac.new(key, canonical(request), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Authority:
    """Whose requests are done. With a `key`, those that are signed with it; without one, those of a broker that
    lets nobody in whom it does not know (`known`): its access list decides then."""

    key: bytes | None = None
    known: bool = True
    began: float = 0.0
    """Seconds since the epoch; what was signed before is not done: nobody knows any more whether it has been."""

    def check(self, request: Mapping[str, Any], now: float) -> None:
        """Raise Unauthorised, with the cure, for a request that may not be done. `now` in seconds since the
        epoch."""
        if self.key is None:
            if not self.known:
                raise Unauthorised(
                    "not from a broker that lets anybody in: set [mqtt] command_key_file and sign it, or username "
                    "and password_file, or certificate_file and key_file, for a broker that asks for them"
                )
            return
        sign = request.get(SIGN)
        if not isinstance(sign, str):
            raise Unauthorised("sign: it is not signed, and [mqtt] command_key_file asks for that")
        if not hmac.compare_digest(sign.encode(errors="replace"), signature(request, self.key).encode()):
            raise Unauthorised("sign: wrong; it is signed with another key, or changed since")
        self._check_time(_time(request.get(TIME)), now)

    def _check_time(self, ts: float, now: float) -> None:
        if abs(now - ts) > WINDOW:
            late = "old" if ts < now else "early"
            raise Unauthorised(
                f"ts: {abs(now - ts):.0f} s too {late}, {WINDOW} s are allowed; set the clocks by NTP, and do not "
                "send one request twice"
            )
        if ts < int(self.began):
            raise Unauthorised("ts: from before the gateway began; make it anew")
        if ts > now + AHEAD and now < self.began + WINDOW:
            # By a clock that is ahead it may have been signed, and done, before the gateway began.
            raise Unauthorised(
                f"ts: {ts - now:.0f} s too early for a gateway that has just begun; set the clocks by NTP"
            )


def _time(ts: object) -> float:
    """Seconds since the epoch, of the same or of an RFC 3339 time."""
    try:
        if isinstance(ts, int) and not isinstance(ts, bool):
            return float(ts)
        at = datetime.fromisoformat(ts) if isinstance(ts, str) else None
        if at is not None and at.tzinfo is not None:
            return at.timestamp()
    except (ValueError, OverflowError):
        pass  # said below
    raise Unauthorised("ts: whole seconds since 1970 or an RFC 3339 time with its offset is needed")


def _text(name: str, value: object) -> str:
    if not _NAME.fullmatch(name):
        raise Unauthorised("a signed request's fields have names of small letters and _")
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str) or _CONTROL.search(value):
        raise Unauthorised(f"{name}: a signed request holds strings without line breaks and whole numbers alone")
    return value
