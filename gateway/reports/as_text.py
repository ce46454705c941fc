"""A report for the terminal: a summary, and the table of one grouping."""

from collections.abc import Iterator

from rich import box
from rich.console import Group
from rich.markup import escape
from rich.table import Table

from gateway.kpi.groups import By
from gateway.reports.columns import KEYS, columns
from gateway.reports.counting import not_applicable
from gateway.reports.report import Report
from gateway.reports.report_page.cards import Card, Standing, cards, service_cards
from gateway.reports.shown import count, share

NAMED = 5
"""Calls named in the summary."""
_SIGNS = {Standing.KEPT: "[green]✓[/]", Standing.BROKEN: "[red]✗[/]", Standing.NONE: " "}


def as_text(report: Report, by: By | None) -> Group:
    """The summary, then the groups; without `by` the summary alone."""
    lines = [f"[bold]{escape(report.site)}  {escape(report.period.shown)}  {escape(report.standard.dialplan)}[/]"]
    if not report.overall.offered and not report.overall.call_backs_made:
        lines.append("no calls on record in this period")
        return Group(*lines)
    parts: list[str | Table] = [*lines, _summary(report), *_lines(report), *_clauses(report), *_worst(report)]
    if by is not None:
        parts.append(_groups(report, by))
    return Group(*parts)


def _summary(report: Report) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right", style="bold")
    table.add_column()
    table.add_column(style="dim")
    for card in (*cards(report), *service_cards(report)):
        table.add_row(card.words.en, *_value(card))
    return table


def _value(card: Card) -> tuple[str, str, str]:
    return card.value, _SIGNS[card.standing], card.note.en


def _lines(report: Report) -> Iterator[str]:
    """The lines that stand out as bad."""
    for bad in report.bad_lines:
        shares = f"{share(bad.share, 1)}, {share(bad.others, 1)} on the others"
        yield f"[red]✗[/] line {escape(bad.line)}: {bad.verdict} {shares}"


def _clauses(report: Report) -> Iterator[str | Table]:
    broken = {clause: counted for clause, counted in report.overall.clauses.items() if counted.broken}
    kept = len(report.overall.clauses) - len(broken)
    if not broken:
        yield f"[green]✓[/] {kept} clauses kept in every call"
        return
    table = Table(title="Clauses broken", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("clause")
    for heading in ("kept", "broken", "not applicable", "kept rate"):
        table.add_column(heading, justify="right")
    for clause, counted in broken.items():
        rest = not_applicable(report.overall, clause)
        cells = (count(counted.kept), f"[red]{count(counted.broken)}[/]", count(rest), share(counted.kept_rate))
        table.add_row(escape(clause), *cells)
    yield table
    yield f"{kept} other clauses kept in every call"


def _worst(report: Report) -> Iterator[str]:
    """The first of the calls to look at, and how to see them all."""
    if not report.worst:
        return
    yield f"calls that broke a clause: {count(report.calls.broken)}; `sansheng calls --broken` lists them"
    for call in report.worst[:NAMED]:
        evidence = "; ".join(f"{breach.clause}: {breach.evidence}" for breach in call.breaches)
        yield escape(f"  {call.call}  {call.caller or '–'}  {evidence}")


def _groups(report: Report, by: By) -> Table:
    title = f"By {by.value}"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, 1))
    wanted = columns(report, by)
    table.add_column(KEYS[by].en, no_wrap=True)
    for column in wanted:
        table.add_column(column.words.en, justify="right", no_wrap=True)
    for key, figures in report.group(by).items():
        cells = (
            f"[red]{column.shows(key, figures)}[/]" if column.bad(key, figures) else column.shows(key, figures)
            for column in wanted
        )
        table.add_row(escape(key), *cells)
    return table
