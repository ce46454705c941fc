"""What the broker brings the feed: requests, our own status, other gateways, what an earlier run left."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from aiomqtt import Message as Received

from gateway.feed.connection import ONLINE, Connection
from gateway.feed.encoding import Message, encode
from gateway.feed.properties import correlation_of, response_topic_of, session_of
from gateway.feed.requests.in_turn import InTurn
from gateway.feed.rivals import Rivals
from gateway.feed.session import number_in
from gateway.feed.topics import WILDCARDS, Topics

ANSWER_EXPIRY = 60
"""Seconds for which an answer is worth being delivered: nobody waits for longer."""
LONGEST_TOPIC = 256
"""Bytes of a topic that a requester wants his answer on; a topic may have 65 535 (MQTT 3.1.1 §4.7.3)."""


class Outnumbered(Exception):
    """The broker holds a session with this number, which ours is to follow."""

    def __init__(self, number: int) -> None:
        super().__init__(f"the broker holds session {number}")
        self.number = number


class Incoming:
    """Takes what comes over one connection after the other."""

    def __init__(
        self,
        topics: Topics,
        requests: InTurn,
        home: str,
        *,
        left: Callable[[str], None],
        put: Callable[[Message], None],
        renew: Callable[[], None],
    ) -> None:
        """`home` is the topic on which Home Assistant says that it has started, empty for none; `renew` is told
        so, as it knows nothing yet. `left` is told topics that end (`Topics.passing`) and that the broker has from
        before; `put` publishes."""
        self._topics = topics
        self._requests = requests
        self._home = home
        self._left = left
        self._put = put
        self._renew = renew
        self.rivals = Rivals()

    async def take(self, message: Received, connection: Connection) -> None:
        """Do what a message asks for. Raises Outnumbered, and MqttError where the connection is lost."""
        topic = str(message.topic)
        payload = message.payload if isinstance(message.payload, bytes) else b""
        if topic == self._topics.status:
            await self._take_status(message, payload, connection)
        elif topic in (self._topics.session, self._topics.heartbeat):
            self.take_session(message, connection.session)
        elif topic == self._home:
            # A retained one is from before we came: we have published everything since.
            if payload == ONLINE and not message.retain:
                self._renew()
        elif topic != self._topics.command:
            if message.retain and payload:
                self._left(topic)
        elif not message.retain:  # a retained command would be done again at every connection
            self._ask(message, payload)

    def take_session(self, message: Received, own: int, *, begins: bool = False) -> None:
        """Compare a session or heartbeat with our own session's number. Raises Outnumbered where what is retained
        is larger, or, for a run that `begins`, not smaller."""
        number = number_in(message.payload if isinstance(message.payload, bytes) else b"")
        if number is None:
            return
        if message.retain:
            if number > own or (begins and number == own):
                raise Outnumbered(number)
        elif number != own:
            self.rivals.heard(number, asyncio.get_running_loop().time())

    async def _take_status(self, message: Received, payload: bytes, connection: Connection) -> None:
        """Keep our status right: the will of a lost connection or of an earlier run can come at any time."""
        if payload == ONLINE:
            return
        number = session_of(message.properties)
        if number is not None and number != connection.session:
            self.rivals.left(number)
        await connection.publish_status(self._topics.status, ONLINE)

    def _ask(self, message: Received, payload: bytes) -> None:
        topics = [self._topics.command_result]
        wished = response_topic_of(message.properties)
        if wished is not None and self._may_answer_on(wished):
            topics.append(wished)
        self._requests.take(payload, partial(self._reply, topics, correlation_of(message.properties)))

    def _reply(self, topics: list[str], correlation: bytes | None, answer: Mapping[str, Any]) -> None:
        for topic in topics:
            self._put(Message(topic, encode(answer), False, expiry=ANSWER_EXPIRY, correlation=correlation))

    def _may_answer_on(self, topic: str) -> bool:
        """Below `command/result` alone: a requester must not make us write where he may not write himself."""
        below = topic.startswith(f"{self._topics.command_result}/") and len(topic.encode()) <= LONGEST_TOPIC
        return below and not WILDCARDS & set(topic)
