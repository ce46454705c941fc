"""TCP ports that two parts of the gateway would listen on: lines and the desk take SIP over TCP, too."""

from collections.abc import Iterator

from gateway.config.desk_lines import desk_lines
from gateway.config.expand import expand_lines
from gateway.config.faults import Fault
from gateway.config.forms import split_host_port
from gateway.config.models import GatewayConfig, SipLineConfig
from gateway.config.toml_positions import KeyPath

_ANY_HOST = "0.0.0.0"
Claim = tuple[str, int]
"""An IPv4 address and a port on it."""


def port_faults(config: GatewayConfig) -> Iterator[Fault]:
    """One for each that listens where another does already: lines come first, then the own broker, `[metrics]` and
    `[wallboard]`. Lines and desk among themselves are looked at elsewhere."""
    taken = list(_telephones(config))
    for key, owner, claim in _servers(config):
        first = next((other for other, its in taken if _clash(claim, its)), None)
        if first is not None:
            yield config.document.fault(key, f"port {claim[1]} is {first}; allowed: a port of its own")
        taken.append((owner, claim))


def _telephones(config: GatewayConfig) -> Iterator[tuple[str, Claim]]:
    for line in expand_lines(config):
        if isinstance(line, SipLineConfig):
            yield f"line {line.id}'s", split_host_port(line.listen)
    for desk in desk_lines(config):
        if desk.port is not None:
            yield "the desk's", (desk.host, desk.port)


def _servers(config: GatewayConfig) -> Iterator[tuple[KeyPath, str, Claim]]:
    if config.mqtt.embedded:
        key = "broker_port" if config.mqtt.broker_listen is None else "broker_listen"
        yield ("mqtt", key), "the gateway's own broker's", config.mqtt.own_broker
    for name, listen in (("metrics", config.metrics.listen), ("wallboard", config.wallboard.listen)):
        if listen is not None:
            yield (name, "listen"), f"[{name}]'s", split_host_port(listen)


def _clash(one: Claim, other: Claim) -> bool:
    return one[1] == other[1] and (one[0] == other[0] or _ANY_HOST in (one[0], other[0]))
