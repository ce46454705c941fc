"""What the gateway tells the wallboard's process before anything else: the first line of its standard input."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from gateway.config import GatewayConfig
from gateway.config.forms import split_host_port


@dataclass(frozen=True, slots=True)
class Settings:
    """One wallboard. Paths are absolute. Holds the database's password: never to be logged, nor seen in `ps`."""

    site: str
    host: str
    port: int
    timezone: str
    streams: int
    """Browsers that may follow the lines at the same time."""
    database_url: str
    data_dir: str
    password_file: str | None = None
    """None: nobody has to log in."""
    certificate_file: str | None = None
    """Together with `key_file`: HTTPS."""
    key_file: str | None = None
    proxies: tuple[str, ...] = ()
    """Networks of reverse proxies, which are believed when they tell for whom they ask."""

    def line(self) -> bytes:
        """As the process reads it."""
        return json.dumps({"config": asdict(self)}).encode() + b"\n"

    @classmethod
    def parse(cls, line: bytes) -> "Settings":
        """What `line` gave. Raises ValueError."""
        try:
            told = json.loads(line)["config"]
            return cls(**{**told, "proxies": tuple(told["proxies"])})
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"the first line is no wallboard's config: {error}") from None


def settings_of(config: GatewayConfig) -> Settings | None:
    """The wallboard that a gateway.toml asks for; None: it asks for none."""
    wallboard = config.wallboard
    if wallboard.listen is None:
        return None
    host, port = split_host_port(wallboard.listen)
    return Settings(
        site=config.site,
        host=host,
        port=port,
        timezone=config.timezone,
        streams=wallboard.streams,
        database_url=config.database_url,
        data_dir=str(config.data_path),
        password_file=_absolute(config.folder, wallboard.password_file),
        certificate_file=_absolute(config.folder, wallboard.certificate_file),
        key_file=_absolute(config.folder, wallboard.key_file),
        proxies=wallboard.proxies,
    )


def _absolute(folder: Path, name: str | None) -> str | None:
    return None if name is None else str(folder / name)
