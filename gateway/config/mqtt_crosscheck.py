"""Keys of [mqtt] that contradict each other, and files they name that cannot be used."""

import ipaddress
from collections.abc import Iterator
from pathlib import Path

from gateway.config.certificates import CertificateWrong, client_context
from gateway.config.faults import Fault
from gateway.config.models import GatewayConfig
from gateway.config.password_file import BROKER_RIGHTS, PasswordFileWrong, read_people
from gateway.config.toml_positions import KeyPath

_OWN_BROKERS = ("broker_port", "broker_listen", "users_file")


def mqtt_faults(config: GatewayConfig) -> Iterator[Fault]:
    """Every contradiction in `[mqtt]`."""
    mqtt = config.mqtt
    if mqtt.password_file is not None and mqtt.username is None:
        yield config.document.fault(("mqtt", "password_file"), "needs username; allowed: both, or neither")
    yield from _own_broker_faults(config)
    yield from _certificate_faults(config)


def _own_broker_faults(config: GatewayConfig) -> Iterator[Fault]:
    mqtt = config.mqtt
    for key in _OWN_BROKERS:
        if mqtt.url is not None and key in mqtt.model_fields_set:
            yield config.document.fault(
                ("mqtt", key), "is for the gateway's own broker, but url names another; allowed: one of the two"
            )
    if mqtt.broker_listen is not None and "broker_port" in mqtt.model_fields_set:
        yield config.document.fault(
            ("mqtt", "broker_port"), "broker_listen tells the port already; allowed: one of the two"
        )
    host, _ = mqtt.own_broker
    if not ipaddress.IPv4Address(host).is_loopback and mqtt.users_file is None:
        yield config.document.fault(
            ("mqtt", "broker_listen"),
            f"{host} is reached by other machines, and nobody is asked who he is; "
            "allowed: with users_file, or on 127.0.0.1",
        )
    if mqtt.users_file is not None and mqtt.url is None:
        try:
            read_people(config.folder / mqtt.users_file, rights=BROKER_RIGHTS)
        except PasswordFileWrong as error:
            yield password_file_fault(config, ("mqtt", "users_file"), mqtt.users_file, error)


def password_file_fault(config: GatewayConfig, key: KeyPath, name: str, error: PasswordFileWrong) -> Fault:
    """Where a file of passwords is wrong: its line, or the key that names it."""
    if error.line is None:
        return config.document.fault(key, f"the file it names {error}")
    return Fault(config.folder / name, error.line, "", f"this line {error.message}")


def _certificate_faults(config: GatewayConfig) -> Iterator[Fault]:
    mqtt = config.mqtt
    for key, other in (("certificate_file", "key_file"), ("key_file", "certificate_file")):
        if getattr(mqtt, key) is not None and getattr(mqtt, other) is None:
            yield config.document.fault(("mqtt", key), f"needs {other}; allowed: both, or neither")
    encrypted = mqtt.url is not None and mqtt.url.startswith("mqtts:")
    for key in ("ca_file", "certificate_file"):
        if getattr(mqtt, key) is not None and not encrypted:
            yield config.document.fault(
                ("mqtt", key), 'is for TLS; allowed: only with a url like "mqtts://broker.example.org:8883"'
            )
    try:
        client_context(*(_path(config, key) for key in (mqtt.ca_file, mqtt.certificate_file, mqtt.key_file)))
    except CertificateWrong as error:
        yield config.document.fault(("mqtt", error.key), str(error))


def _path(config: GatewayConfig, name: str | None) -> Path | None:
    return config.folder / name if name is not None else None
