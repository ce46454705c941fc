"""Of what a registrar or PBX asks the line for, the stronger digest alone is left.

pjsip answers the first challenge that it can, and who asks for MD5 first would get MD5 though SHA-256 would do.
RFC 8760 §2.4 has the client take the topmost one "unless a local policy dictates otherwise"; ours does.
"""

import re
from collections.abc import Sequence
from typing import Final

import pjsua2 as pj

from drivers.sip import core
from drivers.sip.received import message_of

_KINDS: Final = (pj.PJSIP_H_WWW_AUTHENTICATE, pj.PJSIP_H_PROXY_AUTHENTICATE)
_PARAMETER: Final = re.compile(r'\b(realm|algorithm)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))', re.IGNORECASE)


class StrongestDigest:
    """Keep it until the library is destroyed."""

    def __init__(self) -> None:
        """After libInit."""
        self._module = core.ResponseModule("mod-sansheng-digest", core.FIRST, self._is_dropped)

    def _is_dropped(self, rdata: int) -> bool:
        message = message_of(rdata)
        asked = [header for kind in _KINDS for header in core.headers_of(message, kind)] if message else []
        if len(asked) > 1:
            for number in weaker([line for _, line in asked]):
                core.take_out(asked[number][0])
        return False


def weaker(challenges: Sequence[str]) -> list[int]:
    """Which of these header lines ask for MD5 where another asks for SHA-256 for the same realm."""
    asked = [
        {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(line)} for line in challenges
    ]
    strong = {one.get("realm") for one in asked if one.get("algorithm", "").upper() == "SHA-256"}
    return [
        number
        for number, one in enumerate(asked)
        if one.get("realm") in strong and one.get("algorithm", "MD5").upper().startswith("MD5")
    ]
