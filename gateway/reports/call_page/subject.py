"""What is drawn, and the words beside it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.records import CallRecord
from gateway.records.store import Event
from gateway.reports.call_page.axis import Axis
from gateway.reports.call_page.shapes import Mark
from gateway.reports.pages import Words

MOST_ROWS = 4
"""Of a lane: a drawing that grows with the call would not stay on one sheet."""
THIN, ROW, TALL = 20.0, 24.0, 36.0
"""Heights of a row: with marks or bands, with a label, with a label and a text below it."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is drawn: the record, its facts by name, and the axis that both stand on."""

    record: CallRecord
    events: tuple[Event, ...]
    axis: Axis

    def told(self, *facts: str) -> Iterator[Event]:
        """The facts of these names, in order."""
        return (event for event in self.events if event.fact in facts)

    def first(self, fact: str) -> Event | None:
        """The first of its name."""
        return next(self.told(fact), None)


def inner(data: dict[str, Any], name: str) -> dict[str, Any]:
    """What stands under a name in the data of a fact; nothing where a damaged row holds no object there."""
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def mark(call: Call, at: datetime, kind: str, told: Words) -> Mark:
    """Something that happened, in words."""
    return Mark(call.axis.x(at), kind, when(told.both, call.axis, at), told)


def when(told: str, axis: Axis, at: datetime) -> str:
    """The tooltip of what happened at one time."""
    return f"{told} — {axis.seconds(at):.2f} s, {at:%H:%M:%S}"


def span(told: str, axis: Axis, began: datetime, ended: datetime | None) -> str:
    """The tooltip of what lasted; `ended` None: nobody knows how long."""
    if ended is None:
        return f"{told} — {axis.seconds(began):.2f} s …"
    lasted = max(0.0, axis.seconds(ended) - axis.seconds(began))
    return f"{told} — {axis.seconds(began):.2f} s … {axis.seconds(ended):.2f} s ({lasted:.2f} s)"
