"""What is counted of agents' log-ins (JH-20). Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gateway.kpi.rates import Share


@dataclass(frozen=True, slots=True)
class LogInFigures:
    """Duties by how their agents came to them; one that is not due yet is in none."""

    on_time: int = 0
    late: int = 0
    absent: int = 0
    unknown: int = 0
    """The gateway did not run then."""
    unexplained: int = 0
    """States within duties that lasted longer than JH-20 lets pass without a reason."""

    @property
    def on_time_rate(self) -> Share:
        """Share of the duties of which it is known that began with a log-in ten minutes before."""
        return Share(self.on_time, self.on_time + self.late + self.absent)

    def fields(self) -> dict[str, Any]:
        """Its JSON: the keys of `definitions.DEFINITIONS` that are of log-ins, in that order."""
        return {
            "log_ins_on_time": self.on_time,
            "log_ins_late": self.late,
            "log_ins_absent": self.absent,
            "log_ins_unknown": self.unknown,
            "log_ins_on_time_rate": self.on_time_rate.rounded(),
            "unexplained_states": self.unexplained,
        }


def log_in_figures(duties: Iterable[tuple[str, int]]) -> LogInFigures:
    """Of each duty how its agent came (a `gateway.desk.attendance.LogIn`'s value) and how many of its states are
    unexplained."""
    came: Counter[str] = Counter()
    unexplained = 0
    for log_in, states in duties:
        came[log_in] += 1
        unexplained += states
    return LogInFigures(came["on_time"], came["late"], came["absent"], came["unknown"], unexplained)
