"""What in `[wallboard]` contradicts itself, the rest of the config, or the files it names."""

import ssl
from collections.abc import Iterator
from ipaddress import IPv4Address

from gateway.config.certificates import CertificateWrong, load_pair
from gateway.config.faults import Fault
from gateway.config.forms import split_host_port
from gateway.config.models import GatewayConfig
from gateway.config.mqtt_crosscheck import password_file_fault
from gateway.config.password_file import PasswordFileWrong, read_people

_EVERYWHERE = "0.0.0.0"


def wallboard_faults(config: GatewayConfig) -> Iterator[Fault]:
    """Every fault of `[wallboard]`."""
    wallboard = config.wallboard
    if wallboard.listen is None:
        return
    host, _ = split_host_port(wallboard.listen)
    if wallboard.password_file is None and not IPv4Address(host).is_loopback:
        yield config.document.fault(
            ("wallboard", "listen"),
            f"others than this machine reach {host}, so password_file is needed; allowed: both, or 127.0.0.1",
        )
    if wallboard.password_file is None and wallboard.proxies:
        yield config.document.fault(
            ("wallboard", "proxies"),
            "needs password_file: behind a proxy anybody seems to be on this machine; allowed: both, or neither",
        )
    yield from _address_faults(config, wallboard.listen)
    yield from _password_faults(config)
    yield from _certificate_faults(config)


def _address_faults(config: GatewayConfig, listen: str) -> Iterator[Fault]:
    owners = []
    if config.mqtt.embedded:
        owners.append(("the gateway's own broker's", config.mqtt.own_broker))
    if config.metrics.listen is not None:
        owners.append(("[metrics]'s", split_host_port(config.metrics.listen)))
    host, port = split_host_port(listen)
    for owner, (other, number) in owners:
        if port == number and (host == other or _EVERYWHERE in (host, other)):
            yield config.document.fault(
                ("wallboard", "listen"), f"port {port} is {owner}; allowed: a port of its own"
            )


def _password_faults(config: GatewayConfig) -> Iterator[Fault]:
    name = config.wallboard.password_file
    if name is None:
        return
    try:
        read_people(config.folder / name, alone=True)
    except PasswordFileWrong as error:
        yield password_file_fault(config, ("wallboard", "password_file"), name, error)


def _certificate_faults(config: GatewayConfig) -> Iterator[Fault]:
    wallboard = config.wallboard
    files = {"certificate_file": wallboard.certificate_file, "key_file": wallboard.key_file}
    for (key, name), other in zip(files.items(), reversed(files), strict=True):
        if name is not None and files[other] is None:
            yield config.document.fault(("wallboard", key), f"needs {other}; allowed: both, or neither")
    if wallboard.certificate_file is not None and wallboard.key_file is not None:
        pair = config.folder / wallboard.certificate_file, config.folder / wallboard.key_file
        try:
            load_pair(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), *pair)
        except CertificateWrong as error:
            yield config.document.fault(("wallboard", error.key), str(error))
