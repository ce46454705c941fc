"""Whether the PBX that a line registers with may call it, too: else its calls fail, and neither side tells why."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from gateway.config.models import GatewayConfig, SipLineConfig


def registrar_host(line: SipLineConfig) -> str | None:
    """The host of a checked `registrar`."""
    return None if line.registrar is None else line.registrar.partition(":")[2].partition(":")[0]


def calls_refused(line: SipLineConfig, address: str) -> tuple[str, str] | None:
    """In words what becomes of calls from `address`, and the cure; None: they are welcome."""
    if any(IPv4Address(address) in IPv4Network(network, strict=False) for network in line.allow):
        return None
    return f"{address} is not in allow: calls that it passes on are refused", f'add "{address}" to allow'


def refused_registrars(config: GatewayConfig) -> Iterator[tuple[str, str, str]]:
    """For each line whose registrar may not call it: its id, what becomes of the calls, and the cure. One that has
    a name is not looked up."""
    for line in config.lines:
        if not isinstance(line, SipLineConfig):
            continue
        try:
            address = str(IPv4Address(registrar_host(line) or ""))
        except ValueError:
            continue
        if (refused := calls_refused(line, address)) is not None:
            yield line.id, *refused
