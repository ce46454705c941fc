"""Whether what a far end offers can be spoken here. Pure."""

import re
from typing import Final

_AUDIO: Final = re.compile(r"^m=audio[ \t]+([0-9]+)(?:/[0-9]+)?[ \t]+\S+[ \t]+([^\r\n]*)", re.MULTILINE)
_OURS: Final = frozenset({"0", "8"})
"""PCMU and PCMA by their static payload types (RFC 3551 §6): pjmedia takes no others for them."""


def is_spoken(sdp: str) -> bool:
    """Whether an offer has audio, with its port open, in PCMA or PCMU; an empty one asks for ours."""
    if not sdp.strip():
        return True
    offered = _AUDIO.findall(sdp)
    return any(int(port) and _OURS & set(formats.split()) for port, formats in offered)
