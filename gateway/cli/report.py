"""What `sansheng report` does: figures and compliance of a period, on the terminal, as a page, as CSV or JSON."""

import json
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console

from gateway.cli.exits import FAULT, USAGE, complain, unless_spoiled
from gateway.cli.report_period import parse_period
from gateway.cli.since import SinceError
from gateway.config import GatewayConfig, load_config
from gateway.dialplan import load_for
from gateway.kpi.groups import By
from gateway.kpi.score import DEFAULT_FORMULA, Score
from gateway.records import RecordsConfig, RecordsError
from gateway.records.configured import records_config
from gateway.reports.as_csv import as_csv
from gateway.reports.as_json import as_json
from gateway.reports.as_text import as_text
from gateway.reports.pages import PageNotWritten, write_page
from gateway.reports.period import Period
from gateway.reports.report import ALL_SITES, CallsToReport, Report, Scope, Standard
from gateway.reports.sites import Sites, SiteUnknown

TABLE_WIDTH = 132
"""Columns the table takes at least: a narrower terminal, or a pipe, gets whole rows all the same."""


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What the command line asks for; None: not given."""

    since: str | None = None
    until: str | None = None
    month: str | None = None
    by: By | None = None
    site: str | None = None
    html: Path | None = None
    csv: Path | None = None
    as_json: bool = False
    show_numbers: bool = False


def report(path: Path, options: ReportOptions) -> int:
    """Make the report of the gateway that a config file describes; gives the exit code. Raises ConfigErrors."""
    config = load_config(path)
    now = datetime.now(records_config(config).zone)
    try:
        period = parse_period(options.since, options.until, options.month, now)
        made, code = _read(config, period, options)
        _put_out(made, options)
    except SinceError as error:
        return complain(error, USAGE)
    except (RecordsError, PageNotWritten) as error:
        return complain(error, FAULT)
    return code


def _read(config: GatewayConfig, period: Period, options: ReportOptions) -> tuple[Report, int]:
    """The report, and the exit code that its rows give."""
    records = records_config(config)
    _check_site(options.site, config.site, records)
    dialplan = load_for(config)
    scope = Scope(
        config=config,
        records=records,
        standard=Standard(Path(config.dialplan).name, dialplan.answer.ring_limit, config.kpi.answer_rate_goal),
        score=Score.parse(config.kpi.score or DEFAULT_FORMULA),
        period=period,
        site=options.site or config.site,
        show_numbers=options.show_numbers,
    )
    with CallsToReport(records) as calls:
        return calls.report(scope), unless_spoiled(calls.unreadable)


def _check_site(asked: str | None, own: str, records: RecordsConfig) -> None:
    """The config's own site may have had no call yet; another of which nothing is known is misspelt."""
    if asked in (None, own, ALL_SITES):
        return
    with Sites(records) as reader:
        known = reader.sites()
    if asked not in known:
        there = ", ".join(known) or "no call of any site"
        raise SiteUnknown(f"no site {asked!r} in {reader.name}; it has: {there}")


def _put_out(made: Report, options: ReportOptions) -> None:
    """Write the files that are asked for; to standard output the JSON, or the summary where nothing else is."""
    if options.html is not None:
        # Loads the templates' engine, which no other output needs.
        from gateway.reports.report_page.page import report_page

        write_page(options.html, report_page(made))
    if options.csv is not None:
        write_page(options.csv, as_csv(made, options.by or By.DAY))
    if options.as_json:
        sys.stdout.write(json.dumps(as_json(made), ensure_ascii=False, allow_nan=False) + "\n")
    elif options.html is None and options.csv is None:
        width = max(Console().width, TABLE_WIDTH)
        Console(width=width, highlight=False).print(as_text(made, options.by))
