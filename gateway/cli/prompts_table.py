"""How `sansheng prompts check` and `import` show recordings."""

import json
from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gateway.cli.faults import show_faults
from gateway.prompts import Row

TABLE_WIDTH = 120
"""Columns the table takes at least: a narrower terminal, or a pipe, gets whole names all the same."""


def show_rows(rows: Iterable[Row], wanted: int, *, as_json: bool) -> None:
    """The rows as a table, then each fault in a line of its own; or one JSON object a line.

    `wanted` is the dialplan's speaking_rate.
    """
    rows = list(rows)
    if as_json:
        for row in rows:
            print(json.dumps(row.fields(wanted), ensure_ascii=False))
        return
    if rows:
        Console(width=max(Console().width, TABLE_WIDTH), highlight=False).print(rows_table(rows))
    show_faults(fault for row in rows for fault in row.faults)


def rows_table(rows: Iterable[Row]) -> Table:
    """Aligned, one row a recording; what does not apply is a dash."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("prompt", no_wrap=True)
    table.add_column("from", no_wrap=True)
    for column in ("seconds", "a minute", "dBFS", "peak", "silence", "DC"):
        table.add_column(column, no_wrap=True, justify="right")
    table.add_column("verdict", overflow="fold", min_width=12)
    for row in rows:
        measure = row.measure
        table.add_row(
            escape(row.prompt),
            row.origin,
            f"{row.seconds:.1f}" if row.seconds else "–",
            "–" if row.rate is None else f"{row.rate:.0f}",
            *(
                ("–",) * 4
                if measure is None
                else (
                    f"{measure.level:.1f}",
                    f"{measure.peak:.1f}",
                    f"{measure.before:.2f} {measure.after:.2f}",
                    f"{abs(measure.dc):.1%}",
                )
            ),
            f"[red]{', '.join(row.flaws)}[/]" if row.flaws else "[green]good[/]",
        )
    return table
