"""How agents came to their duties in a period (JH-20), as it is counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.config import GatewayConfig
from gateway.desk.attendance import Attendance
from gateway.kpi.log_ins import LogInFigures, log_in_figures
from gateway.people import AgentsOnRecord
from gateway.people.duties import agents_on_duty
from gateway.records import RecordsConfig
from gateway.records.unreadable import Unreadable
from gateway.reports.period import Period


@dataclass(frozen=True, slots=True)
class LogIns:
    """The figures of the duties that began in a period: of all, and by agent."""

    site: str | None = None
    """Whose duties they are; None: those of the site asked for are not known here."""
    overall: LogInFigures = field(default_factory=LogInFigures)
    agents: Mapping[str, LogInFigures] = field(default_factory=dict)


def log_ins(
    config: GatewayConfig, records: RecordsConfig, period: Period, site: str | None, unreadable: Unreadable
) -> LogIns:
    """Count the duties of one site, or of all (None); spoiled entries of the log are noted in `unreadable`. Only
    the gateway's own are known, by its shift table: of another site there are none. Raises RecordsMissing,
    RecordsError."""
    if site not in (None, config.site):
        return LogIns()
    if not config.shifts:
        return LogIns(config.site)
    with AgentsOnRecord(records, unreadable) as reader:
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
        config.site,
        log_in_figures(duty for mine in duties.values() for duty in mine),
        {agent: log_in_figures(mine) for agent, mine in duties.items() if mine},
    )


def _counted(attended: Attendance) -> tuple[str, int]:
    return attended.log_in.value, len(attended.unexplained)
