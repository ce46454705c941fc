"""What a check has found: one line for a person, with what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    """It works now, or could not be found out; somebody should look."""
    FAULT = "fault"
    """The gateway, or one of its lines, would not do its work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    check: str
    """What was looked at: `serial permission`, `broker` …"""
    subject: str
    """Whose: a line's id, an address, a folder; empty where there is only one on a machine."""
    status: Status
    finding: str
    cure: tuple[str, ...] = ()
    """What to do, a step each: words, or a command line to paste. Never empty beside a fault."""

    def fields(self) -> dict[str, object]:
        """The finding as `--json` prints it."""
        return {
            "check": self.check,
            "subject": self.subject,
            "status": self.status.value,
            "finding": self.finding,
            "cure": list(self.cure),
        }


def ok(check: str, subject: str, finding: str) -> Finding:
    """All is well."""
    return Finding(check, subject, Status.OK, finding)


def warning(check: str, subject: str, finding: str, *cure: str) -> Finding:
    """Worth a look."""
    return Finding(check, subject, Status.WARNING, finding, cure)


def fault(check: str, subject: str, finding: str, *cure: str) -> Finding:
    """Would stop the gateway or a line."""
    return Finding(check, subject, Status.FAULT, finding, cure)
