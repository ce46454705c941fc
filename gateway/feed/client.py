"""A client of a gateway's broker, by the gateway's own config: for what asks it, and what looks at it."""

import asyncio
import contextlib
import logging
import ssl
from collections.abc import AsyncIterator
from functools import partial

from aiomqtt import Client, ProtocolVersion
from aiomqtt.exceptions import MqttConnectError

from gateway.feed.config import BrokerAddress, FeedConfig
from gateway.feed.properties import Protocol
from gateway.feed.tls import tls_of, why
from gateway.feed.versions import Versions, refusal

silent_log = logging.getLogger(__name__)
silent_log.setLevel(logging.CRITICAL)  # what the client library says of a lost connection, the user is told once

TIMEOUT = 4.0
"""Seconds the broker has to answer anything: one that hangs up on MQTT 5 is asked twice while people wait."""


def address_of(config: FeedConfig) -> BrokerAddress:
    """Where the gateway's broker is, be it its own. Raises FeedError for an address that is none."""
    return BrokerAddress.parse(config.url or config.own_url)


@contextlib.asynccontextmanager
async def client_of(config: FeedConfig) -> AsyncIterator[Client]:
    """A client of that broker, connected in the MQTT version that the gateway finds, too. Raises FeedError for an
    address or files that are none, MqttError where the broker is not reached or refuses."""
    address = address_of(config)
    tls = await asyncio.to_thread(tls_of, config, address)
    async with contextlib.AsyncExitStack() as stack:
        yield await Versions(config).entered(stack, partial(_client, config, address, tls), at_once=True)


def _client(config: FeedConfig, address: BrokerAddress, tls: ssl.SSLContext | None, protocol: Protocol) -> Client:
    username, password = config.login(address)
    return Client(
        address.host,
        address.port,
        username=username,
        password=password,
        logger=silent_log,
        protocol=ProtocolVersion.V5 if protocol == "5" else ProtocolVersion.V311,
        timeout=TIMEOUT,
        tls_context=tls,
    )


def not_reached(config: FeedConfig, error: Exception) -> str:
    """That the broker is not reached, and why, in words for the user."""
    address = address_of(config)
    if isinstance(error, MqttConnectError):
        return refusal(error, config, address)
    ours = "; is the gateway running?" if config.url is None else ""  # our own broker lives as long as it does
    return f"MQTT broker {address} is not reached: {why(error, config, address)}{ours}"
