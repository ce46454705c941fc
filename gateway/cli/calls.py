"""`sansheng calls` and `sansheng calls show ID`."""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape

from gateway.cli.calls_table import print_calls, who
from gateway.cli.exits import FAULT, USAGE, complain, unless_spoiled
from gateway.cli.since import SinceError, parse_since
from gateway.records import CallRecord, RecordsConfig, RecordsError, Store
from gateway.records.narrate import Step, narrate, verdict
from gateway.records.noted import rfc3339
from gateway.records.store import Event, Wanted

TABLE_WIDTH = 120
"""Columns the table takes at least: a narrower terminal, or a pipe, gets whole ids all the same."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which calls are asked for, in the words of the command's options."""

    since: str | None = None
    until: str | None = None
    line: str | None = None
    broken: bool = False

    def wanted(self, now: datetime) -> Wanted:
        """The same for the store. Raises SinceError."""
        since = None if self.since is None else parse_since(self.since, now)
        until = None if self.until is None else parse_since(self.until, now, "--until")
        if since is not None and until is not None and until <= since:
            raise SinceError(f"--until {self.until}: not after --since {self.since}")
        return Wanted(since, until, self.line, self.broken)


ALL = Choice()


def list_calls(config: RecordsConfig, choice: Choice = ALL, *, as_json: bool = False) -> int:
    """Print the calls, one JSON object a line or as a table; gives the exit code."""
    try:
        wanted = choice.wanted(datetime.now(config.zone))
        with Store(config) as store:
            if as_json:
                for call in store.each(wanted):
                    _print_json(call.fields())
            else:
                print_calls(store.each(wanted), Console(width=max(Console().width, TABLE_WIDTH)))
            return unless_spoiled(store.unreadable)
    except SinceError as error:
        return complain(error, USAGE)
    except RecordsError as error:
        return complain(error, FAULT)


def show_call(config: RecordsConfig, call_id: str, *, as_json: bool = False) -> int:
    """Print one call's timeline in words, or all that is stored of it as one JSON object; `call_id` may be the
    beginning of an id. Gives the exit code."""
    try:
        with Store(config) as store:
            call = store.call(call_id)
            events = store.timeline(call.call)
    except RecordsError as error:
        return complain(error, FAULT)
    if as_json:
        _print_json({"record": call.fields(), "events": [_event_fields(event) for event in events]})
        return unless_spoiled(store.unreadable)
    console = Console(highlight=False, soft_wrap=True)
    console.print(_heading(call), style="bold")
    console.print(escape(verdict(call)))
    for line in (*timeline_lines(narrate(call, events)), *_left_out(call)):
        console.print(line)
    return unless_spoiled(store.unreadable)


def timeline_lines(steps: Iterable[Step]) -> list[str]:
    """The steps, one a line, with rich markup: seconds since the first, what happened, clauses kept or broken."""
    lines = []
    start: datetime | None = None
    for step in steps:
        start = start or step.at.astimezone(UTC)
        after = max(0.0, (step.at.astimezone(UTC) - start).total_seconds())
        lines.append(f"[dim]{step.at:%H:%M:%S}[/] {after:8.2f} s  {escape(step.words)}")
        for judgement in step.judgements:
            told = "[green]keeps[/] " if judgement.kept else "[red]breaks[/]"
            lines.append(f"{'':22}{told} {escape(judgement.clause)}: {escape(judgement.evidence)}")
    return lines


def _left_out(call: CallRecord) -> list[str]:
    """The clauses that did not apply, one a line, with rich markup."""
    if not call.not_applicable:
        return []
    width = max(len(one.clause) for one in call.not_applicable)
    lines = [f"  {escape(one.clause):{width}}  {escape(one.evidence)}" for one in call.not_applicable]
    return ["did not apply:", *(f"[dim]{line}[/]" for line in lines)]


def _heading(call: CallRecord) -> str:
    end = f"{call.outcome.value}, released by {call.released_by}" if call.outcome else "still open"
    caller = who(call) if call.caller else "unknown caller"
    return escape(f"{call.call}  {call.offered_at:%Y-%m-%d %H:%M:%S %z}  {call.line}  {caller}  {end}")


def _event_fields(event: Event) -> dict[str, object]:
    return {"at": rfc3339(event.at), "fact": event.fact, "data": event.data}


def _print_json(fields: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
