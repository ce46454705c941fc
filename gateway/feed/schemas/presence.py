"""Schemas of whether the gateway is there. Pure."""

from gateway.feed.schemas.words import Schema, closed, text, time, whole


def status() -> Schema:
    """`status`: a text, no JSON."""
    return {
        "title": "Status",
        "description": "Whether the gateway is there: `online`, its birth; `offline`, after a clean end and, as "
        "the last will, after any other. The text itself, without quotes; retained.",
        "type": "string",
        "enum": ["online", "offline"],
    }


def session() -> Schema:
    """`session`."""
    return closed(
        "Session",
        "Which run of the gateway the retained states are of; retained.",
        {
            "session": text("The run's own number.", shortest=1),
            "began": time("When it began."),
        },
    )


def heartbeat() -> Schema:
    """`heartbeat`."""
    return closed(
        "Heartbeat",
        "A sign of life every few seconds; not retained.",
        {
            "session": text("The run's own number, as in `session`.", shortest=1),
            "ts": time("When it was sent."),
            "seq": whole("Heartbeats so far in this run, from 1.", least=1),
        },
    )
