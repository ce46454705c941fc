"""MQTT 3.1.1's CONNECT packet (§3.1), read and written; and how packets begin (§2.2). Pure.

Read by us before our own broker sees anything, so that strangers are refused by code of ours.
"""

import struct
from dataclasses import dataclass

from gateway.feed.packets import length_bytes

CONNECT, PUBLISH, SUBSCRIBE, UNSUBSCRIBE = 1, 3, 8, 10
"""Packet types (§2.2.1)."""
WRONG_VERSION, UNAVAILABLE, BAD_LOGIN, NOT_ALLOWED = 1, 3, 4, 5
"""Return codes of CONNACK for who is refused (§3.2.2.3)."""
LEVEL = 4
"""The protocol level of 3.1.1."""
_CLEAN, _WILL, _WILL_QOS, _WILL_RETAIN, _PASSWORD, _USERNAME = 0x02, 0x04, 0x18, 0x20, 0x40, 0x80


class NoConnect(ValueError):
    """These bytes are no CONNECT packet."""


class WrongVersion(NoConnect):
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
    """The packet without its fixed header. Raises NoConnect."""
    fields = _Fields(body)
    name, level = fields.text(), fields.byte()
    if name != "MQTT" or level != LEVEL:
        raise WrongVersion(f"{name!r} {level}") if name in ("MQTT", "MQIsdp") else NoConnect("no protocol of ours")
    flags = fields.byte()
    keepalive = fields.number()
    client_id = fields.text()
    will = None
    if flags & _WILL:
        will = LastWill(fields.text(), fields.data(), flags & (_WILL_QOS | _WILL_RETAIN))
    username = fields.text() if flags & _USERNAME else None
    password = fields.data() if flags & _PASSWORD else None
    if not fields.at_end or flags & 1 or (will is not None and flags & _WILL_QOS == _WILL_QOS):
        raise NoConnect("malformed")
    return Connect(client_id, keepalive, will, username, password)


def write_connect(client_id: str, username: str, keepalive: int, will: LastWill | None) -> bytes:
    """A whole packet of a clean session, without a password."""
    flags = _CLEAN | _USERNAME | (_WILL | will.flags if will is not None else 0)
    parts = [_data(b"MQTT"), bytes([LEVEL, flags]), struct.pack("!H", keepalive), _data(client_id.encode())]
    if will is not None:
        parts += [_data(will.topic.encode()), _data(will.payload)]
    body = b"".join([*parts, _data(username.encode())])
    return bytes([CONNECT << 4]) + length_bytes(len(body)) + body


def _data(data: bytes) -> bytes:
    return struct.pack("!H", len(data)) + data


class _Fields:
    """The fields of a packet, one after the other. Raises NoConnect where there is none left."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    @property
    def at_end(self) -> bool:
        return self._at == len(self._body)

    def byte(self) -> int:
        return self._take(1)[0]

    def number(self) -> int:
        high, low = self._take(2)
        return high * 256 + low

    def data(self) -> bytes:
        return self._take(self.number())

    def text(self) -> str:
        try:
            text = self.data().decode()
        except UnicodeDecodeError:
            raise NoConnect("not UTF-8") from None
        if "\0" in text:
            raise NoConnect("holds a null character")
        return text

    def _take(self, count: int) -> bytes:
        taken = self._body[self._at : self._at + count]
        if len(taken) < count:
            raise NoConnect("cut short")
        self._at += count
        return taken
