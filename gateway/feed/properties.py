"""What MQTT 5 says of a message beside its payload: content type, how long it is worth being delivered, and to
which request it is the answer. MQTT 3.1.1 has no room for any of it."""

from functools import cache
from typing import Literal

from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from gateway.feed.encoding import Message

Protocol = Literal["3.1.1", "5"]
"""A version of MQTT, as the config writes it."""

JSON = "application/json"
TEXT = "text/plain"
SESSION = "session"
CONNECTION = "connection"
"""User properties of a status: of which run of the gateway it is, and of which of that run's connections."""
EVENT_EXPIRY = 600
"""Seconds a broker keeps what is not retained for a subscriber who is away (5.0 §3.3.2.3.3): a program that is
restarted misses nothing, and nobody is called by a bell to what happened this morning. A message whose worth ends
earlier says so itself (`Message.expiry`)."""


class Packed(Properties):
    """Properties that are written down once and then sent with every message: paho packs each time anew, which
    takes longer than all else it does for a message."""

    def __init__(self) -> None:
        Properties.__init__(self, PacketTypes.PUBLISH)
        object.__setattr__(self, "_packed", None)

    def pack(self) -> bytes:
        """The bytes that go over the wire."""
        if self.__dict__["_packed"] is None:
            object.__setattr__(self, "_packed", Properties.pack(self))
        packed: bytes = self.__dict__["_packed"]
        return packed


def properties_of(message: Message, protocol: Protocol) -> Properties | None:
    """The properties that a message is published with over a connection of this protocol; None for none. To be
    shown on to paho alone: they are shared by all messages alike."""
    if protocol != "5" or not message.payload:  # an empty one only gives its topic up
        return None
    expiry = None if message.retained else message.expiry or EVENT_EXPIRY
    if message.correlation is None:
        return _shared(expiry)
    answer = _made(expiry)
    answer.CorrelationData = message.correlation
    return answer


@cache  # of the few expiries there are
def _shared(expiry: int | None) -> Packed:
    return _made(expiry)


def _made(expiry: int | None) -> Packed:
    properties = Packed()
    properties.ContentType = JSON
    properties.PayloadFormatIndicator = 1
    if expiry is not None:
        properties.MessageExpiryInterval = expiry
    return properties


def status_properties(session: int, connection: int, packet: int = PacketTypes.PUBLISH) -> Properties:
    """What birth, clean end and, as a PacketTypes.WILLMESSAGE, the last will say beside `online` and `offline`: of
    which session they are, and of which of its connections, both counted upwards."""
    properties = Properties(packet)
    properties.ContentType = TEXT
    properties.PayloadFormatIndicator = 1
    properties.UserProperty = [(SESSION, str(session)), (CONNECTION, str(connection))]
    return properties


def will_properties(session: int, connection: int) -> Properties:
    """Those of the last will."""
    return status_properties(session, connection, PacketTypes.WILLMESSAGE)


def session_of(properties: Properties | None) -> int | None:
    """The session that a status is of; None where it does not say so."""
    for name, value in getattr(properties, "UserProperty", ()):
        if name == SESSION and value.isascii() and value.isdecimal() and len(value) < 20:
            return int(value)
    return None


def correlation_of(properties: Properties | None) -> bytes | None:
    """What a requester wants to know its answer by; None for nothing."""
    data = getattr(properties, "CorrelationData", None)
    return bytes(data) if data else None


def response_topic_of(properties: Properties | None) -> str | None:
    """Where a requester wants its answer, too; None for nowhere."""
    topic = getattr(properties, "ResponseTopic", None)
    return str(topic) if topic else None
