"""`sansheng top`: a gateway's picture, drawn for a terminal of a given size. Pure."""

import math
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from gateway.feed.picture import SILENT_AFTER, Fields, Picture, calls_of, seconds_since

STYLES = {
    "ringing": "bold yellow",
    "greeting": "cyan",
    "listening": "cyan",
    "prompting": "bold magenta",
    "waiting": "bold yellow",
    "talking": "bold green",
    "closing": "blue",
    "dialling": "cyan",
    "offline": "bold red",
    "idle": "dim",
}
PRESENCES = ("free", "ringing", "busy", "after_call", "away", "offline")
BAR = 20
"""Cells of the answer rate's bar."""
HEAD = 4
"""Rows that the head, and what is around the tables, take."""


def drawn(picture: Picture, site: str, now: datetime, height: int, problem: str | None = None) -> RenderableType:
    """All of it in `height` rows at most. `now` is the gateway's time; `problem`: why no broker is reached."""
    alerts = _alerts(picture)[: max(1, height // 4)]
    waiting, last = picture.waiting(), picture.calls
    left = height - HEAD - len(alerts)
    rows = _rows(picture, now)
    shown = rows[: max(1, left - (2 + min(len(waiting), 5) if waiting else 0) - min(5, len(last)) - 3)]
    parts: list[RenderableType] = [_head(picture, site, now, problem), *alerts, _lines(shown, len(rows))]
    left -= len(shown) + 2
    if waiting and left > 2:
        parts.append(_queue(picture, now, min(5, left - 2)))
        left -= 2 + min(5, len(waiting))
    if last and left > 2:
        parts.append(_last(last[: min(5, left - 2)]))
    return Group(*parts)


def _head(picture: Picture, site: str, now: datetime, problem: str | None) -> Text:
    kpi = picture.kpi
    rate, goal = kpi.get("answer_rate"), kpi.get("answer_rate_goal")
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"三声 {plain(site)}  {now:%H:%M:%S}  ", "bold")
    text.append(*_standing(picture, now, problem))
    text.append("\ntoday  ")
    if _share(rate) and _share(goal):
        good = rate >= goal
        text.append("█" * round(rate * BAR) + "░" * (BAR - round(rate * BAR)), "green" if good else "red")
        text.append(
            f" {_per_cent(rate)} {'≥' if good else '<'} {_per_cent(goal)}", "bold green" if good else "bold red"
        )
    else:
        text.append("no calls yet", "dim")
    for name in ("offered", "answered", "abandoned", "failed"):
        text.append(f"  {name} {plain(kpi.get(name, 0))}")
    text.append("\nagents")
    states = [agent.get("state") for agent in picture.agents.values()]
    for presence in PRESENCES:
        count = states.count(presence)
        text.append(f"  {presence} {count}", "" if count else "dim")
    return text


def _standing(picture: Picture, now: datetime, problem: str | None) -> tuple[str, str]:
    """Whether what is shown is so, and how that is shown."""
    if problem is not None:
        return f"STALE: {plain(problem)}", "bold white on red"
    if picture.online is None:
        return "no gateway has told this broker of this site", "bold white on red"
    if not picture.online:
        return "STALE: the gateway is offline", "bold white on red"
    silent = None if picture.heard_at is None else (now - picture.heard_at).total_seconds()
    if silent is not None and silent > SILENT_AFTER:
        return f"STALE: the gateway has been silent for {silent:.0f} s", "bold white on red"
    return "online", "green"


def _alerts(picture: Picture) -> list[Text]:
    found = []
    for topic, alert in sorted(picture.alerts.items()):
        line = topic.split("/")[1] + ": " if topic.startswith("line/") else ""
        words = f"! {line}{alert.get('code')}: {alert.get('detail')}"
        found.append(Text(plain(words), "bold red", no_wrap=True, overflow="ellipsis"))
    return found


def _rows(picture: Picture, now: datetime) -> list[list[Text]]:
    """One for each call, and for each line that is out of service."""
    rows = []
    for name, line in picture.busy().items():
        for call in calls_of(line) or [{"state": line.get("state"), "since": line.get("since")}]:
            state = str(call.get("state"))
            cells = [name, state, _seconds(call, "since", now), call.get("rings"), call.get("caller")]
            cells += [call.get("agent"), call.get("verdict"), call.get("prompt")]
            rows.append([Text(plain(cell), STYLES.get(state, "")) for cell in cells])
    return rows


def _lines(rows: Iterable[list[Text]], count: int) -> Table:
    table = Table(box=None, expand=True, pad_edge=False, header_style="reverse")
    for column, right in (("line", False), ("state", False), ("s", True), ("rings", True)):
        table.add_column(column, justify="right" if right else "left", no_wrap=True)
    for column in ("caller", "agent", "hears", "says"):
        table.add_column(column, no_wrap=True)
    shown = 0
    for row in rows:
        table.add_row(*row)
        shown += 1
    if not count:
        table.add_row(Text("all lines idle", "dim"))
    elif count > shown:
        table.add_row(Text(f"… {count - shown} more", "dim"))
    return table


def _queue(picture: Picture, now: datetime, most: int) -> Table:
    table = Table(box=None, expand=True, pad_edge=False, header_style="reverse")
    for column in ("waiting", "line", "caller", "waits s", "reassured in s"):
        table.add_column(column, no_wrap=True)
    for one in picture.waiting()[:most]:
        due = seconds_since(one.call, "next_reassurance", now)
        cells = [one.call.get("position"), one.line, one.call.get("caller")]
        cells += [_seconds(one.call, "waiting_since", now), None if due is None else f"{max(0.0, -due):.0f}"]
        table.add_row(*(plain(cell) for cell in cells))
    return table


def _last(calls: Iterable[Fields]) -> Table:
    table = Table(box=None, expand=True, pad_edge=False, header_style="reverse")
    for column in ("last calls", "line", "caller", "rings", "outcome", "released by", "standard"):
        table.add_column(column, no_wrap=True)
    for call in calls:
        broken = [plain(clause) for clause in _list(call, "broken")]
        kept = len(_list(call, "kept"))
        mark = Text(f"✗ {' '.join(broken)}", "bold red") if broken else Text(f"✓ {kept} clauses", "green")
        cells = [str(call.get("offered_at"))[11:19], call.get("line"), call.get("caller"), call.get("rings")]
        cells += [call.get("outcome"), call.get("released_by")]
        table.add_row(*(Text(plain(cell)) for cell in cells), mark)
    return table


def _seconds(fields: Fields, name: str, now: datetime) -> str | None:
    seconds = seconds_since(fields, name, now)
    return None if seconds is None else f"{max(0.0, seconds):.0f}"


def _share(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value <= 1


def _per_cent(share: float) -> str:
    """Cut, not rounded: what misses the goal by a call is not shown as the goal."""
    return f"{math.floor(share * 1000 + 1e-9) / 10:g}%"


def _list(fields: Fields, name: str) -> list[Any]:
    value = fields.get(name)
    return value if isinstance(value, list) else []


def plain(value: object) -> str:
    """As text that no terminal takes for orders: what the feed tells may come from a caller."""
    text = "–" if value is None else str(value)
    return "".join(character if character.isprintable() else "�" for character in text)
