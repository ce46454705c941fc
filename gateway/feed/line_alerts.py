"""What is wrong with each line, as its retained alerts show it. Pure: notices and alarms in, messages out."""

from datetime import datetime

from drivers.line import FaultCode, LineFault, LineRestored, LineTrouble, LineTroubleOver
from gateway.call.facts import Notice
from gateway.feed.encoding import Message
from gateway.feed.standing import Standing
from gateway.feed.topics import Topics
from gateway.kpi.alarm import Alert

BACK = "the line is in service again"
REMOVED = "the line was taken out of the configuration"
_FURTHER = {
    FaultCode.WORKER_DIED: "the line's worker is restarting by itself; if it dies again, see the log",
    FaultCode.INTERNAL: "the line is tried again by itself; please report it with the gateway's log",
}
"""What people are told beside the line's own words, which hold the cure of every other fault."""


class LineAlerts:
    """The alerts of a gateway's lines: one fault of each, its troubles while in service, its answer rate."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self._lines: dict[str, Standing] = {}
        self._faults: dict[str, FaultCode] = {}
        """Of the lines that are out of service."""

    def codes(self, line: str) -> tuple[str, ...]:
        """Of the alerts of a line that stand."""
        return self._of(line).codes

    def receive(self, notice: Notice) -> list[Message]:
        """What a notice raises or cures. A fault takes the place of the one before."""
        line, at = notice.line, notice.at
        match notice.fact:
            case LineFault(code=code, detail=detail):
                over = [] if self._faults.get(line) is code else self._over(line, f"another fault: {code}", at)
                self._faults[line] = code
                further = _FURTHER.get(code)
                told = f"{detail}; {further}" if further else detail
                return [*over, *self._of(line).raised(code.value, told, at)]
            case LineRestored():
                return self._over(line, BACK, at)
            case LineTrouble(code=trouble, detail=detail):
                return self._of(line).raised(trouble.value, detail, at)
            case LineTroubleOver(code=trouble, detail=detail):
                return self._of(line).cured(trouble.value, detail, at)
        return []

    def forget(self, line: str, at: datetime) -> list[Message]:
        """The line is no more: nor is what is wrong with it."""
        self._faults.pop(line, None)
        return [message for code in self.codes(line) for message in self._lines[line].cured(code, REMOVED, at)]

    def rate(self, line: str, alert: Alert, at: datetime) -> list[Message]:
        """What an alarm of a line's answer rate raises or cures."""
        tell = self._of(line).raised if alert.raised else self._of(line).cured
        return tell(alert.code, alert.words, at)

    def _over(self, line: str, detail: str, at: datetime) -> list[Message]:
        fault = self._faults.pop(line, None)
        return [] if fault is None else self._of(line).cured(fault.value, detail, at)

    def _of(self, line: str) -> Standing:
        return self._lines.setdefault(line, Standing(self._topics, line))
