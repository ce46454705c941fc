"""The forms of single values: ids, addresses, URIs, networks, zones. Each check raises ValueError in words."""

import ipaddress
import re
from typing import Annotated
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

_TOPIC_LEVEL = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SIP_URI = re.compile(
    r"sips?:(?:(?P<user>[^@\s:;<>]+)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::(?P<port>\d+))?"
)
_USB_PORT = re.compile(r"usb:[1-9][0-9]{0,2}-[1-9][0-9]{0,2}(\.[1-9][0-9]{0,2}){0,6}")
_ADDRESS_PORT = re.compile(r"(?P<address>[^:\s]+):(?P<port>[0-9]{1,5})")


def topic_level(value: str) -> str:
    """One level of an MQTT topic: letters, digits, `-` and `_`, at most 64."""
    if not _TOPIC_LEVEL.fullmatch(value):
        raise ValueError(f"{value!r} cannot be one level of an MQTT topic")
    return value


def topic(value: str) -> str:
    """Topic levels joined by `/`."""
    for level in value.split("/"):
        topic_level(level)
    return value


def topic_or_none(value: str) -> str:
    """Topic levels joined by `/`, or nothing."""
    return topic(value) if value else value


def ipv4_port(value: str) -> str:
    """`address:port`, where the address is an IPv4 one."""
    match = _ADDRESS_PORT.fullmatch(value)
    if match is None:
        raise ValueError(f"{value!r} is not address:port")
    try:
        ipaddress.IPv4Address(match["address"])
    except ValueError:
        raise ValueError(f"{match['address']!r} is not an IPv4 address") from None
    if not 1 <= int(match["port"]) <= 65535:
        raise ValueError(f"port {match['port']} does not exist")
    return value


def split_host_port(value: str) -> tuple[str, int]:
    """A checked `address:port` in its two parts."""
    host, _, port = value.rpartition(":")
    return host, int(port)


def sip_uri(value: str) -> str:
    """A SIP URI of any kind, without parameters. Never repeats the value: some write a password into it."""
    match = _SIP_URI.fullmatch(value)
    if match is None:
        raise ValueError("is not a SIP URI")
    if match["port"] and not 1 <= int(match["port"]) <= 65535:
        raise ValueError(f"port {match['port']} does not exist")
    return value


def sip_address(value: str) -> str:
    """A SIP URI of someone: it names a user."""
    match = _SIP_URI.fullmatch(sip_uri(value))
    if match is None or not match["user"]:
        raise ValueError("names no user")
    return value


def sip_user(value: str) -> str:
    """The user of a checked SIP address."""
    return value.partition(":")[2].partition("@")[0]


def sip_server(value: str) -> str:
    """A SIP URI of a machine: it names no user."""
    match = _SIP_URI.fullmatch(sip_uri(value))
    if match is None or match["user"]:
        raise ValueError("names a user, and a registrar has none")
    return value


def network(value: str) -> str:
    """An IPv4 network in CIDR notation, or one address."""
    try:
        around = ipaddress.IPv4Network(value, strict=False)
    except ValueError:
        raise ValueError(f"{value!r} is no IPv4 address or network") from None
    if value.partition("/")[0] != str(around.network_address):
        one = value.partition("/")[0]
        raise ValueError(
            f"{value!r} is one address and a network's length; write {around}, or {one} for that one alone"
        )
    return value


def zone(value: str) -> str:
    """A zone of the IANA time-zone database."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{value!r} is not in the time-zone database") from None
    return value


def mqtt_url(value: str) -> str:
    """`mqtt://host[:port]` or `mqtts://…`, with no secret in it."""
    url = _split(value)
    if url.scheme not in ("mqtt", "mqtts") or not url.hostname or url.path not in ("", "/"):
        raise ValueError("not the URL of an MQTT broker")
    if url.username is not None:
        raise ValueError("holds a user name; write username and password_file instead")
    return value


def database_url(value: str) -> str:
    """`sqlite:///file` or `postgresql://…`, with no password in it."""
    url = _split(value)
    if url.scheme == "sqlite":
        if url.netloc or len(url.path) < 2:
            raise ValueError("names no file")
    elif url.scheme not in ("postgresql", "postgres") or not url.hostname or len(url.path) < 2:
        raise ValueError("not the URL of a supported database")
    if url.password is not None:
        raise ValueError("holds a password; write password_file instead")
    return value


def _split(value: str) -> SplitResult:
    """Parsed; the port is checked too. Never repeats the value: it may hold a secret."""
    try:
        url = urlsplit(value)
        _ = url.port
    except ValueError:
        raise ValueError("not a URL") from None
    return url


def plain_path(value: str) -> str:
    """A path without characters that no file system takes."""
    if not value.strip() or "\0" in value:
        raise ValueError("is not a path")
    return value


def tty_port(value: str) -> str:
    """A tty's path, or the USB path of a modem: `usb:` and bus, port and the ports of hubs, as /sys names them."""
    if value.startswith("usb:") and not _USB_PORT.fullmatch(value):
        raise ValueError(f"{value!r} is no USB path")
    return plain_path(value)


TopicLevel = Annotated[str, AfterValidator(topic_level)]
Topic = Annotated[str, AfterValidator(topic)]
TopicOrNone = Annotated[str, AfterValidator(topic_or_none)]
AddressPort = Annotated[str, AfterValidator(ipv4_port)]
SipAddress = Annotated[str, AfterValidator(sip_address)]
SipServer = Annotated[str, AfterValidator(sip_server)]
Network = Annotated[str, AfterValidator(network)]
Zone = Annotated[str, AfterValidator(zone)]
MqttUrl = Annotated[str, AfterValidator(mqtt_url)]
DatabaseUrl = Annotated[str, AfterValidator(database_url)]
TtyPort = Annotated[str, AfterValidator(tty_port)]
PlainPath = Annotated[str, AfterValidator(plain_path)]
AgentNumber = Annotated[str, Field(pattern=r"^[0-9]{1,8}$")]
