"""Sends what the outbox holds over one connection: in order, a window of messages under way at a time."""

import asyncio

from aiomqtt import Client

from gateway.feed.encoding import Message
from gateway.feed.outbox import Outbox
from gateway.feed.properties import Protocol, properties_of

AT_LEAST_ONCE = 1
WINDOW = 16
"""Messages under way at a time, so that a broker's round trip does not bound the rate; under the 20 that paho-mqtt
sends before it queues. A sliding window: batches would each wait out TCP's delayed acknowledgement, 40 ms."""


class Sending:
    """The outbox on its way to the broker, over one connection after the other."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._news = asyncio.Event()
        self._closing = False
        self._before_online = 0
        self.online = asyncio.Event()
        """Set while the broker has everything retained that was known when it was reached."""

    def put(self, message: Message) -> None:
        """Publish a message as soon as can be; returns at once."""
        self._outbox.put(message)
        self._news.set()

    def refresh(self) -> None:
        """Publish everything retained anew, if the broker is there."""
        if self.online.is_set():
            self._outbox.refresh()
            self._news.set()

    def close(self) -> None:
        """End `run` once all is out."""
        self._closing = True
        self._news.set()

    async def run(self, client: Client, protocol: Protocol) -> None:
        """Send what is put in the outbox over this connection; ends when closed and all is out. Raises MqttError
        where the connection is lost."""
        self._before_online = len(self._outbox)
        senders = [asyncio.create_task(self._send(client, protocol), name="feed: sending") for _ in range(WINDOW)]
        try:
            await asyncio.gather(*senders)
        finally:
            for sender in senders:
                sender.cancel()
            await asyncio.gather(*senders, return_exceptions=True)

    def disconnected(self) -> None:
        """The connection has gone: what it did not acknowledge waits for the next one."""
        self.online.clear()
        self._outbox.disconnected()

    async def _send(self, client: Client, protocol: Protocol) -> None:
        """One of the window's places. Nothing is awaited between taking and sending, so the order is kept."""
        while True:
            self._news.clear()
            while message := self._outbox.take():
                properties = properties_of(message, protocol)
                await client.publish(
                    message.topic, message.payload, AT_LEAST_ONCE, message.retained, properties=properties
                )
                self._outbox.acknowledged(message)
                self._before_online -= 1
                if self._before_online <= 0:
                    self.online.set()
            if self._closing:
                return
            await self._news.wait()
