"""Schemas of whether the gateway is there. Pure."""

from gateway.feed.schemas.words import Schema, closed, one_of, text, time, whole
from gateway.feed.session import HEARTBEAT


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
            "session": whole("The run's own number, larger than that of any run before.", least=1),
            "began": time("When it began."),
            "version": text("The gateway's version.", shortest=1),
            "site": text("The site, as in the topic.", shortest=1),
            "protocol": one_of(("3.1.1", "5"), "The MQTT version that the gateway talks to its broker."),
        },
    )


def heartbeat() -> Schema:
    """`heartbeat`."""
    return closed(
        "Heartbeat",
        f"A sign of life every {HEARTBEAT:g} seconds; not retained.",
        {
            "session": whole("The run's own number, as in `session`.", least=1),
            "ts": time("When it was sent."),
            "uptime_s": whole("Seconds since the run began."),
            "lines": whole("Lines that the config has."),
            "in_service": whole("Those of them that are in service."),
            "calls": whole("Calls that are up."),
        },
    )
