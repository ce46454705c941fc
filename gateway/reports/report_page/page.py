"""Puts the page together: what the template is given, all of it ready to be written."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.kpi.definitions import DEFINITIONS
from gateway.kpi.figures import Figures
from gateway.kpi.groups import By
from gateway.reports.columns import EARS, KEYS, columns
from gateway.reports.pages import Words, page
from gateway.reports.report import ALL_SITES, Report
from gateway.reports.report_page.cards import cards, service_cards
from gateway.reports.report_page.clauses import clauses
from gateway.reports.report_page.days import answer_rate_by_day
from gateway.reports.report_page.hours import calls_by_hour
from gateway.reports.report_page.lines import line_quality
from gateway.reports.report_page.rings import ring_histogram
from gateway.reports.report_page.shapes import same
from gateway.reports.shown import share

TITLES = {
    By.DAY: Words("按日", "By day"),
    By.HOUR: Words("按时段", "By hour"),
    By.LINE: Words("按线路", "By line"),
    By.AGENT: Words("按话务员", "By agent"),
}
"""Headings of the tables, in their order on the page."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    text: str
    bad: bool = False


@dataclass(frozen=True, slots=True)
class GroupTable:
    """One table: a row for each group."""

    title: Words
    key: Words
    headings: tuple[Words, ...]
    rows: tuple[tuple[Words, tuple[Cell, ...]], ...]


def report_page(report: Report) -> str:
    """The report as one self-contained HTML page."""
    overall = report.overall
    return page(
        "report.html.j2",
        report=report,
        site=Words("全部站点", "all sites") if report.site == ALL_SITES else same(report.site),
        cards=cards(report),
        served=service_cards(report),
        by_hour=calls_by_hour(report.group(By.HOUR)),
        by_day=answer_rate_by_day(report.group(By.DAY), report.standard.answer_rate_goal),
        rings=ring_histogram(overall, report.standard.ring_limit),
        lines=line_quality(report.group(By.LINE), report.bad_lines),
        clauses=clauses(overall),
        tables=tuple(_table(report, by) for by in TITLES),
        definitions=DEFINITIONS,
        ears=EARS,
        share=share,
    )


def _table(report: Report, by: By) -> GroupTable:
    groups: Mapping[str, Figures] = report.group(by)
    wanted = columns(report, by)
    rows = [
        (same(key), tuple(Cell(column.shows(key, figures), column.bad(key, figures)) for column in wanted))
        for key, figures in groups.items()
    ]
    return GroupTable(TITLES[by], KEYS[by], tuple(column.words for column in wanted), tuple(rows))
