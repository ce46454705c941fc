"""What the questions of `sansheng init` have brought: one frozen value, from which every file follows."""

from dataclasses import dataclass, field
from pathlib import Path

CALLS_OF_A_LINE = 4
"""Callers that one SIP line holds: gateway.config.models.CALLS_OF_A_WORKER."""
FIRST_PORT = 5062
"""Where the first SIP line listens: 5060 is the PBX's, 5061 its TLS (RFC 3261 §19.1.2)."""
DESK_PORT = 5070
"""Where the desk's softphone listens if the first SIP line's address would not do: docs/configuration.md's."""
ETC = Path("/etc/sansheng")
"""The service's configuration; the unit in deploy/systemd names it."""
STATE = "/var/lib/sansheng"
"""The service's data."""
USER = "sansheng"
"""The service's user and group."""


@dataclass(frozen=True, slots=True)
class Pbx:
    """How SIP calls come."""

    host: str
    """The PBX, as `host[:port]`, by name or address."""
    address: str
    """Its IPv4 address: who may call."""
    listen: str
    """Our `address:port`."""
    user: str
    """The extension, or the number under which we are called."""
    callers: int
    """At the same time."""
    registers: bool
    """Whether we register with it as an extension; else it sends calls to `listen`."""
    password: str | None = field(default=None, repr=False)
    """The extension's."""

    @property
    def calls(self) -> int:
        """`calls` of the line."""
        return min(self.callers, CALLS_OF_A_LINE)

    @property
    def count(self) -> int:
        """`count` of the line: a worker process for every four callers."""
        return -(-self.callers // CALLS_OF_A_LINE)


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who answers customers."""

    number: str
    extension: str | None = None


@dataclass(frozen=True, slots=True)
class Broker:
    """An MQTT broker that is there already."""

    url: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Wallboard:
    """The page with the lines."""

    listen: str
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything."""

    site: str
    dialplan: str
    parameters: dict[str, str]
    """Of the dialplan; those alone that differ from its own."""
    pbx: Pbx | None
    modems: tuple[str, ...]
    """Their ports, by names that stay."""
    agents: tuple[Agent, ...]
    desk_listen: str | None
    """Where the desk's softphone binds, if the first SIP line's address would not do."""
    broker: Broker | None
    """None: our own."""
    wallboard: Wallboard | None
    service: bool
    """Whether the systemd unit and the udev rules are installed."""
