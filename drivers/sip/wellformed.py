"""What a request must not be though pjsip reads it: RFC 4475 §3.1.2.2, §3.1.2.17 and §3.3.8, and what pjsip dies
of or cannot serve. Pure.

A message that can be read in two ways is read in one way here and in the other by the next proxy.
"""

import re
from collections import Counter
from ipaddress import IPv4Address
from typing import Final

_FOLD: Final = re.compile(rb"\r?\n[ \t]+")
_END: Final = re.compile(rb"\r?\n\r?\n")
_HEADER: Final = re.compile(rb"^([^\s:]{1,64})[ \t]*:[ \t]*([^\r\n]*)", re.MULTILINE)
_LONG: Final = {b"i": b"call-id", b"f": b"from", b"t": b"to", b"l": b"content-length"}
_ONCE: Final = frozenset(
    {b"call-id", b"from", b"to", b"cseq", b"max-forwards", b"content-length", b"content-type"}
)
"""Headers of which there is one (RFC 3261 §7.3.1)."""
_REQUIRE: Final = re.compile(rb"^Require[ \t]*:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_ACCEPT: Final = re.compile(rb"^Accept[ \t]*:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_INTERVAL: Final = re.compile(rb"^(?:Session-Expires|x)[ \t]*:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
SHORTEST: Final = 90
"""Seconds of a session interval (RFC 4028 §4), and what pjsip holds calls to."""
_SDP: Final = frozenset({b"application/sdp", b"application/*", b"*/*"})
_KNOWN_TO_PJSIP: Final = frozenset({b"100rel", b"timer", b"replaces"})
_CONNECTION: Final = re.compile(rb"^c=[ \t]*IN[ \t]+IP4[ \t]+([^\s/]*)", re.IGNORECASE | re.MULTILINE)
_RELAY: Final = re.compile(
    rb"Signal[ \t]*=[ \t]*[0-9A-D*#][ \t]*\r\n(?:Duration[ \t]*=[ \t]*[0-9]{1,6}[ \t]*(?:\r\n)*)?", re.IGNORECASE
)


def is_harmless_info(request: bytes) -> bool:
    """Whether pjsua survives this INFO: it counts on two bytes after the first line of application/dtmf-relay, and
    ends the process with every call in it where they are missing (2.15.1, pj_strstr's assertion)."""
    head, *rest = _END.split(request, maxsplit=1)
    return b"dtmf-relay" not in head.lower() or _RELAY.fullmatch(rest[0] if rest else b"") is not None


def names_its_audio(request: bytes) -> bool:
    """Whether the SDP gives a host's name in place of the IPv4 address to which audio is to go, as it may
    (RFC 8866 §5.7). Nobody would look it up (see worker.ask_no_server): an offer in a call would end its audio."""
    _, *rest = _END.split(request, maxsplit=1)
    return any(not _is_address(match[1]) for match in _CONNECTION.finditer(rest[0] if rest else b""))


def _is_address(text: bytes) -> bool:
    try:
        IPv4Address(text.decode("ascii"))
    except ValueError:
        return False
    return True


def not_supported(request: bytes) -> str:
    """The extensions that the sender requires and that a line does not have (RFC 3261 §8.2.2.3), by commas."""
    wanted = [tag for tag in _items(_REQUIRE, request) if tag and tag not in _KNOWN_TO_PJSIP]
    return b", ".join(wanted).decode("utf-8", "replace")


def takes_sdp(request: bytes) -> bool:
    """Whether the sender takes an answer with SDP: by its Accept, which it may leave out (RFC 3261 §20.1)."""
    taken = {item.partition(b";")[0].strip() for item in _items(_ACCEPT, request)}
    return not taken or bool(taken & _SDP)


def expires_too_soon(request: bytes) -> bool:
    """Whether the sender wants a session interval that is too short. pjsip finds out once there is a call: one
    that fails, for somebody who will at once ask for a longer one (RFC 4028 §7.3)."""
    wanted = [item.partition(b";")[0].strip() for item in _items(_INTERVAL, request)]
    return any(seconds.isdigit() and int(seconds[:9]) < SHORTEST for seconds in wanted)


def _items(header: re.Pattern[bytes], request: bytes) -> list[bytes]:
    """What stands in the headers of a name, by commas, in small letters."""
    head = _FOLD.sub(b" ", _END.split(request, maxsplit=1)[0])
    return [item.strip().lower() for line in header.findall(head) for item in line.split(b",")]


def is_wellformed(request: bytes, method: str) -> bool:
    """Whether it is whole, each header of which there is one is there once, CSeq has the request's method, and the
    body is as long as is said (RFC 3261 §8.1.1.5, §18.3)."""
    head, *rest = _END.split(request, maxsplit=1)
    seen: Counter[bytes] = Counter()
    values: dict[bytes, bytes] = {}
    for name, value in _HEADER.findall(_FOLD.sub(b" ", head)):
        name = _LONG.get(name.lower(), name.lower())
        seen[name] += 1
        values[name] = value
    if not rest or any(seen[name] > 1 for name in _ONCE):
        return False
    length = values.get(b"content-length", b"").strip()
    if length and not (length.isdigit() and int(length[:9]) <= len(rest[0] if rest else b"")):
        return False
    return values.get(b"cseq", b"").split()[-1:] == [method.encode()]
