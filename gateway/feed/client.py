"""A client of a gateway's broker, by the gateway's own config: for what asks it, and what looks at it."""

import logging

from aiomqtt import Client, ProtocolVersion

from gateway.feed.config import BrokerAddress, FeedConfig
from gateway.feed.tls import tls_of, why

silent_log = logging.getLogger(__name__)
silent_log.setLevel(logging.CRITICAL)  # what the client library says of a lost connection, the user is told once


def address_of(config: FeedConfig) -> BrokerAddress:
    """Where the gateway's broker is, be it its own. Raises FeedError for an address that is none."""
    return BrokerAddress.parse(config.url or config.own_url)


def client_of(config: FeedConfig) -> Client:
    """A client of that broker, not connected yet. Raises FeedError for an address or files that are none."""
    address = address_of(config)
    return Client(
        address.host,
        address.port,
        username=config.username or address.username,
        password=config.password or address.password,
        logger=silent_log,
        protocol=ProtocolVersion.V5 if config.protocol == "5" else ProtocolVersion.V311,
        tls_context=tls_of(config, address),
    )


def not_reached(config: FeedConfig, error: Exception) -> str:
    """That the broker is not reached, and why, in words for the user."""
    address = address_of(config)
    return f"MQTT broker {address} is not reached: {why(error, config, address)}; is the gateway running?"
