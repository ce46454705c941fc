"""Why a SIP call ended, from the status pjsip gives a disconnected session. Pure."""

from dataclasses import dataclass
from typing import Final

from drivers.line import DialFailure, FaultCode, HangUpSign
from drivers.sip.identity import clean
from drivers.sip.worker_log import redact

_OK: Final = 200
_TIMEOUT: Final = 408
_CANCELLED: Final = 487
_REDIRECTED: Final = 3
_FAILURES: Final = {
    **dict.fromkeys((486, 600), DialFailure.BUSY),
    **dict.fromkeys((404, 410, 484, 604), DialFailure.VACANT_NUMBER),
    **dict.fromkeys((408, 480, 502, 503, 504), DialFailure.UNREACHABLE),
}
"""By status (RFC 3261 §21). pjsip says 408 for its own time-out, 502 for a name that it cannot find and 503 for a
connection that fails; a 503 that has come over the network is CONGESTION instead."""
_SERVER: Final = 5


@dataclass(frozen=True, slots=True)
class Ending:
    """A sign, a fault, or neither: our own release."""

    sign: HangUpSign | None = None
    fault: tuple[FaultCode, str] | None = None


def ending_of(code: int, confirmed: bool, *, released: bool) -> Ending:
    """`code`: 200 after a BYE, 487 after a CANCEL, else what failed. `confirmed`: whether the ACK had come."""
    if released:
        return Ending()
    if code in (_OK, _CANCELLED):
        return Ending(HangUpSign.BYE if confirmed else HangUpSign.CANCEL)
    if not confirmed:
        reason = "the caller did not confirm the answer (no ACK)" if code == _TIMEOUT else "the answer failed"
        return Ending(fault=(FaultCode.ANSWER_FAILED, f"SIP {code}: {reason}"))
    reason = "the caller no longer answers (session timer)" if code == _TIMEOUT else "the call broke off"
    return Ending(fault=(FaultCode.PORT_LOST, f"SIP {code}: {reason}"))


def dial_failure(code: int, reason: str, *, received: bool) -> tuple[DialFailure, str]:
    """Why a call of ours was not answered, and in words. `reason` is the far end's own; `received`: whether the
    status has come over the network, or is pjsip's for what it could not do."""
    words = redact(f"SIP {code} {clean(reason)}".rstrip()) if received else clean(reason)
    if code // 100 == _OK // 100:
        return DialFailure.REFUSED, f"{words}: answered, but without audio that we speak"
    if code // 100 == _REDIRECTED:
        return DialFailure.REFUSED, f"{words}: a redirection is not followed"
    if code // 100 == _SERVER and received:
        return DialFailure.CONGESTION, words
    return _FAILURES.get(code, DialFailure.REFUSED), words
