"""The agents of a gateway.toml and how they kept their shifts (JH-20), from the log of who was there."""

from dataclasses import dataclass
from datetime import datetime

from gateway.config import GatewayConfig
from gateway.desk.attendance import LOOK_BACK, Attendance, Change, attendances
from gateway.desk.shifts import Shift
from gateway.people.agent_log import AgentsOnRecord


@dataclass(frozen=True, slots=True)
class AgentOnDuty:
    """What is known of one agent."""

    number: str
    last: Change | None
    """The last entry of his log; None: it has none."""
    attendances: tuple[Attendance, ...]


def agents_on_duty(
    config: GatewayConfig, reader: AgentsOnRecord, begins: datetime, now: datetime
) -> list[AgentOnDuty]:
    """The config's agents in its order, then those who are in the log alone, with their duties of any part since
    `begins` up to `now` (aware, of the site's zone). Raises RecordsMissing and RecordsError."""
    table = [Shift(row.agents, row.weekdays, row.begins, row.ends) for row in config.shifts]
    zone = now.tzinfo
    assert zone is not None
    # A duty may have begun the day before the range, and somebody may have logged in for it the day before that.
    logs = reader.changes(begins - 2 * LOOK_BACK)
    first = min((log[0].at for log in logs.values()), default=now).astimezone(zone)
    # Before the first entry nothing is known of anybody: that is not told for each day since the year 1.
    begins = max(begins, min(first, now.replace(hour=0, minute=0, second=0, microsecond=0)))
    numbers = dict.fromkeys([*(agent.number for agent in config.agents), *sorted(logs)])
    return [
        AgentOnDuty(number, log[-1] if log else None, attendances(table, number, log, begins, now, zone))
        for number, log in ((number, logs.get(number, [])) for number in numbers)
    ]
