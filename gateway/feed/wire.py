"""Publishing in bulk over a connection that aiomqtt keeps.

paho reads and writes packet by packet, four system calls for a message and its acknowledgement, and aiomqtt
gives each a task's turn and a timer: at thousands of messages a second half a core. Here what is published
together is one write, and acknowledgements are taken from what one read brings. All else of the connection stays
with aiomqtt and paho, which never see these packets. They have numbers of their own, from FIRST_NUMBER up: paho
counts from 1, anew for each connection.
"""

import contextlib
import socket
import ssl
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import paho.mqtt.client as mqtt
from aiomqtt import Client, MqttError

from gateway.feed.packets import LARGEST_PACKET, NoLength, length_at, length_bytes

PUBLISH = 0x30
AT_LEAST_ONCE = 0x02
QOS = 0x06
"""Where a PUBLISH tells its QoS."""
PUBACK = 0x40
CONTINUING = b"\x80"
"""From here on the first byte of a length is not all of it."""
REFUSED = 0x80
"""From here on a reason code is a failure (MQTT 5 §2.4)."""
FIRST_NUMBER, LAST_NUMBER = 0x8000, 0xFFFF
READ = 65536
"""Bytes asked for at once."""
LARGEST_ACKNOWLEDGEMENT = 4096
"""Bytes: with MQTT 5 it may give a reason in words."""
QUICKLY = getattr(socket, "TCP_QUICKACK", None)
"""Has Linux confirm at once what was read, this time. Brokers send acknowledgements one by one, and hold each back
until the one before is confirmed (Nagle): where the window is full, 40 ms would pass."""
NO_PROPERTIES = b"\0"
"""With MQTT 5 their length stands there all the same (§2.2.2.1)."""
Acknowledged = Callable[[list[int], dict[int, int]], None]
NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class HungUp(MqttError):
    """The broker has closed a connection that it had not answered."""


class PublishingClient(Client):
    """aiomqtt's client, with a way beside it for what is published in bulk."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """As aiomqtt's."""
        super().__init__(*args, **options)
        self.wire = Wire(self._client)

    def _on_disconnect(self, *told: Any, **more: Any) -> None:
        """aiomqtt would wait its whole time for the answer of a broker that has hung up."""
        if self._lock.locked() and not self._connected.done():
            self._connected.set_exception(HungUp("it hangs up before it answers"))
            return
        super()._on_disconnect(*told, **more)


class Wire:
    """Publishing in bulk over the connection that a client is going to make."""

    def __init__(self, client: mqtt.Client) -> None:
        """Made before the client connects, so that all that is read is sorted from the first byte."""
        self._socket: SortingSocket | None = None
        self.acknowledged: Acknowledged = _nothing
        """Told on the event loop the numbers of packets that the broker has answered, and its reasons (MQTT 5
        §3.4.2.1) for those among them that it has refused."""
        self.most: int | None = None
        """Packets that may be under way at a time by the broker's word (MQTT 5 §3.2.2.3.3), if it said so."""
        opened, connected = client.on_socket_open, client.on_connect

        def on_open(client: mqtt.Client, data: Any, connection: Any) -> None:
            # Small packets must not wait for the acknowledgement of the one before (Nagle).
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            nothing = NO_PROPERTIES if client.protocol == mqtt.MQTTv5 else b""
            self._socket = SortingSocket(connection, lambda *answer: self.acknowledged(*answer), nothing)
            client._sock = self._socket
            if opened is not None:
                opened(client, data, connection)

        def on_connect(*connack: Any) -> None:
            self.most = getattr(connack[-1], "ReceiveMaximum", None)
            if connected is not None:
                connected(*connack)

        client.on_socket_open, client.on_connect = on_open, on_connect

    def write(self, packets: bytes) -> None:
        """Send packets as soon as can be; what the socket does not take now goes before the next ones."""
        if self._socket is not None:
            self._socket.write(packets)

    @property
    def clogged(self) -> bool:
        """Whether the socket has not taken all yet."""
        return self._socket is not None and self._socket.clogged


def _nothing(_: list[int], __: dict[int, int]) -> None:
    """Nobody has published anything yet."""


def publish_packet(topic: str, payload: bytes, number: int, retained: bool, properties: bytes | None) -> bytes:
    """PUBLISH with QoS 1 (MQTT 3.1.1 §3.3). `properties` as packed for MQTT 5; None: an earlier version."""
    head = _topic(topic)
    rest = number.to_bytes(2) + (b"" if properties is None else properties) + payload
    return _publish(PUBLISH | AT_LEAST_ONCE | retained, head + rest)


def _publish(first: int, rest: bytes) -> bytes:
    return bytes((first,)) + length_bytes(len(rest)) + rest


@lru_cache(maxsize=4096)  # those of all lines and agents; of tickets, those of the day
def _topic(topic: str) -> bytes:
    encoded = topic.encode()
    return len(encoded).to_bytes(2) + encoded


