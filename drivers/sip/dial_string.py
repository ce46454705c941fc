"""Whom a call of ours goes to, and who it says that it is from. Pure.

Numbers and names come from strangers (a caller ID, what a customer has keyed in), so an address is taken only when
every character of it is known to be harmless in a SIP message, and a name only without those that could end it.
"""

import re
from dataclasses import dataclass
from typing import Final

from drivers.sip.config import SipConfig
from drivers.sip.identity import clean

_NUMBER: Final = re.compile(r"\+?[0-9*#]{1,32}")
_TOKEN: Final = r"[A-Za-z0-9_.!~*+-]+"
_ADDRESS: Final = re.compile(
    r"sip:(?:(?P<user>(?:[A-Za-z0-9_.!~*'()&=+$,-]|%[0-9A-Fa-f]{2}){1,64})@)?"
    r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}))(?P<port>:[0-9]{1,5})?"
    rf"(?P<parameters>(?:;{_TOKEN}(?:={_TOKEN})?)*)",
    re.IGNORECASE,
)
"""RFC 3261 §25.1 without passwords, IPv6 and headers: with `?Replaces=…` an address would take over a call."""
_ELSEWHERE: Final = frozenset({"maddr", "method", "ttl"})
"""Parameters that would send the call to another host than the address names, or make it no call (§19.1.1)."""
_TRANSPORTS: Final = frozenset({"udp", "tcp"})
_LONGEST: Final = 200
"""Characters of an address, and _NAME bytes of a name: pjsip takes 256 for either with what stands around it."""
_NAME: Final = 96


class AddressError(ValueError):
    """What was to be dialled is neither a telephone number nor an address that this line can call."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart. `port` with its colon, `parameters` with their semicolons; both may be empty."""

    user: str
    host: str
    port: str
    parameters: str

    def at(self, host: str) -> str:
        """The address with another host in its place: the one it was found at."""
        user = f"{self.user}@" if self.user else ""
        return f"sip:{user}{host}{self.port}{self.parameters}"

    def __str__(self) -> str:
        return self.at(self.host)


def target_of(address: str, config: SipConfig) -> Target:
    """Where `address` is: a number at the line's registrar, else at the host of its address of record; a `sip:`
    address there. Raises AddressError."""
    if _NUMBER.fullmatch(address):
        switch = _parse(config.aor if config.registrar is None else config.registrar)
        return Target(address.replace("#", "%23"), switch.host, switch.port, switch.parameters)
    return _parse(address)


def local_uri(aor: str, shown: str | None) -> str:
    """The From of a call: the line's address, with `shown` as the name that the called telephone shows."""
    name = clean(shown or "").replace("\\", "/").replace('"', "'")
    name = name.encode()[:_NAME].decode("utf-8", "ignore")
    return f'"{name}" <{aor}>' if name else f"<{aor}>"


def _parse(address: str) -> Target:
    match = _ADDRESS.fullmatch(address)
    if match is None or len(address) > _LONGEST:
        raise AddressError(f"{address[:_LONGEST]!r} is neither a telephone number nor a SIP address")
    port, parameters = match["port"] or "", match["parameters"]
    if port and not 0 < int(port[1:]) < 65536:
        raise AddressError(f"{address!r} has no port from 1 to 65535")
    for parameter in parameters.lower().split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name in _ELSEWHERE:
            raise AddressError(f"{address!r}: a call with {name} is not made")
        if name == "transport" and value not in _TRANSPORTS:
            raise AddressError(f"{address!r}: the line speaks udp and tcp, not {value or 'nothing'}")
    return Target(match["user"] or "", match["host"], port, parameters)
