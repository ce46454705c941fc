"""What the feed must know, and the one error a caller can act on."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from gateway.kpi.alarm import FROM_CALLS, GOAL

PORTS = {"mqtt": 1883, "mqtts": 8883}
"""Registered ports (IANA) of MQTT without and with TLS."""


class FeedError(Exception):
    """The feed cannot be what the config asks for; the message says what to change."""


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where a broker is and how it is talked to."""

    host: str
    port: int
    tls: bool
    username: str | None = None
    password: str | None = None

    @classmethod
    def parse(cls, url: str) -> "BrokerAddress":
        """`mqtt://host[:port]` or `mqtts://…`, with or without `user:password@`. FeedError for anything else."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise FeedError(f"[mqtt] url: {error}; write mqtt://host:1883 or mqtts://host:8883") from None
        if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
            # The url itself is not repeated: it may hold a password.
            raise FeedError("[mqtt] url is not a broker's address; write mqtt://host:1883 or mqtts://host:8883")
        return cls(
            host=parts.hostname,
            port=port or PORTS[parts.scheme],
            tls=parts.scheme == "mqtts",
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class FeedConfig:
    """The feed of one gateway. `site` must differ between gateways that share a broker."""

    site: str
    base_topic: str = "sansheng"
    url: str | None = None
    """None: an embedded broker on `broker_host`:`broker_port`."""
    username: str | None = None
    password: str | None = None
    ca_file: str | None = None
    """PEM file of the authority that signed the broker's certificate; None: the system's."""
    certificate_file: str | None = None
    """PEM file of our own certificate, which the broker knows us by; `key_file` is its key."""
    key_file: str | None = None
    protocol: Literal["auto", "3.1.1", "5"] = "auto"
    """The MQTT version; `auto`: 5 where the broker has it."""
    show_numbers: bool = False
    agents: tuple[str, ...] = ()
    """Numbers of the agents."""
    lines: tuple[tuple[str, str], ...] = ()
    """(id, driver) of each line."""
    timezone: str = "Asia/Shanghai"
    ring_limit: int = 3
    """The standard's last permitted ring, for the figures (JH-1)."""
    reassure_every: float | None = None
    """Seconds from one reassurance of a waiting customer to the next (JH-8); None: the dialplan knows none."""
    answer_rate_goal: float = GOAL
    """What share of calls is to be answered (JH-21); below it the alarm rings."""
    alarm_from_calls: int = FROM_CALLS
    """Calls, answered or not, before it may ring."""
    queue_limit: int = 10_000
    """Events kept while the broker is away: some hours of a busy line, a few megabytes."""
    broker_host: str = "127.0.0.1"
    broker_port: int = 1883
    users_file: str | None = None
    """Who may log in at the embedded broker; None: whoever is on this machine may do without."""
    command_key: bytes | None = field(default=None, repr=False)
    """What requests are signed with; None: they are not."""
    discovery_prefix: str = "homeassistant"
    """Under which topic Home Assistant is told of the lines; empty: it is not."""
    phrases: tuple[str, ...] = ()
    """Keys of the dialplan's phrases, for its buttons."""
    wallboard_url: str | None = None
    """Where a browser finds the wallboard; None: there is none, or on this machine alone."""

    @property
    def own_url(self) -> str:
        """Where clients on this machine find the embedded broker."""
        host = "127.0.0.1" if self.broker_host == "0.0.0.0" else self.broker_host
        return f"mqtt://{host}:{self.broker_port}"

    def login(self, address: BrokerAddress) -> tuple[str | None, str | None]:
        """User and password for a broker: those in its address before those beside it."""
        return address.username or self.username, address.password or self.password

    @property
    def known_to_broker(self) -> bool:
        """Whether the broker lets nobody in whom it does not know: our own, which takes others than those on this
        machine with a password alone, or one that we log in at, or show a certificate. FeedError for a broker's
        address that is none."""
        if self.url is None:
            return True
        address = BrokerAddress.parse(self.url)
        return bool(self.username or address.username or (address.tls and self.certificate_file))

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.timezone)
