"""Sends what the outbox holds over one connection: in order, a window of messages under way at a time."""

import asyncio
import contextlib
import logging

from aiomqtt import MqttError

from gateway.feed.encoding import Message
from gateway.feed.outbox import Outbox
from gateway.feed.properties import Protocol, properties_of
from gateway.feed.troubles import Troubles
from gateway.feed.wire import FIRST_NUMBER, LAST_NUMBER, NO_PROPERTIES, PublishingClient, Wire, publish_packet

log = logging.getLogger(__name__)

AT_LEAST_ONCE = 1
WINDOW = 100
"""Messages under way at a time, so that a broker's round trip does not bound the rate: as many as AWS IoT Core
takes from a client (its quota of unacknowledged QoS 1 publish requests). With MQTT 5 a broker may say less."""
SPARE = 2
"""Places of a broker's own window that are left to what is not sent here: births."""
PAUSE = 0.004
"""Seconds from one write to the next: what comes meanwhile goes together; what comes later goes at once."""
TIMEOUT = 5.0
"""Seconds without an acknowledgement, where one is due, after which the connection is given up."""


class Sending:
    """The outbox on its way to the broker, over one connection after the other."""

    def __init__(self, outbox: Outbox, troubles: Troubles) -> None:
        self._outbox = outbox
        self._troubles = troubles
        self._wire: Wire | None = None
        self._protocol: Protocol = "3.1.1"
        self._window = WINDOW
        self._number = FIRST_NUMBER
        self._under_way: dict[int, Message] = {}
        self._heard = 0.0
        """When the broker acknowledged last, or the first message after that went out."""
        self._written = 0.0
        self._next: asyncio.Handle | None = None
        """The next write, once it is due."""
        self._ended: asyncio.Event | None = None
        """Set once all is out after `close`; None while nothing may be sent."""
        self._closing = False
        self._known: set[str] = set()
        """Topics of what was retained when the broker was reached, and that it does not have yet."""
        self._losing = False
        self._lost = 0
        """Events that were lost and told of in the log."""
        self._dropped = 0
        """Events that were lost and told of as a trouble."""
        self.online = asyncio.Event()
        """Set while the broker has everything retained that was known when it was reached, or what is newer."""

    def put(self, message: Message) -> None:
        """Publish a message as soon as can be; returns at once."""
        self._outbox.put(message)
        if self._outbox.dropped != self._dropped:
            self._tell_lost()
        if self._next is None and self._ended is not None:
            self._schedule()

    def _tell_lost(self) -> None:
        lost, self._dropped = self._outbox.dropped - self._dropped, self._outbox.dropped
        self._troubles.lost(lost)
        if not self._losing:
            self._losing = True
            log.warning("feed: more events wait for the broker than [mqtt] queue_limit: the oldest are lost")

    def refresh(self) -> None:
        """Publish everything retained anew, if the broker is there."""
        if self.online.is_set():
            self._outbox.refresh()
            self._schedule()

    def close(self) -> None:
        """End `run` once all is out."""
        self._closing = True
        self._schedule()

    async def run(self, client: PublishingClient, protocol: Protocol) -> None:
        """Send what is put in the outbox over this connection; ends when closed and all is out. Raises MqttError
        where nothing is acknowledged any more; of a connection that is lost the client itself tells."""
        self._wire, self._protocol = client.wire, protocol
        self._wire.acknowledged = self._acknowledged
        self._window = WINDOW if self._wire.most is None else max(1, min(WINDOW, self._wire.most - SPARE))
        self._known = self._outbox.topics()
        loop = asyncio.get_running_loop()
        self._ended = ended = asyncio.Event()
        try:
            self._write()
            while not ended.is_set():
                if self._under_way and loop.time() - self._heard > TIMEOUT:
                    raise MqttError("what is published is not acknowledged")
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(TIMEOUT / 5):
                        await ended.wait()
        finally:
            self._stop()

    def disconnected(self) -> None:
        """The connection has gone: what it did not acknowledge waits for the next one."""
        self._stop()
        self._wire = None
        self._under_way.clear()
        self.online.clear()
        self._outbox.disconnected()

    def _stop(self) -> None:
        self._ended = None
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _schedule(self, at_once: bool = False) -> None:
        """Write soon, if a connection is there; `at_once` what would wait for the pause, too."""
        if self._ended is None or (self._next is not None and not at_once):
            return
        if self._next is not None:
            self._next.cancel()
        loop = asyncio.get_running_loop()
        due = self._written + PAUSE
        if at_once or due <= loop.time():
            self._next = loop.call_soon(self._write)
        else:
            self._next = loop.call_at(due, self._write)

    def _write(self) -> None:
        """Send what waits, as far as the window goes."""
        self._next = None
        if self._wire is None or self._ended is None:
            return
        now = self._written = asyncio.get_running_loop().time()
        if not self._under_way:
            self._heard = now
        packets: list[bytes] = []
        while len(self._under_way) < self._window and (message := self._outbox.take()):
            packets.append(self._packet(message))
        if self._losing and len(self._outbox) == len(self._under_way):
            self._losing, lost, self._lost = False, self._lost, self._outbox.dropped
            log.warning("feed: the broker has all that waited; %d events were lost before", self._lost - lost)
        self._wire.write(b"".join(packets))
        if self._wire.clogged:
            self._schedule()
        elif self._closing and not self._under_way:
            self._ended.set()

    def _packet(self, message: Message) -> bytes:
        """The message as it goes out, under a number of its own."""
        number = self._number
        while number in self._under_way:
            number = FIRST_NUMBER if number == LAST_NUMBER else number + 1
        self._number = FIRST_NUMBER if number == LAST_NUMBER else number + 1
        self._under_way[number] = message
        properties: bytes | None = None
        if self._protocol == "5":
            more = properties_of(message, self._protocol)
            properties = NO_PROPERTIES if more is None else more.pack()
        return publish_packet(message.topic, message.payload, number, message.retained, properties)

    def _acknowledged(self, numbers: list[int], refused: dict[int, int]) -> None:
        """The broker has these, or has `refused` them for a reason."""
        judging = refused or self._troubles.refusals
        full = len(self._under_way) >= self._window
        self._heard = asyncio.get_running_loop().time()
        for number in numbers:
            if (message := self._under_way.pop(number, None)) is not None:
                self._outbox.acknowledged(message)
                if self._known and message.retained:
                    self._known.discard(message.topic)
                if judging:
                    self._troubles.judge(message.topic, refused.get(number))
        if not self._known and self._ended is not None:
            self.online.set()
        if full or (self._closing and not self._under_way):
            self._schedule(at_once=True)
