"""How `sansheng dialplan walk` shows a call."""

import json
from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gateway.call import facts
from gateway.dialplan import Call, Dialplan
from gateway.feed.encoding import rfc3339
from gateway.feed.events import event_fields
from gateway.records import Judgement
from gateway.walk import LineKind, Moment, Rehearsal, Row, Side, Signalling, Walk, ending, ignored_keys, timeline

WIDTH = 80
"""Columns the tables take at least: a narrower terminal folds them itself."""
_STYLES = {Side.GATEWAY: "", Side.LINE: "dim", Side.CUSTOMER: "cyan", Side.AGENT: "magenta"}


def show_walk(
    dialplan: Dialplan, call: Call, line: LineKind, signalling: Signalling, rehearsal: Rehearsal
) -> None:
    """For people: the call's head, its timeline, what ended it, which keys meant nothing, and each clause kept or
    broken."""
    console = Console(highlight=False)
    console = Console(highlight=False, width=max(console.width, WIDTH))
    console.print(escape(_head(dialplan, call, line, signalling)), style="bold")
    for note in _notes(dialplan, call, line, signalling, rehearsal):
        console.print(f"[yellow]note[/]: {escape(note)}")
    walk = rehearsal.walk
    console.print(timeline_table(timeline(walk)))
    end = walk.moments[-1]
    console.print(f"Ended after {end.seconds:.1f} s: {escape(ending(walk))}.", style="bold")
    for ignored in ignored_keys(walk):
        message = f"Key {ignored.key} at {ignored.seconds:.1f} s meant nothing: {ignored.why}."
        console.print(f"[yellow]{escape(message)}[/]")
    console.print(judgement_table(walk.record.compliance))


def show_json(rehearsal: Rehearsal, signalling: Signalling) -> None:
    """For scripts: each fact, then each judgement, then the summary, one JSON object a line."""
    walk = rehearsal.walk
    for moment in walk.moments:
        fields = _fields(moment)
        if fields is not None:
            _print({"t": round(moment.seconds, 3), "ts": rfc3339(moment.notice.at), **fields})
    for judgement in walk.record.compliance:
        _print({"judgement": judgement.fields()})
    _print({"summary": _summary(rehearsal, signalling)})


def timeline_table(rows: Iterable[Row]) -> Table:
    """One row for each thing that happens; what is said stands below what says it."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("s", justify="right", no_wrap=True)
    table.add_column("time", no_wrap=True)
    table.add_column("what happens", overflow="fold", ratio=1)
    table.add_column("clause", no_wrap=True)
    for row in rows:
        style = _STYLES[row.side]
        who = "" if row.side is Side.GATEWAY else f"{row.side}: "
        what = escape(f"{who}{row.what}")
        words = f"\n{escape(row.text)}" if row.text else ""
        what = f"[{style}]{what}[/]" if style else what
        table.add_row(f"{row.seconds:.1f}", f"{row.at:%H:%M:%S}", f"{what}{words}", escape(row.clause))
    return table


def judgement_table(judgements: Iterable[Judgement]) -> Table:
    """One row for each judgement."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("clause", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("evidence", overflow="fold", ratio=1)
    for judgement in judgements:
        verdict = "[green]kept[/]" if judgement.kept else "[red]broken[/]"
        table.add_row(escape(judgement.clause), verdict, escape(judgement.evidence))
    return table


def _head(dialplan: Dialplan, call: Call, line: LineKind, signalling: Signalling) -> str:
    assert call.at is not None
    kind = dialplan.days.kind(call.at.date())
    day = ", ".join(kind.holidays) or ("weekend" if kind.weekend else "workday")
    zone = call.at.tzinfo
    when = f"{call.at:%a %Y-%m-%d %H:%M:%S} {zone} ({day})"
    rings = f"a ring every {signalling.ring_period:g} s"
    return f"{dialplan.title} ({dialplan.name}), {when}, {line}, {signalling.kind} line ({rings})"


def _notes(
    dialplan: Dialplan, call: Call, line: LineKind, signalling: Signalling, rehearsal: Rehearsal
) -> list[str]:
    notes = []
    if line is LineKind.ON_HOLD and not signalling.tells_hold:
        notes.append(f"the {signalling.kind} line tells nothing of a hold; on it such a customer is a silent one")
    if call.trainee and dialplan.trainee_greeting is None:
        notes.append("the dialplan has no [trainee_greeting]; a trainee greets as everybody does")
    if call.overflow and dialplan.overflow_greeting is None:
        notes.append("the dialplan has no [overflow_greeting]; the greeting stays the same")
    if rehearsal.missing:
        names = ", ".join(f"{key}.wav" for key in rehearsal.missing)
        notes.append(
            f"no recording to use of {names}; their length is reckoned at {dialplan.speaking_rate} a minute"
        )
    if rehearsal.walk.unused:
        notes.append(f"had no place in this call: {', '.join(rehearsal.walk.unused)}")
    return notes


def _fields(moment: Moment) -> dict[str, object] | None:
    """The feed's event; a change of state, which is no event there, is one here."""
    if isinstance(moment.fact, facts.StateEntered):
        return {"event": "state", "state": moment.fact.state.value}
    return event_fields(moment.notice, show_numbers=True)


def _summary(rehearsal: Rehearsal, signalling: Signalling) -> dict[str, object]:
    walk: Walk = rehearsal.walk
    return {
        "dialplan": walk.plan.dialplan,
        "agent": walk.plan.agent,
        "driver": signalling.driver.value,
        "ring_period": signalling.ring_period,
        "seconds": round(walk.moments[-1].seconds, 3),
        "outcome": walk.record.outcome.value if walk.record.outcome else None,
        "released_by": walk.record.released_by,
        "cause": walk.record.cause,
        "prompts": [prompt.key for prompt in walk.said],
        "broken": [judgement.clause for judgement in walk.broken],
        "refused": [{"t": round(seconds, 3), "why": why} for seconds, why in walk.refused],
        "unused": list(walk.unused),
        "ignored": [
            {"t": round(ignored.seconds, 3), "key": ignored.key, "why": ignored.why}
            for ignored in ignored_keys(walk)
        ],
        "missing": list(rehearsal.missing),
    }


def _print(fields: dict[str, object]) -> None:
    print(json.dumps(fields, ensure_ascii=False))
