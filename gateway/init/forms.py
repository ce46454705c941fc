"""Single answers: from text to value. What is wrong raises WrongAnswer, whose phrase tells what is allowed."""

import ipaddress
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Literal

from gateway.config.forms import ipv4_port, mqtt_url, sip_address, split_host_port, topic_level, tty_port
from gateway.config.models import CALLS_OF_A_WORKER
from gateway.config.passwords import LONGEST
from gateway.config.places import dialplan_folder
from gateway.init.answers import Agent

Sip = Literal["register", "direct", "none"]
MOST_CALLERS = 1000
"""Callers that may be asked for at once: 250 lines, whose audio ports do not meet yet (docs/sip.md)."""
_SIP: dict[str, Sip] = {
    "1": "register", "2": "direct", "3": "none", "register": "register", "direct": "direct", "none": "none",
}  # fmt: skip
_HOST = re.compile(r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?)(?::(?P<port>[0-9]{1,5}))?")
_USER = re.compile(r"[A-Za-z0-9_.+*#-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,8}")
_PARAMETER = re.compile(r"[^{}\x00-\x1f\x7f\u2028\u2029]{0,60}")


class WrongAnswer(Exception):
    """An answer that cannot be taken; `key` is its phrase, with `fields` for that."""

    def __init__(self, key: str, **fields: object) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields


def yes_or_no(text: str) -> bool:
    """`y`, `yes`, `是` … or `n`, `no`, `否`."""
    answer = text.strip().lower()
    if answer in ("y", "yes", "是", "好"):
        return True
    if answer in ("n", "no", "否", "不"):
        return False
    raise WrongAnswer("wrong_yes_no")


def site(text: str) -> str:
    """A level of an MQTT topic."""
    try:
        return topic_level(text)
    except ValueError:
        raise WrongAnswer("wrong_site") from None


def dialplan(text: str, shipped: Sequence[str]) -> str:
    """A shipped standard by its number in the list, from 1, or its name; else a folder of the site's own."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= len(shipped):
        return shipped[int(text) - 1]
    if text in shipped:
        return text
    own = dialplan_folder(text, Path.cwd()) if text else None
    if own is not None:
        return str(own.absolute())
    raise WrongAnswer("wrong_dialplan", allowed=", ".join(shipped))


def parameter(text: str, names: Collection[str] = ()) -> str:
    """A text of a standard; an empty one too. `names` are told where it is wrong."""
    if not _PARAMETER.fullmatch(text):
        raise WrongAnswer("wrong_parameter", allowed=", ".join(names) or "–")
    return text


def sip(text: str) -> Sip:
    """How SIP calls come."""
    if text not in _SIP:
        raise WrongAnswer("wrong_sip")
    return _SIP[text]


def host(text: str) -> str:
    """`host[:port]`, a name or an IPv4 address."""
    found = _HOST.fullmatch(text)
    if found is None or (found["port"] and not 1 <= int(found["port"]) <= 65535):
        raise WrongAnswer("wrong_host")
    if re.fullmatch(r"[0-9.]+", found["host"]):
        try:
            ipaddress.IPv4Address(found["host"])
        except ValueError:
            raise WrongAnswer("wrong_host") from None
    return text


def listen(text: str, example: str, pbx: str | None = None) -> str:
    """Our own `address:port`; not that of the PBX on this machine, `address:port`."""
    try:
        where = ipv4_port(text)
    except ValueError:
        raise WrongAnswer("wrong_listen", example=example) from None
    if where == pbx:
        raise WrongAnswer("wrong_listen_taken", pbx=pbx)
    return where


def user(text: str) -> str:
    """The user part of a SIP address."""
    if not _USER.fullmatch(text):
        raise WrongAnswer("wrong_user")
    return text


def callers(text: str, *, registers: bool) -> int:
    """How many at once. A registered extension is one line: of several the PBX would ring all at the same time."""
    most = CALLS_OF_A_WORKER if registers else MOST_CALLERS
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise WrongAnswer("wrong_callers_registered" if registers else "wrong_callers", most=most)
    return int(text)


def port(text: str, plugged: Sequence[str] = (), taken: Collection[str] = ()) -> str:
    """A modem's tty."""
    try:
        if text in taken:
            raise ValueError
        return tty_port(text)
    except ValueError:
        raise WrongAnswer("wrong_port", plugged=", ".join(plugged) or "–") from None


def agents(text: str) -> tuple[Agent, ...]:
    """`801, 802=sip:802@192.0.2.7`: each number once."""
    found = [_agent(part) for part in re.split(r"[\s,，、;；]+", text.strip()) if part]
    if not found or len({agent.number for agent in found}) != len(found):
        raise WrongAnswer("wrong_agents")
    return tuple(found)


def _agent(text: str) -> Agent:
    number, equals, extension = text.partition("=")
    try:
        if not _NUMBER.fullmatch(number):
            raise ValueError
        return Agent(number, sip_address(extension) if equals else None)
    except ValueError:
        raise WrongAnswer("wrong_agents") from None


def broker(text: str) -> str | None:
    """None for our own; else the URL of one that is there."""
    if text == "own":
        return None
    try:
        return mqtt_url(text)
    except ValueError:
        raise WrongAnswer("wrong_broker") from None


def wallboard(text: str) -> str | None:
    """None for no wallboard; else where it listens."""
    return None if text == "none" else listen(text, "127.0.0.1:8080")


def secret(text: str) -> str:
    """A password."""
    if not text.strip() or len(text) > LONGEST or not text.isprintable():
        raise WrongAnswer("wrong_secret")
    return text


def is_loopback(where: str) -> bool:
    """Whether an `address:port` is this machine's alone."""
    return ipaddress.IPv4Address(split_host_port(where)[0]).is_loopback


def telephones(text: str, *, pbx: bool) -> bool:
    """Whether agents have the PBX's extensions of their numbers."""
    if text == "none" or (text == "pbx" and pbx):
        return text == "pbx"
    raise WrongAnswer("wrong_telephones")


def broker_user(text: str) -> str:
    """A user name; nothing for none."""
    if text and not text.isprintable():
        raise WrongAnswer("wrong_secret")
    return text
