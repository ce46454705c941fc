"""How agents came to their duties in a period (JH-20), as it is counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.config import GatewayConfig
from gateway.desk.attendance import Attendance
from gateway.kpi.log_ins import LogInFigures, log_in_figures
from gateway.people import AgentsOnRecord
from gateway.people.duties import agents_on_duty
from gateway.records import RecordsConfig
from gateway.reports.period import Period


@dataclass(frozen=True, slots=True)
class LogIns:
    """The figures of the duties that began in a period: of all, and by agent."""

    overall: LogInFigures = field(default_factory=LogInFigures)
    agents: Mapping[str, LogInFigures] = field(default_factory=dict)


def log_ins(config: GatewayConfig, records: RecordsConfig, period: Period) -> LogIns:
    """Count the duties of the gateway's own site, by its shift table. Raises RecordsMissing, RecordsError."""
    if not config.shifts:
        return LogIns()
    with AgentsOnRecord(records) as reader:
        agents = agents_on_duty(config, reader, period.since, period.ends)
    duties = {
        agent.number: [
            _counted(attended)
            for attended in agent.attendances
            if period.since <= attended.duty.begins < period.ends
        ]
        for agent in agents
    }
    return LogIns(
        log_in_figures(duty for mine in duties.values() for duty in mine),
        {agent: log_in_figures(mine) for agent, mine in duties.items() if mine},
    )


def _counted(attended: Attendance) -> tuple[str, int]:
    return attended.log_in.value, len(attended.unexplained)
