"""A key sent by SIP INFO as application/dtmf: the bare key, or `Signal=` as in dtmf-relay. Pure."""

import re
from typing import Final

_TYPE: Final = re.compile(r"^(?:content-type|c)\s*:\s*application/dtmf\s*(?:;|$)", re.IGNORECASE | re.MULTILINE)
_DIGIT: Final = re.compile(r"^[ \t]*+(?:signal[ \t]*+=[ \t]*+)?([0-9*#a-d])[ \t]*+$", re.IGNORECASE | re.MULTILINE)


def info_digit(message: str) -> str | None:
    """The key in an INFO request with application/dtmf, in upper case; None in any other."""
    head, _, body = message.replace("\r\n", "\n").partition("\n\n")
    match = _DIGIT.search(body) if _TYPE.search(head) else None
    return match.group(1).upper() if match else None
