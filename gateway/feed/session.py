"""One run of the gateway, as the feed tells it: its number, and the heartbeat that shows it is alive. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.feed.encoding import Message, encode, rfc3339
from gateway.feed.topics import Topics

HEARTBEAT = 10.0
"""Seconds from one heartbeat to the next: under the broker's patience with a connection that has died (22 s), so
that who counts heartbeats knows first."""
HEARTBEAT_EXPIRY = 30
"""Seconds for which a heartbeat is worth being delivered: three of them."""
LARGEST = 2**53 - 2
"""The largest number taken from others: its successor, too, is exact for every reader of JSON (RFC 8259 §6)."""
LONGEST = 4096
"""Bytes of the longest message that is looked at for a number; ours have 150."""


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the gateway. `number` is larger than that of every run before, as far as the broker knows."""

    number: int
    began: datetime
    site: str
    version: str

    @classmethod
    def begin(cls, began: datetime, site: str, version: str) -> "Session":
        """A run that begins now: its number is the milliseconds since 1970."""
        return cls(int(began.timestamp() * 1000), began, site, version)

    def after(self, number: int) -> "Session":
        """The same run under the number that follows this one: clocks are set back."""
        return replace(self, number=number + 1)

    def message(self, topics: Topics, protocol: str) -> Message:
        """What is retained of it; `protocol` is the MQTT version that the feed talks to its broker."""
        fields = {
            "session": self.number,
            "began": rfc3339(self.began),
            "version": self.version,
            "site": self.site,
            "protocol": protocol,
        }
        return Message(topics.session, encode(fields), retained=True)

    def heartbeat(
        self, topics: Topics, now: datetime, uptime: float, lines: Mapping[str, tuple[str, int]]
    ) -> Message:
        """A sign of life, `uptime` seconds after it began; `lines` has each line's state and its calls."""
        fields = {
            "session": self.number,
            "ts": rfc3339(now),
            "uptime_s": int(uptime),
            "lines": len(lines),
            "in_service": sum(state != "offline" for state, _ in lines.values()),
            "calls": sum(calls for _, calls in lines.values()),
        }
        return Message(topics.heartbeat, encode(fields), retained=False, expiry=HEARTBEAT_EXPIRY)


def number_in(payload: bytes) -> int | None:
    """The session's number in a payload of `session` or `heartbeat`, which may be anybody's; None: it has none."""
    if len(payload) > LONGEST:
        return None
    try:
        fields = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    number = fields.get("session") if isinstance(fields, dict) else None
    if isinstance(number, bool) or not isinstance(number, int):
        return None
    return number if 0 < number <= LARGEST else None
