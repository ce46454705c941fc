"""Who calls whom, read from an INVITE as it came over the wire (RFC 3261 §20, RFC 3323 §4). Pure, never raises."""

import re
from urllib.parse import unquote

from drivers.line import CallerId, Presentation

_COMPACT = {"f": "from", "t": "to"}
_USER = re.compile(r"sips?:([^@>\s]*)@|tel:([^>;?\s]*)", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s().-]")
_PRIVATE_USERS = frozenset({"anonymous", "private", "restricted"})
_UNKNOWN_USERS = frozenset({"", "unknown", "unavailable"})
_LONGEST = 64
"""Characters kept of a number or a name: E.164 has 15 digits, a display name on a telephone some 30."""


def caller_id_of(invite: str) -> CallerId:
    """The calling party from the From header; withheld when it or a Privacy header says so."""
    headers = _headers(invite)
    source = headers.get("from", "")
    name, number = _display_name(source), _user(source)
    if _withheld(number, headers.get("privacy", "")):
        return CallerId(None, None, Presentation.PRIVATE)
    if number.lower() in _UNKNOWN_USERS:
        return CallerId(None, name or None, Presentation.UNAVAILABLE)
    return CallerId(number, name if name and name != number else None)


def called_number_of(invite: str) -> str | None:
    """The user part that was called: of the Request-URI, else of the To header; None where neither has one."""
    request = invite.partition("\n")[0].split(" ")
    target = request[1] if len(request) > 1 else ""
    return _user(target) or _user(_headers(invite).get("to", "")) or None


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
    for line in re.sub(r"\r?\n[ \t]+", " ", head).splitlines()[1:]:
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


def _user(header: str) -> str:
    """The user part of the URI in a header; a telephone number without its visual separators (RFC 3966 §5.1.1)."""
    match = _USER.search(re.sub(r'"(?:[^"\\]|\\.)*"', "", header))
    if match is None:
        return ""
    user = clean(unquote(re.split("[:;]", match.group(1) or match.group(2) or "")[0]))
    bare = _SEPARATORS.sub("", user)
    return bare if re.fullmatch(r"\+?[0-9*#]+", bare) else user


def clean(text: str) -> str:
    """Printable Unicode only: what a stranger wrote goes into records, topics and pages."""
    valid = text.encode("utf-8", "replace").decode("utf-8", "replace")
    return "".join(letter for letter in valid if letter.isprintable()).strip()[:_LONGEST]
