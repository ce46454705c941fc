"""Whose lines' answer rates of today miss the goal (JH-21), by the rule of the gateway's own alarm. Pure."""

from collections.abc import Mapping

from gateway.kpi.alarm import Alarm, Alert, Goal
from gateway.kpi.outcomes import Outcomes

DAY = "answer_rate_day"
"""The code of the alarm of today's rate, the gateway's and each line's."""


class LineRates:
    """An alarm for each line. Only those of lines whose calls have moved are judged."""

    def __init__(self, goal: Goal) -> None:
        self._goal = goal
        self._alarms: dict[str, Alarm] = {}
        self._moved: set[str] = set()

    def moved(self, line: str) -> None:
        """A call of this line counts, or counts differently."""
        self._moved.add(line)

    def turned(self) -> None:
        """Another day is shown: every line's calls are others."""
        self._moved.update(self._alarms)

    def judge(self, outcomes: Mapping[str, Outcomes]) -> list[tuple[str, Alert]]:
        """What is to be told since this was last asked, by line; `outcomes` are the shown day's of each line that
        had calls."""
        moved, self._moved = self._moved, set()
        told = ((line, self._alarm(line).judge(outcomes.get(line) or Outcomes())) for line in sorted(moved))
        return [(line, alert) for line, alert in told if alert is not None]

    def _alarm(self, line: str) -> Alarm:
        if line not in self._alarms:
            self._alarms[line] = Alarm(DAY, f"of line {line} today", self._goal)
        return self._alarms[line]
