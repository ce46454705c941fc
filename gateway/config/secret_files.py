"""The files of passwords and keys that a gateway.toml names, and who may read them."""

import shlex
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gateway.config.models import GatewayConfig, SipLineConfig

_OTHERS = stat.S_IRWXO | stat.S_IWGRP


@dataclass(frozen=True, slots=True)
class SecretFile:
    """A file that holds a secret, or hashes of some."""

    key: str
    """What names it: `mqtt.key_file`."""
    path: Path
    mode: int
    """Its permissions."""

    @property
    def open(self) -> bool:
        """Whether others than its owner and its group may use it, or its group may change it."""
        return bool(self.mode & _OTHERS)

    @property
    def finding(self) -> str:
        """Who may use it, in words."""
        whose = "others may use it" if self.open else "for its owner and group alone"
        return f"{whose} (mode {self.mode:o})"

    @property
    def cure(self) -> str:
        """The command that closes it."""
        return f"chmod u=rw,g=r,o= {shlex.quote(str(self.path))}"


def secret_files(config: GatewayConfig) -> list[SecretFile]:
    """Those that are there, each once, in the order of the config."""
    found: dict[Path, SecretFile] = {}
    for key, name in _named(config):
        path = config.folder / name
        if path not in found and path.is_file():
            found[path] = SecretFile(key, path, stat.S_IMODE(path.stat().st_mode))
    return list(found.values())


def _named(config: GatewayConfig) -> Iterator[tuple[str, str]]:
    tables = [
        ("mqtt", config.mqtt, ("password_file", "users_file", "key_file", "command_key_file")),
        ("records", config.records, ("password_file",)),
        ("desk", config.desk, ("password_file",)),
        ("wallboard", config.wallboard, ("password_file", "key_file")),
        *(
            (line.id, line, ("password_file", "callers_file"))
            for line in config.lines
            if isinstance(line, SipLineConfig)
        ),
    ]
    for table, values, keys in tables:
        for key in keys:
            name = getattr(values, key)
            if name is not None:
                yield f"{table}.{key}", name
