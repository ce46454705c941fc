"""A report: every figure of a period, its groups, the calls to look at, what was owed, who came, the score."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from gateway.config import GatewayConfig
from gateway.kpi import CallFigures
from gateway.kpi.figures import Figures
from gateway.kpi.groups import By
from gateway.kpi.lines import BadLine, bad_lines
from gateway.kpi.score import Score
from gateway.records import RecordsConfig
from gateway.records.reader import Reader
from gateway.reports.counting import Counted, counted
from gateway.reports.log_ins import LogIns, log_ins
from gateway.reports.owed import Owed, owed
from gateway.reports.period import Period
from gateway.reports.reading import calls_read
from gateway.reports.scored import Scored, scored
from gateway.reports.worst import BrokenCall, broken_calls

ALL_SITES = "all"


@dataclass(frozen=True, slots=True)
class Standard:
    """What the figures are held against."""

    dialplan: str
    ring_limit: int
    """The last ring by which it wants an answer (JH-1)."""
    answer_rate_goal: float
    """Of the calls offered the share that is to be answered (JH-21), from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Report:
    """All that is told of a period. Values only."""

    site: str
    """Or ALL_SITES."""
    period: Period
    standard: Standard
    calls: Counted
    bad_lines: tuple[BadLine, ...]
    worst: tuple[BrokenCall, ...]
    tickets: Owed
    log_ins: LogIns
    score: Scored
    unreadable: int = 0
    """Rows that were left out, as they are spoiled."""
    show_numbers: bool = False
    """Whether it holds customers' whole numbers (WD-11)."""

    @property
    def overall(self) -> Figures:
        """The figures of all calls together."""
        return self.calls.overall

    def group(self, by: By) -> Mapping[str, Figures]:
        """The figures by agent, line, hour or day, in order."""
        return self.calls.groups[by]

    def figures(self, by: By, key: str) -> Figures:
        """The figures of one group; of one without calls none."""
        return self.calls.groups[by].get(key, Figures())


class CallsToReport(Reader):
    """Reads what reports are made of, while a gateway writes it or none does. A context manager.

    Every method raises RecordsMissing where there is no database yet, RecordsError where it cannot be read.
    """

    def calls(self, since: datetime, zone: tzinfo, site: str) -> list[CallFigures]:
        """A site's calls offered from then on (aware), times in `zone`, as they are counted."""
        with self.reading() as session:
            connection = session.connection()
            return list(calls_read(connection, since, None, zone, site, self.unreadable))

    def report(self, scope: "Scope") -> Report:
        """The report of a scope."""
        period = scope.period
        with self.reading() as session:
            connection = session.connection()
            zone, site, spoiled = scope.records.zone, scope.of_site, self.unreadable
            calls = calls_read(connection, period.since, period.until, zone, site, spoiled)
            found = counted(calls, scope.standard.ring_limit)
            worst = broken_calls(
                connection, found.worst, zone, show_numbers=scope.show_numbers, unreadable=spoiled
            )
            tickets = owed(connection, period, site, spoiled)
        came = log_ins(scope.config, scope.records, period, site, spoiled)
        return Report(
            site=scope.site,
            period=period,
            standard=scope.standard,
            calls=found,
            bad_lines=bad_lines(found.groups[By.LINE]),
            worst=worst,
            tickets=tickets,
            log_ins=came,
            score=scored(scope.score, found, tickets, came),
            unreadable=len(spoiled),
            show_numbers=scope.show_numbers,
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report is to be about."""

    config: GatewayConfig
    records: RecordsConfig
    standard: Standard
    score: Score
    period: Period
    site: str
    show_numbers: bool = False
    """Customers' numbers whole (WD-11)."""

    @property
    def of_site(self) -> str | None:
        """The site whose rows are read; None: every one's."""
        return None if self.site == ALL_SITES else self.site
