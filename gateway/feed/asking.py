"""Asks a running gateway for something on the topic `command`, from outside, and waits for its answer."""

import asyncio
import contextlib
import json
import logging
import time
import uuid
from collections.abc import Mapping
from typing import Any

from aiomqtt import Client, MqttError, ProtocolVersion

from gateway.feed.authority import SIGN, TIME, signature
from gateway.feed.config import BrokerAddress, FeedConfig, FeedError
from gateway.feed.tls import tls_context
from gateway.feed.topics import Topics

ANSWERED_WITHIN = 10.0
"""Seconds; a gateway that is there answers in some milliseconds, one that waits for a locked database in 5 s."""

silent_log = logging.getLogger(f"{__name__}.client")
silent_log.setLevel(logging.CRITICAL)  # what the client library says of a lost connection, the error says


async def ask(config: FeedConfig, fields: Mapping[str, Any], within: float = ANSWERED_WITHIN) -> dict[str, Any]:
    """Send `fields` (`do` and its own) to the gateway with this config, signed if it has a key; gives its answer.

    Raises FeedError where the broker is not reached, or no answer comes `within` seconds.
    """
    request: dict[str, Any] = {"id": uuid.uuid4().hex, TIME: int(time.time()), **fields}
    if config.command_key is not None:
        request[SIGN] = signature(request, config.command_key)
    address = BrokerAddress.parse(config.url or f"mqtt://127.0.0.1:{config.broker_port}")
    topics = Topics(config.base_topic, config.site)
    try:
        async with asyncio.timeout(within), _client(config, address) as client:
            await client.subscribe(topics.command_result, qos=1)
            await client.publish(topics.command, json.dumps(request), qos=1)
            return await _answer(client, request["id"])
    except TimeoutError:
        raise FeedError(
            f"no answer within {within:g} s from the gateway of site {config.site!r} at {address}; is it running?"
        ) from None
    except (MqttError, OSError) as error:
        raise FeedError(f"MQTT broker {address} is not reached: {error}; is the gateway running?") from None


def _client(config: FeedConfig, address: BrokerAddress) -> Client:
    return Client(
        address.host,
        address.port,
        username=config.username or address.username,
        password=config.password or address.password,
        logger=silent_log,
        protocol=ProtocolVersion.V5 if config.protocol == "5" else ProtocolVersion.V311,
        tls_context=tls_context(config.ca_file) if address.tls else None,
    )


async def _answer(client: Client, request_id: str) -> dict[str, Any]:
    async for message in client.messages:
        payload = message.payload if isinstance(message.payload, bytes) else b""
        with contextlib.suppress(ValueError):  # another's answer, or nobody's
            answer = json.loads(payload)
            if isinstance(answer, dict) and answer.get("id") == request_id:
                return answer
    raise MqttError("the connection ended")
