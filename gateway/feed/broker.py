"""The embedded MQTT broker: for a gateway whose config names none. Only reachable from this machine."""

import errno
import logging
import socket

from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig, ListenerConfig

from gateway.feed.config import FeedError

HOST = "127.0.0.1"
"""Without passwords, hence for this machine alone."""

for _noisy in ("amqtt", "transitions"):
    # They tell of every packet and every client that leaves; what matters to a user is told by the feed.
    logging.getLogger(_noisy).setLevel(logging.CRITICAL)


class PortInUse(FeedError):
    """Another program listens on the embedded broker's port."""


class EmbeddedBroker:
    """An MQTT 3.1.1 broker inside the gateway's event loop; retained messages live as long as it does."""

    def __init__(self, port: int = 1883) -> None:
        """`port` 0 takes any free one; `url` tells which."""
        self._port = port
        self._broker: Broker | None = None

    @property
    def url(self) -> str:
        """Its address, for clients on this machine."""
        return f"mqtt://{HOST}:{self._port}"

    async def start(self) -> None:
        """Listen; returns once clients can connect. Raises PortInUse, or FeedError for any other reason."""
        if self._broker is not None:
            return
        self._port = _free_port(self._port)
        plugins = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}
        listener = ListenerConfig(bind=f"{HOST}:{self._port}")
        try:
            broker = Broker(BrokerConfig(listeners={"default": listener}, plugins=plugins))
            await broker.start()
        except Exception as error:
            raise FeedError(f"the embedded MQTT broker did not start: {error}") from error
        self._broker = broker

    async def stop(self) -> None:
        """Disconnect everybody and free the port. Idempotent."""
        broker, self._broker = self._broker, None
        if broker is not None:
            await broker.shutdown()


def _free_port(port: int) -> int:
    """The port to listen on, tried first because the broker's own error does not tell a taken port from others."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise FeedError(f"the embedded MQTT broker cannot use {HOST}:{port}: {error.strerror}") from None
            raise PortInUse(
                f"the embedded MQTT broker cannot listen: port {HOST}:{port} is in use; to use the broker that "
                f'runs there, set [mqtt] url = "mqtt://{HOST}:{port}"'
            ) from None
        bound: int = probe.getsockname()[1]
        return bound
