"""`sansheng calls` and `sansheng calls show ID`."""

import json
import sys
from collections.abc import Iterable
from datetime import datetime

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gateway.cli.exits import FAULT, GOOD, USAGE, complain
from gateway.cli.since import SinceError, parse_since
from gateway.records import CallRecord, Direction, Outcome, RecordsConfig, RecordsError, Store
from gateway.records.narrate import Step, narrate

TABLE_WIDTH = 120
"""Columns the table takes at least: a narrower terminal, or a pipe, gets whole ids all the same."""


def list_calls(config: RecordsConfig, *, since: str | None = None, as_json: bool = False) -> int:
    """Print the calls, one JSON object a line or as a table; gives the exit code."""
    try:
        start = None if since is None else parse_since(since, datetime.now(config.zone))
        with Store(config) as store:
            calls = store.calls(start)
    except SinceError as error:
        return complain(error, USAGE)
    except RecordsError as error:
        return complain(error, FAULT)
    if as_json:
        for call in calls:
            sys.stdout.write(json.dumps(call.fields(), ensure_ascii=False) + "\n")
    else:
        Console(width=max(Console().width, TABLE_WIDTH)).print(calls_table(calls))
    return GOOD


def show_call(config: RecordsConfig, call_id: str) -> int:
    """Print one call's timeline in words; `call_id` may be the beginning of an id. Gives the exit code."""
    try:
        with Store(config) as store:
            call = store.call(call_id)
            steps = narrate(call, store.timeline(call.call))
    except RecordsError as error:
        return complain(error, FAULT)
    console = Console(highlight=False, soft_wrap=True)
    console.print(_heading(call), style="bold")
    for line in timeline_lines(steps):
        console.print(line)
    return GOOD


def calls_table(calls: Iterable[CallRecord]) -> Table:
    """The calls as a table, oldest first; the day, time and line are in a call's id."""
    table = Table(title="Calls", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("call", "caller", "rings", "ended", "standard"):
        table.add_column(column, no_wrap=True, justify="right" if column == "rings" else "left")
    table.add_column("prompts", overflow="fold", min_width=12)
    for call in calls:
        table.add_row(
            escape(call.call),
            escape(_who(call)),
            str(call.rings),
            _ended(call),
            _kept(call),
            escape(" ".join(prompt.prompt for prompt in call.prompts) or "–"),
        )
    return table


def timeline_lines(steps: Iterable[Step]) -> list[str]:
    """The steps, one a line, with rich markup: seconds since the first, what happened, clauses kept or broken."""
    lines = []
    start: datetime | None = None
    for step in steps:
        start = start or step.at
        after = (step.at - start).total_seconds()
        lines.append(f"[dim]{step.at:%H:%M:%S}[/] {after:8.2f} s  {escape(step.words)}")
        for judgement in step.judgements:
            verdict = "[green]keeps[/] " if judgement.kept else "[red]breaks[/]"
            lines.append(f"{'':22}{verdict} {escape(judgement.clause)}: {escape(judgement.evidence)}")
    return lines


def _heading(call: CallRecord) -> str:
    end = f"{call.outcome.value}, released by {call.released_by}" if call.outcome else "still open"
    caller = _who(call) if call.caller else "unknown caller"
    return escape(f"{call.call}  {call.offered_at:%Y-%m-%d %H:%M:%S %z}  {call.line}  {caller}  {end}")


def _who(call: CallRecord) -> str:
    """The customer's number; an arrow before that of one whom we called."""
    return ("→ " if call.direction is Direction.OUT else "") + (call.caller or "–")


def _ended(call: CallRecord) -> str:
    if call.outcome is None:
        return "[yellow]open[/]"
    if call.outcome is Outcome.ANSWERED:
        return escape(f"{call.released_by}: {call.cause}")
    return escape(f"{call.outcome.value}: {call.cause}")


def _kept(call: CallRecord) -> str:
    broken = [judgement.clause for judgement in call.compliance if not judgement.kept]
    if broken:
        return f"[red]breaks {escape(', '.join(broken))}[/]"
    return "[green]kept[/]" if call.compliance else "–"
