"""What a request inside a call is answered with where pjsip has no answer of its own but 500. Pure."""

import re
from typing import Final

OK: Final = 200
UNSUPPORTED_MEDIA_TYPE: Final = 415
NO_SUBSCRIPTION: Final = 481
BAD_EVENT: Final = 489
ACCEPTED_INFO: Final = "application/dtmf-relay, application/dtmf"
"""What a 415 must say we do take (RFC 3261 §21.4.13)."""
_ANSWERS: Final = {"OPTIONS": OK, "NOTIFY": NO_SUBSCRIPTION, "SUBSCRIBE": BAD_EVENT}
"""RFC 3261 §11.2; RFC 6665 §4.1.3 and §4.2.1.2: we neither asked to be notified nor have anything to notify of."""
_TYPE: Final = re.compile(r"^(?:content-type|c)\s*:\s*([^\s;]+)", re.IGNORECASE | re.MULTILINE)
_PJSUAS_OWN: Final = frozenset({"application/dtmf-relay", "application/media_control+xml"})


def answer_to(method: str, message: str) -> int | None:
    """The status for a request of that method, as it came over the wire; None where pjsip answers by itself."""
    if method != "INFO":
        return _ANSWERS.get(method)
    match = _TYPE.search(message.replace("\r\n", "\n").partition("\n\n")[0])
    if match is None or match.group(1).lower() == "application/dtmf":
        return OK  # an INFO without a body asks whether the call is alive; a key that is none is no error
    return None if match.group(1).lower() in _PJSUAS_OWN else UNSUPPORTED_MEDIA_TYPE
