"""The desk's own lines: the softphone that rings the agents, apart from every customer's line."""

from dataclasses import dataclass

from gateway.config.forms import split_host_port
from gateway.config.models import CALLS_OF_A_WORKER, GatewayConfig, SipLineConfig

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One of them; it has CALLS_OF_A_WORKER legs, and registers nowhere."""

    id: str
    """`desk-1`."""
    host: str
    """The IPv4 address it binds to."""
    port: int | None
    """None: any that is free when it starts."""
    aor: str
    username: str | None
    """For a PBX that asks for one; None: the aor's."""
    password: str | None


def desk_lines(config: GatewayConfig) -> tuple[DeskLine, ...]:
    """As many as it takes to have an agent for every customer who can call at once, and one rung for a call-back;
    no more than ring every agent with an extension; none where no agent has one."""
    agents = sum(agent.extension is not None for agent in config.agents)
    count = -(-min(agents, _customers(config) + 1) // CALLS_OF_A_WORKER)
    desk, sip = config.desk, next((line for line in config.lines if isinstance(line, SipLineConfig)), None)
    host, first = split_host_port(desk.listen) if desk.listen else (_host(sip), None)
    aor = desk.aor or (sip.aor if sip else f"sip:{config.site}@{host}")
    # A user name and its password go together: whoever names his own has no use for the line's.
    username, password = desk.username, desk.password
    if username is None and sip is not None:
        username, password = sip.username, password or sip.password
    return tuple(
        DeskLine(f"desk-{number}", host, None if first is None else first + number - 1, aor, username, password)
        for number in range(1, count + 1)
    )


def _customers(config: GatewayConfig) -> int:
    """How many customers can be on the telephone at once."""
    return sum(line.calls * line.count if isinstance(line, SipLineConfig) else 1 for line in config.lines)


def _host(sip: SipLineConfig | None) -> str:
    return split_host_port(sip.listen)[0] if sip else LOOPBACK
