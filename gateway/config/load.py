"""gateway.toml from file to checked model."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gateway.config.callers_file import read_callers
from gateway.config.crosscheck import cross_faults
from gateway.config.document import Document, read_document
from gateway.config.faults import ConfigErrors, Fault
from gateway.config.models import GatewayConfig, SipLineConfig
from gateway.config.mqtt_crosscheck import password_file_fault
from gateway.config.password_file import PasswordFileWrong
from gateway.config.salvage import salvaged
from gateway.config.secret import SecretTable
from gateway.config.toml_positions import KeyPath
from gateway.config.validate import validate

COMMAND_KEY_VARIABLE = "SANSHENG_COMMAND_KEY"
"""The environment variable that may hold the key of commands."""
SHORTEST_KEY = 16
"""Bytes of a key of commands: 128 bits are not guessed."""
_MAX_SECRET = 4096
"""Characters; longer than any password, shorter than a file named by mistake."""


def load_config(path: Path | str, environ: Mapping[str, str] = os.environ) -> GatewayConfig:
    """Read and check `path`. Secrets come from `password_file`s, else from `environ`.

    Raises ConfigErrors with every fault found, and nothing else: where keys are wrong, what can be told without
    them is among these.
    """
    return config_of(read_document(Path(path)), environ)


def config_of(document: Document, environ: Mapping[str, str] = os.environ) -> GatewayConfig:
    """As `load_config`, of a document already read."""
    try:
        config = validate(GatewayConfig, document)
    except ConfigErrors as wrong:
        raise ConfigErrors([*wrong.faults, *_other_faults(document, environ, wrong.faults)]) from None
    config._document = document
    faults = [*cross_faults(config), *_read_secrets(config, environ)]
    if faults:
        raise ConfigErrors(faults)
    return config


def _other_faults(document: Document, environ: Mapping[str, str], wrong: Sequence[Fault]) -> list[Fault]:
    keys = [fault.key for fault in wrong]
    config = salvaged(document, keys)
    return [] if config is None else [*cross_faults(config, keys), *_read_secrets(config, environ)]


def password_variable(name: str) -> str:
    """The environment variable that may hold the password of `mqtt`, `records`, `desk` or a line's id."""
    return f"SANSHENG_{name.upper().replace('-', '_')}_PASSWORD"


def _read_secrets(config: GatewayConfig, environ: Mapping[str, str]) -> Iterator[Fault]:
    for path, name, table in _secret_tables(config):
        try:
            table._password = _secret(config.folder, table.password_file, environ.get(password_variable(name)))
        except ValueError as error:
            yield config.document.fault((*path, "password_file"), f"{error} with the password alone")
    for index, line in enumerate(config.lines):
        if isinstance(line, SipLineConfig) and line.callers_file is not None:
            try:
                line._callers = read_callers(config.folder / line.callers_file)
            except PasswordFileWrong as error:
                yield password_file_fault(config, ("lines", index, "callers_file"), line.callers_file, error)
    mqtt = config.mqtt
    try:
        mqtt._command_key = _secret(config.folder, mqtt.command_key_file, environ.get(COMMAND_KEY_VARIABLE))
    except ValueError as error:
        yield config.document.fault(("mqtt", "command_key_file"), f"{error} with the key alone")
    if mqtt.command_key is not None and len(mqtt.command_key.encode()) < SHORTEST_KEY:
        message = (
            f"the key of commands has fewer than {SHORTEST_KEY} bytes; allowed: a key from `openssl rand -hex 32`"
        )
        yield config.document.fault(("mqtt", "command_key_file"), message)


def _secret(folder: Path, file: str | None, otherwise: str | None) -> str | None:
    """The one line of text in `file`, or `otherwise` where none is named. Raises ValueError in words."""
    if file is None:
        return otherwise
    try:
        if (folder / file).exists() and not (folder / file).is_file():
            raise OSError(0, "is no file")  # a pipe would be waited for
        text = (folder / file).read_text(encoding="utf-8")
        if not text.strip() or len(text) > _MAX_SECRET or "\n" in text.strip():
            raise ValueError("holds no single line of text")
    except (OSError, ValueError) as error:
        # Neither the name nor a decoder's words are shown: either may be the secret itself.
        reason = error.strerror if isinstance(error, OSError) else "holds no single line of text"
        raise ValueError(f"the file it names cannot be used ({reason}); allowed: a readable file") from None
    return text.strip()


def _secret_tables(config: GatewayConfig) -> Iterator[tuple[KeyPath, str, SecretTable]]:
    yield ("mqtt",), "mqtt", config.mqtt
    yield ("records",), "records", config.records
    yield ("desk",), "desk", config.desk
    for index, line in enumerate(config.lines):
        if isinstance(line, SipLineConfig):
            yield ("lines", index), line.id, line
