"""What a client of our own broker sends, looked at before the broker is given it. Pure.

The broker keeps what comes with QoS 2 until the client releases it, and starts a task for whatever comes; a
reader could fill the memory with messages that he may not even send. So messages are acknowledged here, and handed
on with QoS 0; what nobody may send, or nobody needs, does not come as far as the broker.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from gateway.feed.own_broker.fields import Fields, Malformed
from gateway.feed.packets import length_bytes
from gateway.feed.requests import commands

PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP = 3, 4, 5, 6, 7
SUBSCRIBE, UNSUBSCRIBE, PINGREQ, PINGRESP, DISCONNECT = 8, 10, 12, 13, 14
"""Packet types (MQTT 3.1.1 §2.2.1)."""
_LONGEST_TOPIC = 1024
LIMITS: Mapping[int, int] = {
    PUBLISH: commands.LARGEST + _LONGEST_TOPIC,
    PUBACK: 2,
    PUBREC: 2,
    PUBREL: 2,
    PUBCOMP: 2,
    SUBSCRIBE: 65_536,
    UNSUBSCRIBE: 65_536,
    PINGREQ: 0,
    DISCONNECT: 0,
}
"""Bytes after the fixed header of what a client may send; no other packet is for him to send (§2.2.1)."""
MOST_FILTERS = 512
"""Filters of one packet; Home Assistant sends 500 at most."""
MOST_UNRELEASED = 1000
"""Messages of QoS 2 that are taken and not yet released: their numbers alone are kept (§4.3.3, method B). Clients
have 20 under way where nobody tells them otherwise."""


class Cost(Enum):
    """Of which kind of thing a client may send only so many."""

    MESSAGE = auto()
    FILTER = auto()
    OTHER = auto()
    """What a client sends now and then: a sign of life, a message that he may not send. Who sends more is none."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What becomes of a packet."""

    cost: Cost
    count: int = 1
    answer: bytes = b""
    """For the client; empty: none from here."""
    onward: bytes = b""
    """For the broker; empty: nothing."""


class Screen:
    """Looks at the packets of one client, after his CONNECT."""

    def __init__(self, may_publish: Callable[[str], bool]) -> None:
        self._may_publish = may_publish
        self._unreleased: set[int] = set()

    def look(self, first: int, rest: bytes) -> Taken:
        """A packet by its first byte and what follows its length. Raises Malformed where the connection is to be
        closed."""
        fields = Fields(rest)
        match first >> 4:
            case kind if kind == PUBLISH:
                return self._message(first, fields)
            case kind if kind == PUBREL:
                number = fields.number()
                self._unreleased.discard(number)
                return Taken(Cost.MESSAGE, answer=_acknowledgement(PUBCOMP, number))
            case kind if kind in (SUBSCRIBE, UNSUBSCRIBE):
                return Taken(Cost.FILTER, _filters(fields, kind), onward=_packet(first, rest))
            case kind if kind == PINGREQ:
                return Taken(Cost.OTHER, answer=_packet(PINGRESP << 4, b""))
            case kind if kind == DISCONNECT:
                return Taken(Cost.OTHER, onward=_packet(first, rest))
        return Taken(Cost.OTHER)  # an acknowledgement; of us none is asked for

    def _message(self, first: int, fields: Fields) -> Taken:
        topic, qos = fields.text(), first >> 1 & 3
        number = fields.number() if qos else 0
        payload = fields.rest()
        if not topic or {"+", "#"} & set(topic) or qos == 3 or len(payload) > commands.LARGEST:
            raise Malformed("no message")
        known = number in self._unreleased
        if qos == 2:
            self._unreleased.add(number)
            if len(self._unreleased) > MOST_UNRELEASED:
                raise Malformed("too many messages that are not released")
        answer = _acknowledgement(PUBREC if qos == 2 else PUBACK, number) if qos else b""
        if not self._may_publish(topic) or topic.startswith("$"):
            return Taken(Cost.OTHER, answer=answer)
        onward = publish_packet(topic, payload, retained=bool(first & 1)) if not (qos == 2 and known) else b""
        return Taken(Cost.MESSAGE, answer=answer, onward=onward)


def publish_packet(topic: str, payload: bytes, *, retained: bool) -> bytes:
    """PUBLISH with QoS 0 (§3.3)."""
    name = topic.encode()
    return _packet(PUBLISH << 4 | retained, len(name).to_bytes(2) + name + payload)


def _filters(fields: Fields, kind: int) -> int:
    """How many filters a packet holds."""
    fields.number()
    count = 0
    while not fields.at_end:
        fields.text()
        count += 1
        if kind == SUBSCRIBE and fields.byte() > 2:
            raise Malformed("no QoS")
    if not 0 < count <= MOST_FILTERS:
        raise Malformed("no filter, or too many")
    return count


def _acknowledgement(kind: int, number: int) -> bytes:
    return _packet(kind << 4, number.to_bytes(2))


def _packet(first: int, rest: bytes) -> bytes:
    return bytes([first]) + length_bytes(len(rest)) + rest
