"""The feed's one connection to its broker: kept up for as long as the gateway runs."""

import asyncio
import contextlib
import logging
import socket
import uuid
from collections.abc import AsyncIterator, Callable

from aiomqtt import Client, MqttError, ProtocolVersion, Will
from aiomqtt.exceptions import MqttConnectError

from gateway.feed.answering import Answering
from gateway.feed.broker import EmbeddedBroker
from gateway.feed.closed_socket import overlook_closed_sockets
from gateway.feed.config import BrokerAddress, FeedConfig, FeedError
from gateway.feed.encoding import Message, encode
from gateway.feed.outbox import Outbox
from gateway.feed.sending import AT_LEAST_ONCE, WINDOW, Sending
from gateway.feed.tls import tls_context
from gateway.feed.topics import Topics

log = logging.getLogger(__name__)
silent_log = logging.getLogger(f"{__name__}.client")
silent_log.setLevel(logging.CRITICAL)  # what the client library says of a lost connection, the feed says once

ONLINE = b"online"
OFFLINE = b"offline"
KEEPALIVE = 15
"""Seconds; after one and a half times as long without a sign of us the broker publishes the last will
(MQTT 3.1.1 §3.1.2.10)."""
TIMEOUT = 5.0
"""Seconds the broker has to answer anything."""
FIRST_RETRY = 0.25
LAST_RETRY = 15.0
"""Seconds between attempts to reach the broker: doubled from the first to the last."""
STEADY = 5.0
"""Seconds a connection must last before the next attempt is a first one again; a broker that takes us and throws
us out at once is not besieged."""
ECHO = 1.0
"""Seconds to wait for our own `offline` to come back: then the other subscribers have it too."""
INCOMING = 5000
"""Messages that may wait to be taken in. All that an earlier run left of tickets comes at once: a busy week's.
More requests at a time are a flood."""
NOT_ALLOWED = ("Bad user name or password", "Not authorized", "Bad username or password", "Not authorised")


