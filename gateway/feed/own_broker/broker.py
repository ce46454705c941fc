"""The embedded MQTT broker: for a gateway whose config names none."""

import asyncio
import contextlib
import errno
import ipaddress
import logging
import socket
from collections import deque
from pathlib import Path
from urllib.parse import quote

from amqtt.broker import Broker
from amqtt.contexts import Action, BrokerConfig, ListenerConfig, ListenerType
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler, Subscription, UnSubscription
from amqtt.plugins.base import BaseAuthPlugin
from amqtt.session import Session

from gateway.feed.config import FeedConfig, FeedError
from gateway.feed.own_broker.deliveries import HE_IS_GONE, Deliveries
from gateway.feed.own_broker.gate import Gate
from gateway.feed.own_broker.logins import OWN_NAME, Logins
from gateway.feed.own_broker.rights import Rights, Role
from gateway.feed.own_broker.subscriptions import Subscriptions
from gateway.feed.topics import Topics

_LISTENER = "default"
REFUSED = 0x80
"""The return code of a subscription that is not taken (MQTT 3.1.1 §3.9.3)."""

for _noisy in ("amqtt", "transitions"):
    # They tell of every packet and every client that leaves; what matters to a user is told by the feed.
    logging.getLogger(_noisy).setLevel(logging.CRITICAL)


class PortInUse(FeedError):
    """Another program listens on the embedded broker's port."""


class EmbeddedBroker:
    """An MQTT 3.1.1 broker inside the gateway's event loop; retained messages live as long as it does."""

    def __init__(self, config: FeedConfig, topics: Topics) -> None:
        """A `config.broker_port` of 0 takes any free one; `url` tells which. Raises FeedError where strangers
        would be let in."""
        self._host, self._port = config.broker_host, config.broker_port
        if config.users_file is None and not ipaddress.IPv4Address(self._host).is_loopback:
            raise FeedError(
                f"[mqtt] broker_listen {self._host}: other machines reach it, and nobody is asked who he is; "
                "set users_file, too"
            )
        self._logins = Logins(Path(config.users_file) if config.users_file is not None else None)
        self._rights = Rights(topics, config.discovery_prefix)
        self._broker: Broker | None = None
        self._gate: Gate | None = None

    @property
    def url(self) -> str:
        """Its address, for clients on this machine."""
        return f"mqtt://{self._here}"

    @property
    def own_url(self) -> str:
        """Its address for the gateway itself, with the secret that only it knows. Never log it."""
        return f"mqtt://{OWN_NAME}:{quote(self._logins.secret, safe='')}@{self._here}"

    @property
    def _here(self) -> str:
        return f"{'127.0.0.1' if self._host == '0.0.0.0' else self._host}:{self._port}"

    async def start(self) -> None:
        """Listen; returns once clients can connect. Raises PortInUse, or FeedError for any other reason."""
        if self._broker is not None:
            return
        self._port = _free_port(self._host, self._port)
        # Nobody comes to it but through the gate; the bound address is for its books alone.
        listener = ListenerConfig(type=ListenerType.EXTERNAL, bind=self._here)
        plugins: dict[str, dict[str, object]] = {f"{__name__}.{Admitted.__name__}": {}}
        _refuse_other_brokers()
        try:
            broker = _Broker(BrokerConfig(listeners={_LISTENER: listener}, plugins=plugins), self._rights)
            await broker.start()
            gate = Gate(
                self._logins,
                self._rights,
                lambda reader, writer: broker.external_connected(reader, writer, _LISTENER),
            )
            try:
                await gate.open(self._host, self._port)
            except BaseException:
                await broker.shutdown()  # it would turn on, unseen, beside that of the next attempt
                raise
        except Exception as error:
            raise FeedError(f"the embedded MQTT broker did not start: {error}") from error
        self._broker, self._gate = broker, gate

    async def stop(self) -> None:
        """Disconnect everybody and free the port. Idempotent."""
        broker, self._broker = self._broker, None
        gate, self._gate = self._gate, None
        if broker is not None:
            await broker.shutdown()
        if gate is not None:
            await gate.close()


class Admitted(BaseAuthPlugin):  # type: ignore[misc]  # amqtt has no type information
    """Takes whom the gate has let in."""

    async def authenticate(self, *, session: Session) -> bool:
        """Always: nobody else comes as far as this."""
        return True


