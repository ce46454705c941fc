"""Why a SIP call ended, from the status pjsip gives a disconnected session. Pure."""

from dataclasses import dataclass
from typing import Final

from drivers.line import FaultCode, HangUpSign

_OK: Final = 200
_TIMEOUT: Final = 408
_CANCELLED: Final = 487


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
