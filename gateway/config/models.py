"""gateway.toml: every key, what it allows and what it is when left out.

A field's description completes the sentence "allowed: …" of a fault.
"""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote, urlsplit

from pydantic import Field, PrivateAttr

from drivers.sip.digest import CallerSecret
from gateway.config.desk_models import CallBacksConfig, DeskConfig, RecordingsConfig, ShiftConfig
from gateway.config.document import Document
from gateway.config.forms import (
    AddressPort,
    AgentNumber,
    DatabaseUrl,
    MqttUrl,
    Network,
    PlainPath,
    SipAddress,
    SipServer,
    Topic,
    TopicLevel,
    TopicOrNone,
    TtyPort,
    Zone,
    sip_user,
    split_host_port,
)
from gateway.config.kpi_models import KpiConfig
from gateway.config.metrics_models import MetricsConfig
from gateway.config.secret import SecretTable
from gateway.config.table import Table
from gateway.config.wallboard_models import WallboardConfig

_ID = "1 to 64 letters, digits, '-' or '_'"
ParameterValue = Annotated[str, Field(pattern=r"^[^{}\p{C}\p{Zl}\p{Zp}]{0,60}$")]

LOOPBACK = "127.0.0.1"
AUTO = "auto"
"""The profile that a modem is asked for."""
CALLS_OF_A_WORKER = 4
"""Call legs the shipped pjsua2 was compiled for (PJSUA_MAX_CALLS)."""


class MqttConfig(SecretTable):
    """`[mqtt]`: where the status feed goes. Environment: SANSHENG_MQTT_PASSWORD, SANSHENG_COMMAND_KEY."""

    url: MqttUrl | None = Field(
        None, description="mqtt://host[:port] or mqtts://host[:port]; left out: own broker"
    )
    broker_port: int = Field(
        1883, ge=1, le=65535, description="the own broker's port on 127.0.0.1, 1 to 65535; only without url"
    )
    broker_listen: AddressPort | None = Field(
        None,
        description="IPv4 address:port of the own broker, in place of broker_port; elsewhere than on "
        "127.0.0.1 with users_file",
    )
    users_file: PlainPath | None = Field(
        None,
        description="the path of a file with a line name:hash, or name:hash:command, for each user of the "
        "own broker",
    )
    base_topic: Topic = Field("sansheng", description="topic levels of letters, digits, '-' and '_' joined by '/'")
    username: str | None = Field(None, min_length=1, description="the broker's user name for this gateway")
    protocol: Literal["auto", "3.1.1", "5"] = Field("auto", description='"auto", "3.1.1" or "5"')
    ca_file: PlainPath | None = Field(None, description="the path of a PEM file, for mqtts")
    certificate_file: PlainPath | None = Field(
        None, description="the path of a PEM file, for mqtts; only with key_file"
    )
    key_file: PlainPath | None = Field(
        None, description="the path of a PEM file without password; only with certificate_file"
    )
    command_key_file: PlainPath | None = Field(
        None, description="the path of a file that holds the key of commands and nothing else"
    )
    discovery_prefix: TopicOrNone = Field(
        "homeassistant",
        description="Home Assistant's prefix, topic levels of letters, digits, '-' and '_' joined by '/'; "
        '"": none',
    )
    _command_key: str | None = PrivateAttr(default=None)

    @property
    def embedded(self) -> bool:
        """Whether the gateway runs its own broker."""
        return self.url is None

    @property
    def own_broker(self) -> tuple[str, int]:
        """Address and port of the gateway's own broker."""
        if self.broker_listen is not None:
            return split_host_port(self.broker_listen)
        return LOOPBACK, self.broker_port

    @property
    def command_key(self) -> str | None:
        """The key that commands are signed with, from `command_key_file` or the environment. Never log it."""
        return self._command_key

    @property
    def broker_url(self) -> str:
        """Where to connect from this machine, be the broker ours or another's."""
        host, port = self.own_broker
        return self.url or f"mqtt://{LOOPBACK if host == '0.0.0.0' else host}:{port}"


class RecordsConfig(SecretTable):
    """`[records]`: the calls' database. Environment: SANSHENG_RECORDS_PASSWORD."""

    url: DatabaseUrl = Field(
        "sqlite:///calls.db",
        description="sqlite:///FILE (relative to data_dir) or postgresql://[user@]host[:port]/database",
    )
    retention_days: int | None = Field(
        None, ge=1, le=36500, description="days from 1 to 36500; left out: for ever"
    )
    spool_mb: int = Field(256, ge=1, le=100_000, description="megabytes from 1 to 100000")


class FxoLineConfig(Table):
    """`[[lines]]` with `driver = "fxo"`: a voice modem on an analogue line."""

    id: TopicLevel = Field(description=_ID)
    driver: Literal["fxo"]
    port: TtyPort = Field(
        description="the path of the modem's tty, best under /dev/serial/by-path/, or its USB path, like usb:1-2.1"
    )
    profile: TopicLevel = Field(AUTO, description="auto, or the name of a modem profile")
    tones: Literal["cn"] = Field("cn", description="cn")


