"""Whether the gateway can be asked for its counters, and by whom."""

import errno
import ipaddress

from gateway.config.forms import split_host_port
from gateway.doctor.finding import Finding, fault, ok, warning
from gateway.doctor.scene import Scene
from gateway.doctor.sockets import taken

CHECK = "metrics"


def check_metrics(scene: Scene) -> list[Finding]:
    """Looks at `[metrics] listen`; nothing where it is left out."""
    if scene.config is None or scene.config.metrics.listen is None:
        return []
    where = scene.config.metrics.listen
    host, port = split_host_port(where)
    found = taken(scene, "tcp", host, port)
    if found is not None and not found.ours:
        return [_cannot_be_had(where, host, found.number, found.reason)]
    if not ipaddress.IPv4Address(host).is_loopback:
        cure = '[metrics] listen = "127.0.0.1:…", or let a firewall pass the Prometheus server alone'
        return [
            warning(CHECK, where, "whoever reaches it reads how many customers call: it has no password", cure)
        ]
    return [
        ok(CHECK, where, "free for the gateway's counters" if found is None else "the running gateway's counters")
    ]


def _cannot_be_had(where: str, host: str, number: int, reason: str) -> Finding:
    told = f"no counters for Prometheus, calls go on: {reason}"
    if number == errno.EADDRNOTAVAIL:
        return fault(
            CHECK, where, told, f"{host} is not this machine's: ip -brief address; correct [metrics] listen"
        )
    return fault(CHECK, where, told, "end that program, or choose another port: [metrics] listen")
