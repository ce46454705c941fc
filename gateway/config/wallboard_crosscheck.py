"""What in `[wallboard]` contradicts itself, the rest of the config, or the files it names."""

from collections.abc import Iterator
from ipaddress import IPv4Address

from gateway.config.certificates import wrong_files
from gateway.config.checks import Check
from gateway.config.faults import Fault
from gateway.config.forms import split_host_port
from gateway.config.models import GatewayConfig
from gateway.config.mqtt_crosscheck import pair_faults, password_file_fault
from gateway.config.password_file import PasswordFileWrong, read_people


def _who_faults(config: GatewayConfig) -> Iterator[Fault]:
    """Whether it is shown at all, and only to those who may see it."""
    wallboard = config.wallboard
    if wallboard.listen is None:
        if "wallboard" in config.model_fields_set:
            yield config.document.fault(
                ("wallboard",), "has no listen, so there is no wallboard; allowed: with listen, or no [wallboard]"
            )
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


def _password_faults(config: GatewayConfig) -> Iterator[Fault]:
    name = config.wallboard.password_file
    if name is None:
        return
    try:
        read_people(config.folder / name, alone=True)
    except PasswordFileWrong as error:
        yield password_file_fault(config, ("wallboard", "password_file"), name, error)


def _pair_faults(config: GatewayConfig) -> Iterator[Fault]:
    wallboard = config.wallboard
    return pair_faults(config, "wallboard", (wallboard.certificate_file, wallboard.key_file))


def _certificate_faults(config: GatewayConfig) -> Iterator[Fault]:
    certificate, key = config.wallboard.certificate_file, config.wallboard.key_file
    if certificate is not None and key is not None:
        for error in wrong_files(None, config.folder / certificate, config.folder / key):
            yield config.document.fault(("wallboard", error.key), str(error))


WALLBOARD_CHECKS = (
    Check(_who_faults, ("wallboard",)),
    Check(_password_faults, ("wallboard.password_file",)),
    Check(_pair_faults, ("wallboard",)),
    Check(_certificate_faults, ("wallboard.certificate_file", "wallboard.key_file")),
)
"""Every fault of `[wallboard]`, but that its port is another's."""
