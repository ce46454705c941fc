"""What a client of the feed knows of a gateway: folded from its messages. Pure.

The other end of the board: `sansheng top` draws it. A message that is none of the feed's changes nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Fields = Mapping[str, Any]

SILENT_AFTER = 25.0
"""Seconds without a heartbeat after which what is shown may not be so any more: two and a half heartbeats."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A customer who waits, and on which line."""

    line: str
    call: Fields


@dataclass(slots=True)
class Picture:
    """The states of one gateway as the feed's retained messages told them last."""

    online: bool | None = None
    """None: the broker has no word of the gateway."""
    lines: dict[str, Fields] = field(default_factory=dict)
    agents: dict[str, Fields] = field(default_factory=dict)
    kpi: Fields = field(default_factory=dict)
    calls: tuple[Fields, ...] = ()
    alerts: dict[str, Fields] = field(default_factory=dict)
    """By the topic beneath the root."""
    heard_at: datetime | None = None
    """The gateway's own time, as its last heartbeat told it."""

    def take(self, suffix: str, payload: bytes) -> None:
        """Take a message; `suffix` is its topic beneath `<base>/<site>/`. An empty payload: it is gone."""
        if suffix == "status":
            self.online = payload == b"online"
            return
        fields = _fields(payload)
        match suffix.split("/"):
            case ["line", line, "state"]:
                _keep(self.lines, line, fields)
            case ["agent", agent, "state"]:
                _keep(self.agents, agent, fields)
            case ["alert", _] | ["line", _, "alert", _]:
                _keep(self.alerts, suffix, fields)
            case ["kpi"]:
                self.kpi = fields or {}
            case ["calls"]:
                self.calls = tuple(call for call in _list(fields, "calls") if isinstance(call, dict))
            case ["heartbeat"]:
                self.heard_at = at_of(fields, "ts") or self.heard_at
            case _:
                pass

    def waiting(self) -> list[Waiting]:
        """Who waits, the first in the queue first; who waits for the agent he is joined with comes last."""
        found = [
            Waiting(name, call)
            for name, line in self.lines.items()
            for call in calls_of(line)
            if call.get("waiting_since")
        ]
        return sorted(found, key=lambda one: (_place(one.call), str(one.call.get("waiting_since"))))

    def busy(self) -> dict[str, Fields]:
        """The lines that are not idle, by name."""
        return {name: line for name, line in sorted(self.lines.items()) if line.get("state") != "idle"}


def calls_of(line: Fields) -> list[Fields]:
    """The calls that a line's state tells of."""
    return [call for call in _list(line, "calls") if isinstance(call, dict)]


def at_of(fields: Fields | None, name: str) -> datetime | None:
    """A time that a message tells; None where it tells none."""
    value = None if fields is None else fields.get(name)
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def seconds_since(fields: Fields, name: str, now: datetime) -> float | None:
    """Since a time that a message tells; negative where it is still to come."""
    at = at_of(fields, name)
    return None if at is None else (now - at) / timedelta(seconds=1)


def _fields(payload: bytes) -> Fields | None:
    try:
        fields = json.loads(payload) if payload else None
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def _list(fields: Fields | None, name: str) -> list[Any]:
    value = None if fields is None else fields.get(name)
    return value if isinstance(value, list) else []


def _keep(known: dict[str, Fields], name: str, fields: Fields | None) -> None:
    if fields is None:
        known.pop(name, None)
    else:
        known[name] = fields


def _place(call: Fields) -> float:
    position = call.get("position")
    return position if isinstance(position, int) else float("inf")
