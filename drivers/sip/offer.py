"""Whether what a far end offers can be spoken here. Pure."""

import re
from typing import Final

_AUDIO: Final = re.compile(r"^m=audio[ \t]+([0-9]+)(?:/[0-9]+)?[ \t]+\S+[ \t]+([^\r\n]*)", re.MULTILINE)
_MEDIA: Final = re.compile(r"^m=", re.MULTILINE)
_OPEN_AUDIO: Final = re.compile(r"audio[ \t]+[0-9]*[1-9]")
_NETWORK: Final = re.compile(r"^c=[ \t]*IN[ \t]+(IP[46])\b", re.MULTILINE | re.IGNORECASE)
_OURS: Final = frozenset({"0", "8"})
"""PCMU and PCMA by their static payload types (RFC 3551 §6): pjmedia takes no others for them."""


def is_spoken(sdp: str) -> bool:
    """Whether an offer has audio, with its port open, in PCMA or PCMU; an empty one asks for ours."""
    if not sdp.strip():
        return True
    offered = _AUDIO.findall(sdp)
    return any(int(port) and _OURS & set(formats.split()) for port, formats in offered)


def is_all_ipv6(sdp: str) -> bool:
    """Whether every audio that is offered goes to an IPv6 address: the line has none. A request's headers may
    stand before, as none of them looks like a line of SDP."""
    session, *media = _MEDIA.split(sdp)
    of_all = _NETWORK.search(session)
    networks = [_NETWORK.search(one) or of_all for one in media if _OPEN_AUDIO.match(one)]
    return bool(networks) and all(found is not None and found[1].upper() == "IP6" for found in networks)
