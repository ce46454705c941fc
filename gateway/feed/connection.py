"""How the feed's connections to its broker are made: where to, as whom, with which will, in which MQTT version."""

import asyncio
import contextlib
import logging
import ssl
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

from aiomqtt import ProtocolVersion, Will
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.properties import Properties

from gateway.feed.config import BrokerAddress, FeedConfig
from gateway.feed.encoding import Message
from gateway.feed.intake import MOST, Intake
from gateway.feed.properties import Protocol, properties_of, status_properties, will_properties
from gateway.feed.sending import AT_LEAST_ONCE
from gateway.feed.tls import tls_of, why
from gateway.feed.versions import Versions, refusal
from gateway.feed.wire import PublishingClient

silent_log = logging.getLogger(__name__)
silent_log.setLevel(logging.CRITICAL)  # what the client library says of a lost connection, the feed says once

ONLINE = b"online"
OFFLINE = b"offline"
KEEPALIVE = 15
"""Seconds; after one and a half times as long without a sign of us the broker publishes the last will
(MQTT 3.1.1 §3.1.2.10)."""
TIMEOUT = 5.0
"""Seconds the broker has to answer anything."""
_MEANWHILE = "It is tried again and again; calls go on"


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection that is up, and what it was made for."""

    client: PublishingClient
    protocol: Protocol
    session: int
    count: int
    """Which of this run's connections it is, from 1."""

    async def publish(self, message: Message) -> None:
        """Publish a message; returns when the broker has it."""
        await self.client.publish(
            message.topic,
            message.payload,
            qos=AT_LEAST_ONCE,
            retain=message.retained,
            properties=properties_of(message, self.protocol),
        )

    async def publish_status(self, topic: str, status: bytes) -> None:
        """Publish a birth or a clean end."""
        properties = status_properties(self.session, self.count) if self.protocol == "5" else None
        await self.client.publish(topic, status, qos=AT_LEAST_ONCE, retain=True, properties=properties)


class Dialling:
    """Makes one connection after the other."""

    def __init__(self, config: FeedConfig, status: str) -> None:
        """`status` is the topic of the last will."""
        self._config = config
        self._status = status
        self._identifier = f"sansheng-{uuid.uuid4().hex[:12]}"  # fits in the 23 bytes that every broker takes
        self._count = 0
        # Our own broker has 3.1.1 alone; of another it is remembered what it had.
        self._versions = Versions(config, "3.1.1" if config.url is None else "5")

    @contextlib.asynccontextmanager
    async def connected(self, address: BrokerAddress, session: int) -> AsyncIterator[Connection]:
        """A connection whose will is of this session; ended cleanly afterwards, without the will. Raises MqttError
        where the broker is not reached or refuses."""
        self._count += 1
        async with contextlib.AsyncExitStack() as stack:
            # Anew each time, for renewed files; beside the loop, which carries calls: it takes some 30 ms.
            tls = await asyncio.to_thread(tls_of, self._config, address)
            make = partial(self._client, address, session, tls)
            client = await self._versions.entered(stack, make, at_once=False)
            yield Connection(client, self._versions.protocol, session, self._count)

    def _client(
        self, address: BrokerAddress, session: int, tls: ssl.SSLContext | None, protocol: Protocol
    ) -> PublishingClient:
        version5 = protocol == "5"
        username, password = self._config.login(address)
        properties: Properties | None = will_properties(session, self._count) if version5 else None
        return PublishingClient(
            address.host,
            address.port,
            username=username,
            password=password,
            identifier=self._identifier,
            logger=silent_log,
            protocol=ProtocolVersion.V5 if version5 else ProtocolVersion.V311,
            will=Will(self._status, OFFLINE, qos=AT_LEAST_ONCE, retain=True, properties=properties),
            timeout=TIMEOUT,
            keepalive=KEEPALIVE,
            queue_type=Intake,
            max_queued_incoming_messages=MOST,
            tls_context=tls,
        )

    def unreached(self, error: Exception, address: BrokerAddress) -> str:
        """Why the broker is not reached, in words for the user."""
        return f"MQTT broker {address} is not reached: {why(error, self._config, address)}. {_MEANWHILE}"

    def refusal(self, error: MqttConnectError, address: BrokerAddress) -> str:
        """Why the broker does not let us in, in words for the user."""
        return f"{refusal(error, self._config, address)}. {_MEANWHILE}"
