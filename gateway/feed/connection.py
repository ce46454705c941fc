"""How the feed's connections to its broker are made: where to, as whom, with which will, in which MQTT version."""

import asyncio
import contextlib
import logging
import ssl
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiomqtt import MqttError, ProtocolVersion, Will
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.properties import Properties

from gateway.feed.config import BrokerAddress, FeedConfig
from gateway.feed.encoding import Message
from gateway.feed.intake import MOST, Intake
from gateway.feed.properties import Protocol, properties_of, status_properties, will_properties
from gateway.feed.sending import AT_LEAST_ONCE
from gateway.feed.tls import tls_of, why
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
NOT_ALLOWED = ("Bad user name or password", "Not authorized", "Bad username or password", "Not authorised")
UNSUPPORTED_VERSION = 0x84
"""MQTT 5.0 §3.2.2.2; MQTT 3.1.1's return code 1 is turned into it."""


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
        self._auto = config.protocol == "auto"
        # Our own broker has 3.1.1 alone; of another it is remembered what it had.
        self._protocol: Protocol = "5" if config.protocol == "auto" else config.protocol
        if self._auto and config.url is None:
            self._protocol = "3.1.1"
        self._proven = False
        """Whether the broker has been reached with this version."""

    @contextlib.asynccontextmanager
    async def connected(self, address: BrokerAddress, session: int) -> AsyncIterator[Connection]:
        """A connection whose will is of this session; ended cleanly afterwards, without the will. Raises MqttError
        where the broker is not reached or refuses."""
        self._count += 1
        async with contextlib.AsyncExitStack() as stack:
            client = await self._enter(stack, address, session)
            yield Connection(client, self._protocol, session, self._count)

    async def _enter(
        self, stack: contextlib.AsyncExitStack, address: BrokerAddress, session: int
    ) -> PublishingClient:
        """Connect, in the other version where the broker does not have the first."""
        # Anew each time, for renewed files; beside the loop, which carries calls: it takes some 30 ms.
        tls = await asyncio.to_thread(tls_of, self._config, address)
        try:
            client = await stack.enter_async_context(self._client(address, session, tls))
        except MqttConnectError as error:
            if not self._auto or error.rc != UNSUPPORTED_VERSION:
                raise
            self._turn()
            client = await stack.enter_async_context(self._client(address, session, tls))
        except MqttError as error:
            # Very old brokers hang up on what they do not know, but an overloaded one is silent, too: the other
            # version is for the next attempt, and only where this one has never been talked.
            if self._auto and not self._proven and isinstance(error.__context__, TimeoutError):
                self._turn()
            raise
        self._proven = True
        return client

    def _turn(self) -> None:
        self._protocol = "3.1.1" if self._protocol == "5" else "5"
        self._proven = False

    def _client(self, address: BrokerAddress, session: int, tls: ssl.SSLContext | None) -> PublishingClient:
        version5 = self._protocol == "5"
        properties: Properties | None = will_properties(session, self._count) if version5 else None
        return PublishingClient(
            address.host,
            address.port,
            username=address.username or self._config.username,
            password=address.password or self._config.password,
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
        return f"MQTT broker {address} is not reached: {why(error, self._config, address)}; retrying"

    def refusal(self, error: MqttConnectError, address: BrokerAddress) -> str:
        """Why the broker does not let us in, in words for the user."""
        reason = str(error).partition("] ")[2] or str(error)
        if error.rc == UNSUPPORTED_VERSION:
            return (
                f"MQTT broker {address} does not have MQTT {self._protocol}: "
                'set [mqtt] protocol = "auto"; retrying'
            )
        if reason not in NOT_ALLOWED:
            return f"MQTT broker {address} refused the connection: {reason}; retrying"
        user = self._config.username or address.username
        who = f"the login of {user!r}" if user else "a login without username"
        return f"MQTT broker {address} refused {who} ({reason}): check [mqtt] username and password_file; retrying"
