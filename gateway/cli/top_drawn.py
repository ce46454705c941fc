"""`sansheng top`: a gateway's picture, drawn for a terminal of a given size. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeGuard

from rich.console import Group, JustifyMethod, RenderableType
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
WIDE = 100
"""Cells across from which there is room for everything; terminals open with 80."""
LATE = 2.0
"""Seconds by which a reassurance may be over its time and be on its way: a prompt begins within less."""
BAR = 20
"""Cells of the answer rate's bar."""
HEAD = 4
"""Rows that the head, and what is around the tables, take."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Where it is drawn: cells across, rows down, and what the watch knows beside the picture."""

    width: int
    height: int
    problem: str | None = None
    """Why no broker is reached; None: one is."""
    connecting: bool = False
    """Nothing has come yet, and nothing can be said."""

    @property
    def wide(self) -> bool:
        """Whether there is room for words that can be done without."""
        return self.width >= WIDE


def drawn(picture: Picture, site: str, now: datetime, screen: Screen) -> RenderableType:
    """All of it in the rows of the screen at most. `now` is the gateway's time."""
    title = Text(f"三声 {plain(site)}  {now:%H:%M:%S}  ", "bold", no_wrap=True, overflow="ellipsis")
    if screen.connecting:
        return title.append("connecting …", "dim")
    title.append(*_standing(picture, now, screen.problem))
    if picture.online is None and not picture.lines:
        return title
    alerts = _alerts(picture)[: max(1, screen.height // 4)]
    waiting, last = picture.waiting(), picture.calls
    left = screen.height - HEAD - len(alerts)
    rows = _rows(picture, now)
    shown = rows[: max(1, left - (2 + min(len(waiting), 5) if waiting else 0) - min(5, len(last)) - 3)]
    parts: list[RenderableType] = [title, *_head(picture, screen), *alerts, *_lines(shown, len(rows))]
    left -= len(shown) + 2
    if waiting and left > 2:
        parts.append(_queue(picture, now, min(5, left - 2)))
        left -= 2 + min(5, len(waiting))
    if last and left > 2:
        parts.append(_last(last[: min(5, left - 2)]))
    return Group(*parts)


def _head(picture: Picture, screen: Screen) -> list[Text]:
    kpi, bar = picture.kpi, BAR if screen.wide else BAR // 4
    rate, goal = kpi.get("answer_rate"), kpi.get("answer_rate_goal")
    today = Text("today  ", no_wrap=True, overflow="ellipsis")
    if _share(rate) and _share(goal):
        good = rate >= goal
        today.append("█" * round(rate * bar) + "░" * (bar - round(rate * bar)), "green" if good else "red")
        words = f" {_per_cent(rate)} {'≥' if good else '<'} {_per_cent(goal)}"
        today.append(words, "bold green" if good else "bold red")
    else:
        today.append("none answered or lost yet", "dim")
    for name in ("offered", "answered", "abandoned", "failed"):
        today.append(f"  {name} {plain(kpi.get(name, 0))}")
    agents = Text("agents", no_wrap=True, overflow="ellipsis")
    states = [agent.get("state") for agent in picture.agents.values()]
    for presence in PRESENCES:
        count = states.count(presence)
        if count or screen.wide:
            agents.append(f"  {_words(presence)} {count}", "" if count else "dim")
    return [today, agents]


def _standing(picture: Picture, now: datetime, problem: str | None) -> tuple[str, str]:
    """Whether what is shown is so, and how that is shown."""
    heard = picture.heard_at
    stale = "STALE" if heard is None else f"STALE since {heard:%H:%M:%S}"
    if problem is not None:
        return f"{stale}: {plain(problem)}", "bold white on red"
    if picture.online is None:
        return "no gateway has told this broker of this site", "bold white on red"
    if not picture.online:
        return f"{stale}: the gateway is offline", "bold white on red"
    silent = None if heard is None else (now - heard).total_seconds()
    if silent is not None and silent > SILENT_AFTER:
        return f"{stale}: the gateway has been silent for {silent:.0f} s", "bold white on red"
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
            cells = [name, _words(state), _time(call, "since", now), call.get("rings"), call.get("caller")]
            cells += [call.get("agent"), call.get("verdict"), call.get("prompt")]
            rows.append([Text(plain(cell), STYLES.get(state, "")) for cell in cells])
    return rows


def _lines(shown: Sequence[list[Text]], count: int) -> list[RenderableType]:
    """The rows there is room for, of `count`; and a line of words about the others."""
    table = _table(line=None, state=9, time=7, rings=5, caller=12, agent=8, hears=6, says=None)
    for row in shown:
        table.add_row(*row)
    if not count:
        return [table, Text("all lines idle", "dim")]
    return [table, Text(f"… {count - len(shown)} more", "dim")] if count > len(shown) else [table]


def _queue(picture: Picture, now: datetime, most: int) -> Table:
    table = _table(waiting=7, line=None, caller=12, waits=7, reassured=10)
    for one in picture.waiting()[:most]:
        due = seconds_since(one.call, "next_reassurance", now)
        cells = [one.call.get("position"), one.line, one.call.get("caller")]
        cells += [_time(one.call, "waiting_since", now), None if due is None else _in_words(due)]
        table.add_row(*(plain(cell) for cell in cells))
    return table


def _last(calls: Iterable[Fields]) -> Table:
    table = _table(began=8, line=None, caller=12, rings=5, outcome=9, released=8, standard=None)
    for call in calls:
        broken = [plain(clause) for clause in _list(call, "broken")]
        kept = len(_list(call, "kept"))
        mark = Text(f"✗ {' '.join(broken)}", "bold red") if broken else Text(f"✓ {kept} clauses", "green")
        cells = [str(call.get("offered_at"))[11:19], call.get("line"), call.get("caller"), call.get("rings")]
        cells += [call.get("outcome"), call.get("released_by")]
        table.add_row(*(Text(plain(cell)) for cell in cells), mark)
    return table


def _table(**widths: int | None) -> Table:
    """Columns by name, with their cells; what has none, a line's id or words, shares what is left."""
    table = Table(box=None, expand=True, pad_edge=False, header_style="reverse")
    for column, width in widths.items():
        justify: JustifyMethod = "right" if column in ("time", "rings") else "left"
        ratio = 2 if column in ("says", "standard") else 1
        table.add_column(
            column,
            justify=justify,
            no_wrap=True,
            overflow="ellipsis",
            width=width,
            ratio=ratio if width is None else None,
        )
    return table


def _time(fields: Fields, name: str, now: datetime) -> str | None:
    seconds = seconds_since(fields, name, now)
    if seconds is None:
        return None
    minutes, rest = divmod(max(0, int(seconds)), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


def _in_words(since_due: float) -> str:
    """When he is reassured, or by how much that is late (JH-8)."""
    return f"in {max(0.0, -since_due):.0f} s" if since_due < LATE else f"{since_due:.0f} s late"


def _words(name: object) -> str:
    return plain(name).replace("_", " ")


def _share(value: object) -> TypeGuard[float]:
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