class Sorter:
    """Takes the acknowledgements of our numbers out of what a broker sends. Pure."""

    def __init__(self, no_properties: bytes = b"") -> None:
        """`no_properties`: as they stand in a packet of this connection's MQTT version."""
        self.refused: dict[int, int] = {}
        """Of the numbers that were acknowledged last the reasons of those that the broker refused."""
        self._no_properties = no_properties
        self._start = b""
        """Of a packet of which it is not known yet what it is."""
        self._left = 0
        """Bytes that are still to come of a packet that is not ours."""
        self._passes = True
        """Whether they are passed on."""

    def sort(self, data: bytes) -> tuple[bytes, list[int]]:
        """What is not ours, as it came, and the numbers that are acknowledged. Of a message that is too large its
        topic alone is passed on, with an empty payload: it is acknowledged, and never gathered in memory."""
        data = self._start + data
        self.refused = {}
        others: list[bytes] = []
        numbers: list[int] = []
        at, end = 0, len(data)
        while at < end:
            if self._left:
                part = data[at : at + self._left]
                at += len(part)
                self._left -= len(part)
                if self._passes:
                    others.append(part)
                continue
            head, size = _sizes(data, at)
            acknowledges = data[at] & 0xF0 == PUBACK and size <= LARGEST_ACKNOWLEDGEMENT
            if not head or (acknowledges and at + size > end):
                break  # the rest is still to come
            number = int.from_bytes(data[at + head : at + head + 2]) if acknowledges else 0
            if number >= FIRST_NUMBER:
                numbers.append(number)
                if size > head + 2 and data[at + head + 2] >= REFUSED:
                    self.refused[number] = data[at + head + 2]
                at += size
                continue
            self._left, self._passes = size, size <= LARGEST_PACKET or data[at] & 0xF0 != PUBLISH
            if not self._passes:
                address = _address(data, at, head)
                if address is None:
                    self._left = 0
                    break
                others.append(_publish(data[at], address + self._no_properties))
        self._start = data[at:]
        return b"".join(others), numbers


def _address(data: bytes, at: int, head: int) -> bytes | None:
    """Topic and, but with QoS 0, number of the PUBLISH that begins at `at`; None while they are still to come."""
    begin = at + head
    length = 2 + int.from_bytes(data[begin : begin + 2]) + (2 if data[at] & QOS else 0)
    address = data[begin : begin + length]
    return address if len(data) - begin >= 2 and len(address) == length else None


def _sizes(data: bytes, at: int) -> tuple[int, int]:
    """How long the packet's head is that begins here, and all of it; 0, 0 while that cannot be told."""
    if data[at + 1 : at + 2] < CONTINUING and len(data) > at + 1:  # acknowledgements, thousands a second
        return 2, 2 + data[at + 1]
    try:
        found = length_at(data, at + 1)
    except NoLength:
        return 1, READ  # it is no packet: paho is to see it, and to hang up
    return (0, 0) if found is None else (1 + found[0], 1 + found[0] + found[1])


class SortingSocket:
    """The socket as paho sees it: without our acknowledgements; our packets never go in the midst of its own."""

    def __init__(self, connection: Any, acknowledged: Acknowledged, no_properties: bytes = b"") -> None:
        self._connection = connection
        self._acknowledged = acknowledged
        self._sorter = Sorter(no_properties)
        self._read = b""
        """For paho."""
        self._unsent = bytearray()
        """Of ours."""
        self._midway = False
        """Whether paho has sent a part of a packet."""

    def write(self, packets: bytes) -> None:
        """Send packets of ours."""
        self._unsent += packets
        if not self._midway:
            with contextlib.suppress(OSError):  # a connection that is lost is told of by its end that is read
                self._flush()

    @property
    def clogged(self) -> bool:
        """Whether the connection has not taken all of ours yet."""
        return bool(self._unsent)

    def send(self, data: bytes | bytearray) -> int:
        """Send a packet of paho's, or the rest of one."""
        if not self._midway and not self._flush():
            raise BlockingIOError
        self._midway = True
        sent: int = self._connection.send(data)
        self._midway = sent < len(data)
        return sent

    def recv(self, size: int) -> bytes:
        """What the broker sent that is not ours."""
        if not self._read:
            data = self._connection.recv(READ)
            if not data:
                return b""
            if QUICKLY is not None:
                self._connection.setsockopt(socket.IPPROTO_TCP, QUICKLY, 1)
            self._read, numbers = self._sorter.sort(data)
            if numbers:
                self._acknowledged(numbers, self._sorter.refused)
            if not self._read:
                raise BlockingIOError
        read, self._read = self._read[:size], self._read[size:]
        return read

    def pending(self) -> int:
        """Bytes that are there already: aiomqtt asks for them at once, as the event loop does not know of them."""
        beneath = getattr(self._connection, "pending", None)
        return len(self._read) + (beneath() if beneath else 0)

    def fileno(self) -> int:
        """The connection's."""
        number: int = self._connection.fileno()
        return number

    def setblocking(self, flag: bool) -> None:
        """The connection's."""
        self._connection.setblocking(flag)

    def close(self) -> None:
        """The connection's."""
        self._connection.close()

    def _flush(self) -> bool:
        """Send what is unsent of ours; tells whether all of it went."""
        with contextlib.suppress(*NOT_YET):
            while self._unsent:
                del self._unsent[: self._connection.send(self._unsent)]
        return not self._unsent