class _Broker(Broker):  # type: ignore[misc]  # amqtt has no type information
    """Asks Rights what a client may do; his role is the user's name that the gate has given him."""

    def __init__(self, config: BrokerConfig, rights: Rights) -> None:
        self._rights = rights
        self._books = Subscriptions()
        self._deliveries = Deliveries()
        super().__init__(config)

    async def _topic_filtering(self, session: Session, topic: str, action: Action) -> bool:
        """Whether this is permitted; what is subscribed to is filtered as it comes.

        In place of a plugin, which would be a task of its own: the broker goes through its subscriptions while it
        asks, and loses the message where one is made meanwhile.
        """
        role = Role(session.username)
        match action:
            case Action.PUBLISH:
                return self._rights.may_publish(role, topic)
            case Action.RECEIVE:
                return self._rights.may_receive(role, topic)
        return True

    async def retain_message(
        self, source_session: Session | None, topic_name: str, data: bytes | bytearray, qos: int | None = None
    ) -> None:
        """Keep a message for those who come later, unless it is one that not everybody may see: who may is asked
        of what comes, not of what is kept."""
        if self._rights.may_stay(topic_name):
            await super().retain_message(source_session, topic_name, data, qos)

    async def add_subscription(self, subscription: tuple[str, int], session: Session) -> int:
        """Note a subscription; gives the QoS that is granted, or REFUSED.

        To others than the gateway 0: sessions end with their connection, so that no acknowledgement makes anything
        surer, and nobody can have us wait for his.
        """
        topic_filter, asked = subscription
        role = Role(session.username)
        qos = asked if role is Role.GATEWAY else 0
        return qos if self._books.add(session.client_id, role, topic_filter, qos) else REFUSED

    def _del_subscription(self, a_filter: str, session: Session) -> int:
        return int(self._books.remove(session.client_id, a_filter))

    async def _del_all_subscriptions(self, session: Session) -> None:
        self._books.gone(session.client_id)

    async def _handle_subscription(
        self,
        client_session: Session,
        handler: BrokerProtocolHandler,
        subscribe_waiter: asyncio.Future[Subscription],
    ) -> None:
        """Do what a SUBSCRIBE asks for, each filter once."""
        asked = subscribe_waiter.result()
        codes = [await self.add_subscription(subscription, client_session) for subscription in asked.topics]
        granted = {name: qos for (name, _), qos in zip(asked.topics, codes, strict=True) if qos != REFUSED}
        with contextlib.suppress(*HE_IS_GONE):
            await handler.mqtt_acknowledge_subscription(asked.packet_id, codes)
            for subscription in granted.items():
                await self._publish_retained_messages_for_subscription(subscription, client_session)

    async def _handle_unsubscription(
        self,
        client_session: Session,
        handler: BrokerProtocolHandler,
        unsubscribe_waiter: asyncio.Future[UnSubscription],
    ) -> None:
        with contextlib.suppress(*HE_IS_GONE):
            await super()._handle_unsubscription(client_session, handler, unsubscribe_waiter)

    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        """Send what is kept to a client who has subscribed to it. Raises one of HE_IS_GONE."""
        topic_filter, qos = subscription
        await self._deliveries.kept(self._get_handler(session), self._retained_messages, topic_filter, qos)

    async def _run_broadcast(self, running_tasks: deque[asyncio.Task[None]]) -> None:
        """Give the next message to everybody who is to have it."""
        message = await self._broadcast_queue.get()
        topic, payload = message["topic"], bytes(message["data"] or b"")
        for client, qos in self._books.of(topic).items():
            session, handler = self._sessions.get(client, (None, None))
            if session is not None and self._rights.may_receive(Role(session.username), topic):
                running_tasks.extend(self._deliveries.now(handler, topic, payload, qos))

    async def _client_message_loop(self, client_session: Session, handler: BrokerProtocolHandler) -> None:
        """Serve a client until he goes; all that was held for him goes with him."""
        try:
            if handler._reader_stopped.is_set():
                await handler.handle_connection_closed()  # he went before anybody waited for it
            await super()._client_message_loop(client_session, handler)
        finally:
            await self._cleanup_session(client_session.client_id)


def _refuse_other_brokers() -> None:
    """A broker whose methods have other names would run without ours, which tell who may do what. Raises
    FeedError."""
    ours = [name for name, value in vars(_Broker).items() if callable(value) and not name.startswith("__")]
    missing = [name for name in ours if not hasattr(Broker, name)]
    if missing:
        raise FeedError(
            f"the embedded MQTT broker is not the amqtt that this gateway is made for: it has no {missing[0]}, "
            "and would let anybody do anything; install the version that pyproject.toml names"
        )


def _free_port(host: str, port: int) -> int:
    """The port to listen on, tried first because a broker's own error does not tell a taken port from others."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise FeedError(f"the embedded MQTT broker cannot use {host}:{port}: {error.strerror}") from None
            raise PortInUse(
                f"the embedded MQTT broker cannot listen: port {host}:{port} is in use; to use the broker that "
                f'runs there, set [mqtt] url = "mqtt://{host}:{port}"'
            ) from None
        bound: int = probe.getsockname()[1]
        return bound
