"""Keys of [mqtt] that contradict each other, and files they name that cannot be used."""

import ipaddress
from collections.abc import Iterator
from pathlib import Path

from gateway.config.certificates import wrong_files
from gateway.config.checks import Check
from gateway.config.faults import Fault
from gateway.config.models import GatewayConfig
from gateway.config.password_file import BROKER_RIGHTS, PasswordFileWrong, read_people
from gateway.config.toml_positions import KeyPath

_OWN_BROKERS = ("broker_port", "broker_listen", "users_file")


def _login_faults(config: GatewayConfig) -> Iterator[Fault]:
    mqtt = config.mqtt
    if mqtt.password_file is not None and mqtt.username is None:
        yield config.document.fault(("mqtt", "password_file"), "needs username; allowed: both, or neither")


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


def _users_faults(config: GatewayConfig) -> Iterator[Fault]:
    mqtt = config.mqtt
    if mqtt.users_file is None or mqtt.url is not None:
        return
    try:
        people = read_people(config.folder / mqtt.users_file, rights=BROKER_RIGHTS)
    except PasswordFileWrong as error:
        yield password_file_fault(config, ("mqtt", "users_file"), mqtt.users_file, error)
        return
    if mqtt.username is not None and mqtt.username not in people:
        yield config.document.fault(
            ("mqtt", "username"), "users_file has nobody of this name; allowed: a name from that file"
        )


def password_file_fault(config: GatewayConfig, key: KeyPath, name: str, error: PasswordFileWrong) -> Fault:
    """Where a file of passwords is wrong: its line, or the key that names it."""
    if error.line is None:
        return config.document.fault(key, f"the file it names {error}")
    return Fault(config.folder / name, error.line, "", f"this line {error.message}")


def pair_faults(config: GatewayConfig, table: str, pair: tuple[str | None, str | None]) -> Iterator[Fault]:
    """A certificate's file that is named without its key's, or a key's without its certificate's."""
    names = ("certificate_file", "key_file")
    for key, other, is_named, has_other in zip(names, reversed(names), pair, reversed(pair), strict=True):
        if is_named is not None and has_other is None:
            yield config.document.fault((table, key), f"needs {other}; allowed: both, or neither")


def _certificate_faults(config: GatewayConfig) -> Iterator[Fault]:
    mqtt = config.mqtt
    yield from pair_faults(config, "mqtt", (mqtt.certificate_file, mqtt.key_file))
    encrypted = mqtt.url is not None and mqtt.url.startswith("mqtts:")
    for key in ("ca_file", "certificate_file"):
        if getattr(mqtt, key) is not None and not encrypted:
            yield config.document.fault(
                ("mqtt", key), 'is for TLS; allowed: only with a url like "mqtts://broker.example.org:8883"'
            )


def _file_faults(config: GatewayConfig) -> Iterator[Fault]:
    mqtt = config.mqtt
    for error in wrong_files(
        *(_path(config, key) for key in (mqtt.ca_file, mqtt.certificate_file, mqtt.key_file))
    ):
        yield config.document.fault(("mqtt", error.key), str(error))


def _path(config: GatewayConfig, name: str | None) -> Path | None:
    return config.folder / name if name is not None else None


MQTT_CHECKS = (
    Check(_login_faults, ("mqtt",)),
    Check(_own_broker_faults, ("mqtt",)),
    Check(_users_faults, ("mqtt.url", "mqtt.users_file", "mqtt.username")),
    Check(_certificate_faults, ("mqtt",)),
    Check(_file_faults, ("mqtt.ca_file", "mqtt.certificate_file", "mqtt.key_file")),
)
"""Every contradiction in `[mqtt]`, and every file of it that cannot be used."""
