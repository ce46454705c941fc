"""What is wrong with an FXO line in service: told once, until something shows that it is over (pure)."""

from drivers.line import (
    VOICES,
    Answered,
    DigitReceived,
    FarEndHungUp,
    FarEndRinging,
    FaultCode,
    HangUpSign,
    LegFailed,
    LineEvent,
    LineFault,
    LineTrouble,
    LineTroubleOver,
    TroubleCode,
    VerdictReached,
)

NO_TONE = "no dial tone; check that the telephone cable is in the wall and in the modem's LINE socket"
"""What is told where neither the modem nor we heard any."""
_BACK = "out of service now"
_THE_MODEMS = (TroubleCode.MODEM_STUCK, TroubleCode.NOT_ANSWERING)
"""Those that a modem which is out of service has no more; that the line is dead outlasts it."""


class Troubles:
    """Between a line and whoever hears its facts: adds the troubles that follow from them, and leaves out what was
    told already."""

    def __init__(self) -> None:
        self._standing: set[TroubleCode] = set()
        self.signs = 0
        """How often the exchange, or somebody beyond it, was heard."""

    def passed(self, event: LineEvent) -> list[LineEvent]:
        """What is to be reported because of a fact, in order; the fact is among it, unless it was told."""
        match event:
            case LineTrouble(code=code):
                begins = code not in self._standing
                self._standing.add(code)
                return [event] if begins else []
            case LineTroubleOver(code=code, detail=detail):
                return self.over(code, detail)
            case LineFault():
                return [*(over for code in _THE_MODEMS for over in self.over(code, _BACK)), event]
            case LegFailed(code=FaultCode.ANSWER_FAILED, detail=detail):
                return [event, *self.passed(LineTrouble(TroubleCode.NOT_ANSWERING, detail))]
            case Answered():
                return [event, *self.over(TroubleCode.NOT_ANSWERING, "a call was answered")]
            case _ if _alive(event):
                return [event, *self.alive("the line carries sound again")]
        return [event]

    def over(self, code: TroubleCode, detail: str) -> list[LineEvent]:
        """What is to be reported now that a trouble has gone: nothing where it was not there."""
        if code not in self._standing:
            return []
        self._standing.discard(code)
        return [LineTroubleOver(code, detail)]

    def alive(self, how: str) -> list[LineEvent]:
        """Something has shown that the line is not dead."""
        self.signs += 1
        return self.over(TroubleCode.NO_DIAL_TONE, how)


def _alive(event: LineEvent) -> bool:
    """Whether it cannot come from a line without an exchange."""
    match event:
        case FarEndHungUp(sign=sign):
            return sign is not HangUpSign.RING_STOPPED
        case VerdictReached(verdict=verdict):
            return verdict in VOICES
    return isinstance(event, DigitReceived | FarEndRinging)
