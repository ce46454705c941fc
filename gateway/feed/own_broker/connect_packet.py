"""MQTT 3.1.1's CONNECT packet (§3.1), read and written; and how packets begin (§2.2). Pure.

Read by us before our own broker sees anything, so that strangers are refused by code of ours.
"""

import struct
from dataclasses import dataclass

from gateway.feed.own_broker.fields import Fields, Malformed
from gateway.feed.packets import length_bytes

CONNECT = 1
"""The packet's type (§2.2.1)."""
WRONG_VERSION, UNAVAILABLE, BAD_LOGIN, NOT_ALLOWED = 1, 3, 4, 5
"""Return codes of CONNACK for who is refused (§3.2.2.3)."""
LEVEL = 4
"""The protocol level of 3.1.1."""
_CLEAN, _WILL, _WILL_QOS, _WILL_RETAIN, _PASSWORD, _USERNAME = 0x02, 0x04, 0x18, 0x20, 0x40, 0x80


class WrongVersion(Malformed):
    """A CONNECT packet of another MQTT."""


@dataclass(frozen=True, slots=True)
class LastWill:
    """What is published when a client is lost."""

    topic: str
    payload: bytes
    flags: int
    """QoS and retain, as they stand in the packet."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Who connects, and how."""

    client_id: str
    keepalive: int
    """Seconds; 0: none."""
    will: LastWill | None
    username: str | None
    password: bytes | None


def connack(code: int) -> bytes:
    """The answer to a CONNECT."""
    return bytes([0x20, 2, 0, code])


def read_connect(body: bytes) -> Connect:
    """The packet without its fixed header. Raises Malformed."""
    fields = Fields(body)
    name, level = fields.text(), fields.byte()
    if name != "MQTT" or level != LEVEL:
        raise WrongVersion(f"{name!r} {level}") if name in ("MQTT", "MQIsdp") else Malformed("no protocol of ours")
    flags = fields.byte()
    keepalive = fields.number()
    client_id = fields.text()
    will = None
    if flags & _WILL:
        will = LastWill(fields.text(), fields.data(), flags & (_WILL_QOS | _WILL_RETAIN))
    username = fields.text() if flags & _USERNAME else None
    password = fields.data() if flags & _PASSWORD else None
    if not fields.at_end or flags & 1 or (will is not None and flags & _WILL_QOS == _WILL_QOS):
        raise Malformed("malformed")
    return Connect(client_id, keepalive, will, username, password)


def write_connect(client_id: str, username: str, will: LastWill | None) -> bytes:
    """A whole packet of a clean session, without a password; a client's silence is not the reader's to watch."""
    flags = _CLEAN | _USERNAME | (_WILL | will.flags if will is not None else 0)
    parts = [_data(b"MQTT"), bytes([LEVEL, flags]), struct.pack("!H", 0), _data(client_id.encode())]
    if will is not None:
        parts += [_data(will.topic.encode()), _data(will.payload)]
    body = b"".join([*parts, _data(username.encode())])
    return bytes([CONNECT << 4]) + length_bytes(len(body)) + body


def _data(data: bytes) -> bytes:
    return struct.pack("!H", len(data)) + data
