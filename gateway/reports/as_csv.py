"""A report's groups as CSV, one row for each (RFC 4180): for spreadsheets and scripts.

Headings are the keys of the JSON; cells are numbers, dates, names of lines and agents. Names are ASCII as a rule,
and what is not is UTF-8: there is no byte order mark, which scripts would take for a part of a heading.
"""

import csv
import io
import unicodedata
from typing import Any

from gateway.kpi.groups import By
from gateway.kpi.log_ins import LogInFigures
from gateway.kpi.tickets import TicketFigures
from gateway.reports.report import Report

FORMULA = ("=", "+", "-", "@")
"""What a cell begins with that a spreadsheet would reckon; what is in the records may come from outside."""


def as_csv(report: Report, by: By) -> str:
    """The figures of each group; shares from 0 to 1, durations in seconds, an empty cell where there is none."""
    rows = [{by.value: plain(key)} | _figures(report, by, key) for key in _keys(report, by)]
    headings = [by.value, *_figures(report, by, "")]
    text = io.StringIO()
    writer = csv.DictWriter(text, headings, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _keys(report: Report, by: By) -> list[str]:
    """The groups; of agents also those who had a duty or a ticket and no call."""
    keys = dict.fromkeys(report.group(by))
    if by is By.AGENT:
        keys |= dict.fromkeys((*report.tickets.owners, *report.log_ins.agents))
    return sorted(keys)


def _figures(report: Report, by: By, key: str) -> dict[str, Any]:
    """A group's flat figures: what is counted by rings and by clause is in the JSON alone."""
    figures = report.figures(by, key)
    told = figures.fields(report.standard.answer_rate_goal)
    flat = {name: value for name, value in told.items() if not isinstance(value, dict)}
    flat |= {f"released_by_{who}": figures.released_by.get(who, 0) for who in report.overall.released_by}
    if by is By.AGENT:
        flat |= report.tickets.owners.get(key, TicketFigures()).fields()
        flat |= report.log_ins.agents.get(key, LogInFigures()).fields()
        flat["score"] = report.score.agents.get(key)
    return flat


def plain(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would reckon: some skip blanks and what cannot be
    seen, and take full-width signs for the usual ones."""
    seen = (sign for sign in unicodedata.normalize("NFKC", text) if sign.isprintable() and not sign.isspace())
    hidden = not text[:1].isprintable()
    return f"'{text}" if hidden or next(seen, "") in FORMULA else text
