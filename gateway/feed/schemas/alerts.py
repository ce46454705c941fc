"""Schemas of what people must be called for. Pure."""

from gateway.feed.desk_board import TicketCall
from gateway.feed.schemas.events import event
from gateway.feed.schemas.states import ticket_fields
from gateway.feed.schemas.words import (
    Properties,
    Schema,
    any_of_them,
    closed,
    constant,
    or_null,
    text,
    time,
)

_CODE = text("What is wrong, for programs; the last level of its own topic.", shortest=1)
_DETAIL = text("The same for people.")
_TICKET_CALLS = {
    TicketCall.DUE_SOON: "An hour is left for this ticket.",
    TicketCall.OVERDUE: "This ticket's deadline has passed.",
    TicketCall.LEFT_TO_PEOPLE: "The line calls this ticket's customer back no more: people must.",
}
_TROUBLES = {
    "trouble": "Something is wrong from now on; it stands, retained, on the topic of its code.",
    "trouble_over": "It is right again; its topic goes.",
}


def trouble() -> Schema:
    """`alert/<code>`."""
    return closed(
        "Trouble of the gateway",
        "A trouble of the gateway's own; retained while it lasts: then an empty retained message takes it away.",
        {"code": _CODE, "detail": _DETAIL, "ts": time("When it began, or its words changed.")},
    )


def line_trouble() -> Schema:
    """`line/<id>/alert/<code>`."""
    return closed(
        "Trouble of a line",
        "A trouble of one line; retained while it lasts: then an empty retained message takes it away.",
        {
            "line": text("The line's id.", shortest=1),
            "code": _CODE,
            "detail": _DETAIL,
            "ts": time("When it began, or its words changed."),
        },
    )


def alerts() -> dict[str, Schema]:
    """All that comes on `alert`, by `event`."""
    tickets = {
        f"ticket_{what}": _alert(f"ticket_{what}", _TICKET_CALLS[what], ticket_fields()) for what in TicketCall
    }
    line = or_null(text("The line whose trouble it is; null: the gateway's own."))
    of_troubles: Properties = {"line": line, "code": _CODE, "detail": _DETAIL}
    troubles = {name: _alert(name, tells, of_troubles) for name, tells in _TROUBLES.items()}
    return {"alert": event("alert"), **tickets, **troubles}


def alert() -> Schema:
    """`alert`."""
    return any_of_them(
        "Alert",
        "What people must be called for, of all lines, tickets and the gateway itself; not retained.",
        alerts(),
    )


def _alert(name: str, tells: str, fields: Properties) -> Schema:
    head = {"event": constant(name, "What it is."), "ts": time("When it happened.")}
    return closed(f"Alert {name}", tells, head | fields)