class SipLineConfig(SecretTable):
    """`[[lines]]` with `driver = "sip"`: a softphone. Environment: SANSHENG_<ID>_PASSWORD."""

    id: TopicLevel = Field(description=_ID)
    driver: Literal["sip"]
    listen: AddressPort = Field(description="IPv4 address:port where the softphone binds, 0.0.0.0 for all")
    aor: SipAddress = Field(description="its address of record, sip:user@host[:port]")
    registrar: SipServer | None = Field(None, description="sip:host[:port] of the PBX to register with")
    username: str | None = Field(
        None, min_length=1, description="user name for the registrar; left out: the aor's"
    )
    calls: int = Field(CALLS_OF_A_WORKER, ge=1, le=CALLS_OF_A_WORKER, description="a whole number from 1 to 4")
    count: int = Field(1, ge=1, le=999, description="a whole number from 1 to 999")
    ring_period: float = Field(5.0, ge=0.05, le=30.0, description="seconds that count as one ring, 0.05 to 30")
    allow: Annotated[tuple[Network, ...], Field(strict=False)] = Field(
        ("127.0.0.0/8",), min_length=1, description='a list of IPv4 networks, like ["127.0.0.0/8", "192.168.1.20"]'
    )
    callers_file: PlainPath | None = Field(
        None, description="the path of a file with a line user:realm:hash for each caller who has a password"
    )
    requests_per_second: float = Field(20.0, ge=1, le=1000, description="requests a second, 1 to 1000")
    ban_seconds: float = Field(
        600.0, ge=0, le=604_800, description="seconds from 0 (nobody is shut out) to 604800"
    )
    tones: Literal["cn"] = Field("cn", description="cn")
    _callers: tuple[CallerSecret, ...] = PrivateAttr(default=())

    @property
    def callers(self) -> tuple[CallerSecret, ...]:
        """Who must show a password, from `callers_file`. Never log it."""
        return self._callers


LineConfig = FxoLineConfig | SipLineConfig


DEFAULT_AGENT = "801"
"""Who greets where no agent is configured: JH-3 needs a number, and a hotline's first agent is its 801."""


class AgentConfig(Table):
    """`[[agents]]`: somebody who answers customers."""

    number: AgentNumber = Field(description='1 to 8 digits in quotes, like "801"')
    extension: SipAddress | None = Field(None, description="where the agent's telephone is, sip:user@host[:port]")
    trainee: bool = Field(False, description="true or false")

    @property
    def telephone(self) -> str | None:
        """The number his telephone calls as: the user part of `extension`."""
        return sip_user(self.extension) if self.extension is not None else None


class AnswerConfig(Table):
    """`[answer]`: overrides the dialplan's."""

    on_ring: int | None = Field(None, ge=1, le=3, description="1, 2 or 3; 1 answers at once")


class GatewayConfig(Table):
    """The whole of gateway.toml, checked. Made by `load_config` only."""

    site: TopicLevel = Field("hotline", description=_ID)
    dialplan: PlainPath = Field("jihua-gas", description="a shipped dialplan's name, or a folder's path")
    data_dir: PlainPath = Field("var", description="a folder's path")
    timezone: Zone = Field("Asia/Shanghai", description="a zone name like Asia/Shanghai")
    drain_seconds: float = Field(30.0, ge=0, le=3600, description="seconds from 0 to 3600")
    show_numbers: bool = Field(False, description="true or false")
    mqtt: MqttConfig = Field(default_factory=MqttConfig, description="a table [mqtt]")
    records: RecordsConfig = Field(default_factory=RecordsConfig, description="a table [records]")
    lines: Annotated[
        tuple[Annotated[LineConfig, Field(discriminator="driver")], ...], Field(strict=False, min_length=1)
    ] = Field(description="at least one [[lines]] table")
    agents: Annotated[tuple[AgentConfig, ...], Field(strict=False, min_length=1)] = Field(
        default_factory=lambda: (AgentConfig(number=DEFAULT_AGENT),), description="at least one [[agents]] table"
    )
    desk: DeskConfig = Field(default_factory=DeskConfig, description="a table [desk]")
    shifts: Annotated[tuple[ShiftConfig, ...], Field(strict=False)] = Field((), description="[[shifts]] tables")
    call_backs: CallBacksConfig | None = Field(None, description="a table [call_backs]")
    recordings: RecordingsConfig = Field(default_factory=RecordingsConfig, description="a table [recordings]")
    kpi: KpiConfig = Field(default_factory=KpiConfig, description="a table [kpi]")
    metrics: MetricsConfig = Field(default_factory=MetricsConfig, description="a table [metrics]")
    wallboard: WallboardConfig = Field(default_factory=WallboardConfig, description="a table [wallboard]")
    parameters: dict[str, ParameterValue] = Field(
        default_factory=dict, description="names and texts of up to 60 characters, for the dialplan's {name}s"
    )
    answer: AnswerConfig = Field(default_factory=AnswerConfig, description="a table [answer]")
    _document: Document = PrivateAttr()

    @property
    def document(self) -> Document:
        """The file it was read from, to place later faults on their lines."""
        return self._document

    @property
    def folder(self) -> Path:
        """The config file's folder: relative paths start here."""
        return self._document.file.absolute().parent

    @property
    def data_path(self) -> Path:
        """Absolute path of `data_dir`."""
        return self.folder / self.data_dir

    @property
    def database_url(self) -> str:
        """`records.url` ready to be opened: SQLite's file absolute, PostgreSQL's password in it. Never log it."""
        url = urlsplit(self.records.url)
        if url.scheme == "sqlite":
            return f"sqlite:///{self.data_path / url.path.removeprefix('/')}"
        if self.records.password is None or url.username is None:
            return self.records.url
        user, _, host = url.netloc.rpartition("@")
        return url._replace(netloc=f"{user}:{quote(self.records.password, safe='')}@{host}").geturl()

    @property
    def key_accounts_path(self) -> Path | None:
        """Absolute path of `desk.key_accounts`; None: nobody is a key account."""
        return self.folder / self.desk.key_accounts if self.desk.key_accounts else None

    @property
    def names_agents(self) -> bool:
        """Whether it says who the agents are; without that nobody knows how many there are (JH-5)."""
        return "agents" in self.model_fields_set

    @property
    def trainees(self) -> frozenset[str]:
        """Numbers of the agents who are trainees."""
        return frozenset(agent.number for agent in self.agents if agent.trainee)
