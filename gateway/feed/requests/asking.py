"""Asks a running gateway for something on the topic `command`, from outside, and waits for its answer."""

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import Mapping
from typing import Any

from aiomqtt import Client, MqttError

from gateway.feed.client import address_of, client_of, not_reached
from gateway.feed.config import FeedConfig, FeedError
from gateway.feed.requests.authority import SIGN, TIME, signature
from gateway.feed.topics import Topics

ANSWERED_WITHIN = 10.0
"""Seconds; a gateway that is there answers in some milliseconds, one that waits for a locked database in 5 s."""


async def ask(config: FeedConfig, fields: Mapping[str, Any], within: float = ANSWERED_WITHIN) -> dict[str, Any]:
    """Send `fields` (`do` and its own) to the gateway with this config, signed if it has a key; gives its answer.

    Raises FeedError where the broker is not reached, or no answer comes `within` seconds.
    """
    request: dict[str, Any] = {"id": uuid.uuid4().hex, TIME: int(time.time()), **fields}
    if config.command_key is not None:
        request[SIGN] = signature(request, config.command_key)
    topics = Topics(config.base_topic, config.site)
    reached = False
    try:
        async with asyncio.timeout(within), client_of(config) as client:
            reached = True
            await client.subscribe(topics.command_result, qos=1)
            await client.publish(topics.command, json.dumps(request), qos=1)
            return await _answer(client, request["id"])
    except TimeoutError as silence:
        if not reached:
            raise FeedError(not_reached(config, silence)) from None
        raise FeedError(
            f"no answer within {within:g} s from the gateway of site {config.site!r} at {address_of(config)}; "
            f"is it running{_may(config)}?"
        ) from None
    except (MqttError, OSError) as error:
        raise FeedError(not_reached(config, error)) from None


def _may(config: FeedConfig) -> str:
    """A broker does not tell that it has dropped what a client may not write."""
    return "" if config.username is None else f", and may {config.username!r} write to `command` there"


async def _answer(client: Client, request_id: str) -> dict[str, Any]:
    async for message in client.messages:
        payload = message.payload if isinstance(message.payload, bytes) else b""
        with contextlib.suppress(ValueError):  # another's answer, or nobody's
            answer = json.loads(payload)
            if isinstance(answer, dict) and answer.get("id") == request_id:
                return answer
    raise MqttError("the connection ended")
