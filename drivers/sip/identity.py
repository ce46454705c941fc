"""Who calls whom, read from an INVITE as it came over the wire (RFC 3261 §20, RFC 3323 §4). Pure, never raises."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address
from urllib.parse import unquote

from drivers.line import CallerId, Presentation

_COMPACT = {"f": "from", "t": "to"}
_USER = re.compile(r"sips?:([^@>\s]*)@|tel:([^>?\s]*)", re.IGNORECASE)
_HOST = re.compile(r"sips?:(?:[^@>\s]*@)?([0-9]{1,3}(?:\.[0-9]{1,3}){3})(?=[:;?>]|$)", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
"""A quote that never closes goes to the end: were its end looked for from each quotation mark anew, a packet full
of them would take 40 ms."""
_SEPARATORS = re.compile(r"[().-]")
_PRIVATE_USERS = frozenset({"anonymous", "private", "restricted"})
_UNKNOWN_USERS = frozenset({"", "unknown", "unavailable"})
_LONGEST = 64
"""Characters kept of a number or a name: E.164 has 15 digits, a display name on a telephone some 30."""


@dataclass(frozen=True, slots=True)
class _User:
    """The user part of a URI, without its parameters and password (RFC 3261 §19.1.1)."""

    number: str | None = ""
    """None: what it says cannot be read; empty: it says nothing."""
    qualified: bool = False
    """Whether it has parameters."""


def caller_id_of(invite: str) -> CallerId:
    """The calling party from the From header; withheld when it or a Privacy header says so."""
    headers = _headers(invite)
    source = headers.get("from", "")
    name, user = _display_name(source), _user(source)
    if _withheld(user.number or "", headers.get("privacy", "")):
        return CallerId(None, None, Presentation.PRIVATE)
    if user.number is None or user.number.lower() in _UNKNOWN_USERS:
        return CallerId(None, name or None, Presentation.UNAVAILABLE)
    return CallerId(user.number, name if name and name != user.number else None, qualified=user.qualified)


def called_number_of(invite: str) -> str | None:
    """The user part that was called: of the Request-URI, else of the To header; None where neither has one, and
    where that of the Request-URI cannot be read."""
    request = invite.partition("\n")[0].split(" ")
    target = _user(request[1] if len(request) > 1 else "")
    user = target if target.number != "" else _user(_headers(invite).get("to", ""))
    return user.number or None


def host_of(address: str) -> str | None:
    """The IPv4 address that a sip: address names; None where it names something else."""
    match = _HOST.match(address)
    try:
        return str(IPv4Address(match[1])) if match else None
    except ValueError:
        return None


def source_host(address: str) -> str:
    """The host of `192.0.2.7:5060`."""
    return address.rpartition(":")[0].strip("[]")


def _withheld(number: str, privacy: str) -> bool:
    wishes = {wish.strip().lower() for wish in privacy.split(";")}
    return number.lower() in _PRIVATE_USERS or bool(wishes & {"id", "user", "header"})


def _headers(message: str) -> dict[str, str]:
    """The first header of each name, names in lower case and unfolded (RFC 3261 §7.3.1)."""
    head = re.split(r"\r?\n\r?\n", message, maxsplit=1)[0]
    found: dict[str, str] = {}
    # Not splitlines: it knows ends of line that a header may hold, and what follows one is no header.
    for line in re.split(r"\r?\n", re.sub(r"\r?\n[ \t]+", " ", head))[1:]:
        name, colon, value = line.partition(":")
        key = name.strip().lower()
        if colon:
            found.setdefault(_COMPACT.get(key, key), value.strip())
    return found


def _display_name(header: str) -> str:
    quoted = re.match(r'\s*"((?:[^"\\]|\\.)*)"\s*<', header)
    if quoted:
        return clean(re.sub(r"\\(.)", r"\1", quoted.group(1)))
    return clean(header.partition("<")[0]) if "<" in header else ""


def _user(header: str) -> _User:
    """The user part of the URI in a header; a telephone number without its visual separators (RFC 3966 §5.1.1).

    Escapes are decoded once. What holds letters that cannot be printed, or more of them than we keep, cannot be
    read: what would be left of it may be somebody else's number.
    """
    unquoted = _QUOTED.sub("", header)
    uri = unquoted.partition("<")[2] if "<" in unquoted else unquoted
    match = _USER.match(uri.strip())
    if match is None:
        return _User()
    written, semicolon, _ = (match.group(1) or match.group(2) or "").partition(";")
    user, qualified = unquote(written.partition(":")[0]), bool(semicolon)
    if clean(user) != user.encode("utf-8", "replace").decode():
        return _User(None, qualified)
    bare = _SEPARATORS.sub("", user)
    return _User(bare if re.fullmatch(r"\+?[0-9*#]+", bare) else clean(user), qualified)


def clean(text: str) -> str:
    """Printable Unicode only: what a stranger wrote goes into records, topics and pages."""
    valid = text.encode("utf-8", "replace").decode("utf-8", "replace")
    return "".join(letter for letter in valid if letter.isprintable()).strip()[:_LONGEST].rstrip()
