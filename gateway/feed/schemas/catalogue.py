"""All schemas of the feed by name, and which of them a topic's payloads are described by. Pure."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from gateway.feed.schemas import alerts, commands, events, figures, presence, results, states
from gateway.feed.schemas.words import DIALECT, Schema

STATUS = "status"
SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    STATUS: presence.status,
    "session": presence.session,
    "heartbeat": presence.heartbeat,
    "line-state": states.line_state,
    "line-event": events.line_event,
    "line-trouble": alerts.line_trouble,
    "alert": alerts.alert,
    "trouble": alerts.trouble,
    "agent-state": states.agent_state,
    "ticket-state": states.ticket_state,
    "kpi": figures.kpi,
    "calls": figures.calls,
    "command": commands.command,
    "command-result": results.result,
}
"""Each payload of the feed; home automation's discovery, which others define, is not among them."""
TOPICS: Mapping[str, str] = {
    "status": STATUS,
    "session": "session",
    "heartbeat": "heartbeat",
    "line/{line}/state": "line-state",
    "line/{line}/event": "line-event",
    "line/{line}/alert/{code}": "line-trouble",
    "alert": "alert",
    "alert/{code}": "trouble",
    "agent/{agent}/state": "agent-state",
    "ticket/{ticket}/state": "ticket-state",
    "kpi": "kpi",
    "calls": "calls",
    "command": "command",
    "command/result": "command-result",
}
"""The schema of each topic below `<base>/<site>/`."""
ANSWERS_BELOW = "command/result/"
"""Where a requester may have his answer, too (MQTT 5's response topic)."""
KINDS: Mapping[str, str] = {"line-event": "event", "alert": "event", "command": "do", "command-result": "do"}
"""Where a topic has several kinds of payload: the field that tells which of `$defs` it is."""


@cache
def schema(name: str) -> Schema:
    """A schema by its name, complete; shared, so not to be changed. Raises KeyError for a name that is none."""
    return {"$schema": DIALECT, "$id": f"urn:sansheng:feed:{name}", **SCHEMAS[name]()}


def schema_text(name: str) -> str:
    """A schema as its file in the package holds it."""
    return written(schema(name))


def written(document: Mapping[str, Any]) -> str:
    """JSON for people and programs."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def schema_of(suffix: str) -> str | None:
    """The name of the schema for a topic, given what stands below `<base>/<site>/`; None: it is not the feed's."""
    if suffix.startswith(ANSWERS_BELOW):
        return TOPICS["command/result"]
    levels = suffix.split("/")
    for template, name in TOPICS.items():
        wanted = template.split("/")
        if len(wanted) == len(levels) and all(
            want.startswith("{") or want == have for want, have in zip(wanted, levels, strict=True)
        ):
            return name
    return None
