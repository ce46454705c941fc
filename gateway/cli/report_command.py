"""`sansheng report`: its options. What it does is in `report`."""

from pathlib import Path
from typing import Annotated, Final

import typer

from gateway.cli.options import DEFAULT_CONFIG, ConfigOption
from gateway.cli.values import one_of

GROUPINGS: Final = ("agent", "line", "hour", "day")
"""What calls are grouped by: gateway.kpi.groups.By, which is not loaded to tell what a command can do."""


def report(
    config: ConfigOption = DEFAULT_CONFIG,
    since: Annotated[
        str | None, typer.Option(help="From then on, as 2026-11-01, 7d or today; default: this month's first.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Up to then, itself left out.", show_default=False)] = None,
    month: Annotated[str | None, typer.Option(help="A whole month, as 2026-11.", show_default=False)] = None,
    by: Annotated[
        str | None,
        typer.Option(
            help="Also a table of groups.",
            parser=one_of(GROUPINGS),
            metavar="|".join(GROUPINGS),
            show_default=False,
        ),
    ] = None,
    site: Annotated[
        str | None, typer.Option(help="Another site of a shared database, or `all`; default: the config's.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page with plots; `-`: standard output.", show_default=False)
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(help="Write the groups, by day unless --by tells; `-`: standard output.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    show_numbers: Annotated[
        bool, typer.Option("--show-numbers", help="Customers' numbers whole (WD-11).")
    ] = False,
) -> None:
    """Figures and compliance of a period: answer rate, waits, lines, clauses kept and broken, the score."""
    from gateway.cli.faults import or_faults
    from gateway.cli.report import ReportOptions
    from gateway.cli.report import report as make_report
    from gateway.kpi.groups import By

    if site is not None and not site.strip():
        raise typer.BadParameter("--site names a site, or is `all`; without it, it is the config's own")
    if (html, csv).count(Path("-")) + as_json > 1:
        raise typer.BadParameter("--html -, --csv - and --json are all for standard output: one of them")
    grouping = None if by is None else By(by)
    options = ReportOptions(since, until, month, grouping, site, html, csv, as_json, show_numbers)
    raise typer.Exit(or_faults(lambda: make_report(config, options)))