class Publisher:
    """Publishes what the outbox holds. Nothing here ever raises into the gateway: a trouble is a `problem`."""

    def __init__(
        self,
        config: FeedConfig,
        topics: Topics,
        answering: Answering,
        retained: list[Message],
        left: Callable[[str], None],
    ) -> None:
        """`left` is told each of the topics that pass (`Topics.passing`) which the broker has from an earlier run,
        and this one has not published."""
        self._left = left
        self._config = config
        self._topics = topics
        self._answering = answering
        self._outbox = Outbox(config.queue_limit)
        self._identifier = f"sansheng-{uuid.uuid4().hex[:12]}"  # fits in the 23 bytes that every broker takes
        self._broker = EmbeddedBroker(config.broker_port) if config.url is None else None
        self._sending = Sending(self._outbox)
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.online = self._sending.online
        """Set while the broker has our birth and everything retained that was known when it was reached."""
        self.problem: str | None = None
        """Why the broker is not reached, in words for the user; None while it is."""
        for message in retained:
            self._outbox.put(message)

    @property
    def url(self) -> str:
        """The broker's address."""
        return self._broker.url if self._broker is not None else self._config.url or ""

    @property
    def dropped(self) -> int:
        """Events that were lost because the broker stayed away too long."""
        return self._outbox.dropped

    @property
    def waiting(self) -> int:
        """Messages that the broker has not acknowledged; while it is away, events alone."""
        return len(self._outbox)

    def put(self, message: Message) -> None:
        """Publish a message as soon as can be; returns at once."""
        self._sending.put(message)

    def keeps(self, topic: str) -> bool:
        """Whether something retained has been put on this topic, and not been given up since."""
        return self._outbox.keeps(topic)

    def retained(self) -> list[Message]:
        """The newest message of each topic that keeps one."""
        return self._outbox.retained()

    def refresh(self) -> None:
        """Publish everything retained anew."""
        self._sending.refresh()

    async def start(self) -> None:
        """Begin; an embedded broker is listening when this returns, unless it could not (see `problem`)."""
        overlook_closed_sockets(asyncio.get_running_loop())
        with contextlib.suppress(FeedError):
            await self._start_broker()
        self._task = asyncio.create_task(self._keep_connected(), name="feed")

    async def stop(self) -> None:
        """Publish what waits and a clean `offline`, if the broker is there; then end. Idempotent."""
        self._closing.set()
        self._sending.close()
        if self._task is not None:
            await self._task
            self._task = None
        if self._broker is not None:
            await self._broker.stop()

    async def _start_broker(self) -> None:
        if self._broker is None:
            return
        try:
            await self._broker.start()
        except FeedError as error:
            self._report(str(error))
            raise

    async def _keep_connected(self) -> None:
        retry = FIRST_RETRY
        clock = asyncio.get_running_loop().time
        while not self._closing.is_set():
            began = clock()
            try:
                await self._start_broker()
                async with self._connected() as client:
                    await self._serve(client)
            except FeedError as error:
                self._report(str(error))
            except MqttConnectError as error:
                self._report(self._refusal(error))
            except (MqttError, OSError) as error:
                self._report(f"MQTT broker {self._address()} is not reached: {error}; retrying")
            except Exception:  # the feed must never take the gateway down
                log.exception("the feed failed; it goes on")
                self._report("the feed failed; the log has the details")
            finally:
                self._sending.disconnected()
            if clock() - began >= STEADY:
                retry = FIRST_RETRY
            with contextlib.suppress(TimeoutError):  # not wait_for, which may lose a cancellation
                async with asyncio.timeout(retry):
                    await self._closing.wait()
            retry = min(retry * 2, LAST_RETRY)

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[Client]:
        address = self._address()
        async with Client(
            address.host,
            address.port,
            username=self._config.username or address.username,
            password=self._config.password or address.password,
            identifier=self._identifier,
            logger=silent_log,
            protocol=ProtocolVersion.V5 if self._config.protocol == "5" else ProtocolVersion.V311,
            will=Will(self._topics.status, OFFLINE, qos=AT_LEAST_ONCE, retain=True),
            timeout=TIMEOUT,
            keepalive=KEEPALIVE,
            max_queued_incoming_messages=INCOMING,
            # Small messages must not wait for the acknowledgement of the one before (Nagle).
            socket_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
            tls_context=tls_context(self._config.ca_file) if address.tls else None,
        ) as client:
            client.pending_calls_threshold = WINDOW + 2
            yield client

    async def _serve(self, client: Client) -> None:
        await self._publish_status(client, ONLINE)
        await client.subscribe(self._topics.command, qos=AT_LEAST_ONCE)
        await client.subscribe(self._topics.status, qos=AT_LEAST_ONCE)
        self._outbox.connected()
        self._report(None)
        publishing = asyncio.create_task(self._publish(client), name="feed: publishing")
        listening = asyncio.create_task(self._listen(client), name="feed: listening")
        try:
            done, _ = await asyncio.wait((publishing, listening), return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            await self._publish_status(client, OFFLINE)
            await asyncio.wait((listening,), timeout=ECHO)
        finally:
            for task in (publishing, listening):
                task.cancel()
            await asyncio.gather(publishing, listening, return_exceptions=True)

    async def _publish(self, client: Client) -> None:
        """Publish what is put in the outbox; ends when closing and all is out."""
        for topics in self._topics.passing:  # while `_listen` takes what comes
            await client.subscribe(topics, qos=AT_LEAST_ONCE)
        await self._sending.run(client)

    async def _listen(self, client: Client) -> None:
        """Answer requests and keep our status right; ends when our own clean `offline` has come back."""
        async for message in client.messages:
            payload = message.payload if isinstance(message.payload, bytes) else b""
            if str(message.topic) == self._topics.status:
                # The will of a lost earlier connection can come after our birth.
                if payload == OFFLINE and self._closing.is_set():
                    return
                if payload == OFFLINE:
                    await self._publish_status(client, ONLINE)
            elif str(message.topic) != self._topics.command:
                if message.retain and payload and not self._outbox.keeps(str(message.topic)):
                    self._left(str(message.topic))
            elif not message.retain:  # a retained command would be done again at every connection
                answer = await self._answering.answer(payload)
                if answer is not None:
                    self.put(Message(self._topics.command_result, encode(answer), False))

    async def _publish_status(self, client: Client, status: bytes) -> None:
        await client.publish(self._topics.status, status, qos=AT_LEAST_ONCE, retain=True)

    def _address(self) -> BrokerAddress:
        return BrokerAddress.parse(self.url)

    def _refusal(self, error: MqttConnectError) -> str:
        reason = str(error).partition("] ")[2] or str(error)
        if reason not in NOT_ALLOWED:
            return f"MQTT broker {self._address()} refused the connection: {reason}; retrying"
        user = self._config.username or self._address().username
        who = f"the login of {user!r}" if user else "a login without username"
        return (
            f"MQTT broker {self._address()} refused {who} ({reason}): "
            "check [mqtt] username and password_file; retrying"
        )

    def _report(self, problem: str | None) -> None:
        """Tell the log once about each problem, and about its end."""
        if problem == self.problem:
            return
        self.problem = problem
        if problem is None:
            log.info("feed: connected to MQTT broker %s", self._address())
        else:
            log.error("feed: %s", problem)
