"""A client of a gateway's broker, by the gateway's own config: for what asks it, and what looks at it."""

import contextlib
import logging
from collections.abc import AsyncIterator

from aiomqtt import Client, ProtocolVersion
from aiomqtt.exceptions import MqttConnectError

from gateway.feed.config import BrokerAddress, FeedConfig
from gateway.feed.connection import UNSUPPORTED_VERSION
from gateway.feed.properties import Protocol
from gateway.feed.tls import tls_of, why

silent_log = logging.getLogger(__name__)
silent_log.setLevel(logging.CRITICAL)  # what the client library says of a lost connection, the user is told once


def address_of(config: FeedConfig) -> BrokerAddress:
    """Where the gateway's broker is, be it its own. Raises FeedError for an address that is none."""
    return BrokerAddress.parse(config.url or config.own_url)


@contextlib.asynccontextmanager
async def client_of(config: FeedConfig) -> AsyncIterator[Client]:
    """A client of that broker, connected in the MQTT version that the gateway finds, too. Raises FeedError for an
    address or files that are none, MqttError where the broker is not reached or refuses."""
    async with contextlib.AsyncExitStack() as stack:
        try:
            client = await stack.enter_async_context(
                _client(config, "3.1.1" if config.protocol == "3.1.1" else "5")
            )
        except MqttConnectError as error:
            if config.protocol != "auto" or error.rc != UNSUPPORTED_VERSION:
                raise
            client = await stack.enter_async_context(_client(config, "3.1.1"))
        yield client


def _client(config: FeedConfig, protocol: Protocol) -> Client:
    address = address_of(config)
    return Client(
        address.host,
        address.port,
        username=config.username or address.username,
        password=config.password or address.password,
        logger=silent_log,
        protocol=ProtocolVersion.V5 if protocol == "5" else ProtocolVersion.V311,
        tls_context=tls_of(config, address),
    )


def not_reached(config: FeedConfig, error: Exception) -> str:
    """That the broker is not reached, and why, in words for the user."""
    address = address_of(config)
    if isinstance(error, MqttConnectError):
        user = f"the login of {config.username!r}" if config.username else "a login without username"
        return f"MQTT broker {address} refused {user} ({error}): check [mqtt] username and password_file"
    return f"MQTT broker {address} is not reached: {why(error, config, address)}; is the gateway running?"
