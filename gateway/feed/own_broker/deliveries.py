"""How our own broker's messages go out: to the gateway with QoS 1, to everybody else at once, as bytes."""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping

from amqtt.broker import RetainedApplicationMessage
from amqtt.errors import AMQTTError, MQTTError
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler

from gateway.feed.own_broker.screen import publish_packet
from gateway.feed.own_broker.subscriptions import matching
from gateway.feed.requests.rates import Bucket

HE_IS_GONE = (OSError, AMQTTError, MQTTError)
"""What is raised where a client is sent something who takes it no more, or does not acknowledge it."""
KEPT_BURST, KEPT_PER_SECOND = 2000, 1000.0
"""Kept messages that are sent to those who subscribe, all of them together: 5 % of a core. Who subscribes again
and again makes others wait who subscribe, but no call."""
_AT_A_TIME = 50
"""Messages that are sent without a look at whether they are taken."""


class Deliveries:
    """Of one broker."""

    def __init__(self) -> None:
        self._pace = Bucket(KEPT_BURST, KEPT_PER_SECOND)

    def now(
        self, handler: BrokerProtocolHandler, topic: str, payload: bytes, qos: int
    ) -> Iterable[asyncio.Task[None]]:
        """Send one message; gives what is still to be waited for."""
        if qos:
            return [asyncio.create_task(_acknowledged(handler, topic, payload, qos, retained=False))]
        if handler.writer is not None:
            handler.writer.write(publish_packet(topic, payload, retained=False))
        return []

    async def kept(
        self,
        handler: BrokerProtocolHandler | None,
        messages: Mapping[str, RetainedApplicationMessage],
        topic_filter: str,
        qos: int,
    ) -> None:
        """Send those of the kept messages that a filter stands for. Raises one of HE_IS_GONE."""
        topics = matching(messages, topic_filter)
        if qos and handler is not None:
            found = [messages[topic] for topic in topics]
            await asyncio.gather(
                *(
                    _acknowledged(handler, one.topic, bytes(one.data), min(qos, one.qos or qos), retained=True)
                    for one in found
                )
            )
            return
        for index, topic in enumerate(topics):
            await self._wait()
            # Only now: while we waited, he may have been sent what is newer.
            if handler is None or handler.writer is None:
                return
            if (message := messages.get(topic)) is not None:
                handler.writer.write(publish_packet(topic, bytes(message.data), retained=True))
            if index % _AT_A_TIME == _AT_A_TIME - 1:
                await handler.writer.drain()
                await asyncio.sleep(0)  # a writer with nothing before it does not wait at all
        await asyncio.sleep(0)

    async def _wait(self) -> None:
        clock = asyncio.get_running_loop().time
        while not self._pace.take(clock()):  # noqa: ASYNC110 - time is waited for
            await asyncio.sleep(_AT_A_TIME / KEPT_PER_SECOND)


async def _acknowledged(
    handler: BrokerProtocolHandler, topic: str, payload: bytes, qos: int, *, retained: bool
) -> None:
    """Send a message, and wait for its acknowledgement; none comes from who has gone."""
    with contextlib.suppress(*HE_IS_GONE):
        await handler.mqtt_publish(topic, payload, qos, retain=retained)
