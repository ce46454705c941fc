"""Schemas of the requests on `command`, by what they ask (`do`). Pure."""

from collections.abc import Iterable

from gateway.feed.requests.call_commands import TARGETS
from gateway.feed.requests.commands import LONGEST_ID
from gateway.feed.requests.desk_commands import LONGEST_TEXT, WISHES
from gateway.feed.schemas.words import (
    HIGHEST_WHOLE,
    Properties,
    Schema,
    any_of_them,
    closed,
    constant,
    one_of,
    or_null,
    text,
    truth,
    whole,
)

_TARGETS: Properties = {
    "call": text("The call that is meant, by its id.", shortest=1),
    "line": text("The call that is meant, by its line: the one that has been answered there.", shortest=1),
    "agent": text(
        "The call that is meant, by its agent's number: the one he has that has been answered.", shortest=1
    ),
}
_NUMBER = text(
    "The customer's telephone number, instead of a call of his: 3 to 15 digits, with or without +.",
    pattern=r"^[ ()-]*(\+[ ()-]*)?([0-9][ ()-]*){3,15}$",
)
_AGENT = text("The agent's number.", shortest=1)
_TICKET = whole("The ticket's number.", least=1, most=HIGHEST_WHOLE)
_BY: Properties = {"by": text("Who did it, for the ticket's history: an agent's number, a name.", shortest=1)}


def _words(description: str) -> Schema:
    return text(description, shortest=1, longest=LONGEST_TEXT, pattern=r"\S")


_WHY: Properties = {"why": or_null(_words("Why, for people."))}

COMMANDS: dict[str, tuple[str, Properties, Properties]] = {
    "phrase": (
        "Say one of the dialplan's phrases to the customer, at once or after what is being said (JH-13).",
        {"phrase": text("The phrase's key, as `phrases` lists it.", shortest=1)},
        _TARGETS,
    ),
    "wait": ("Let the customer wait, reassured, until `resume` or the wait's limit (JH-8).", {}, _TARGETS),
    "resume": ("End the wait.", {}, _TARGETS),
    "phrases": ("List the phrases.", {}, {}),
    "refresh": ("Publish everything retained anew.", {}, {}),
    "agent": (
        "What an agent wishes, now or when his call has ended.",
        {"agent": _AGENT, "state": one_of(WISHES, "What he wishes.")},
        _BY,
    ),
    "ticket": (
        "A ticket for the customer of a call that is up; asked again, `text` is added to the one there is.",
        {},
        {
            **_TARGETS,
            "kind": or_null(text("What sort of request it is (TT-1), or one of the menu's.", shortest=1)),
            "text": or_null(_words("The case in words.")),
            "call_back": truth("Whether he is to be called back; left out: no."),
            **_BY,
        },
    ),
    "tickets": (
        "List the tickets that are not closed, the most urgent first.",
        {},
        {"agent": text("His alone; left out: all.", shortest=1)},
    ),
    "ticket_answer": (
        "The customer was told his answer.",
        {"ticket": _TICKET, "text": _words("What he was told.")},
        _BY,
    ),
    "ticket_close": ("Nothing is left to do for this ticket.", {"ticket": _TICKET}, _BY),
    "ticket_assign": (
        "Another agent takes the ticket over (TT-6).",
        {"ticket": _TICKET, "agent": _AGENT},
        _WHY | _BY,
    ),
    "warn_number": (
        "Put a number on the list of those who hear JH-13's words.",
        {},
        {"number": _NUMBER, **_TARGETS, **_WHY, **_BY},
    ),
    "clear_number": ("Take it off the list.", {}, {"number": _NUMBER, **_TARGETS, **_WHY, **_BY}),
}
"""Of each `do`: what it asks, the fields it needs, those it may have. Whose call or customer is meant is told by
exactly one of those that may name it."""
_NAMED_BY = {
    **dict.fromkeys(("phrase", "wait", "resume", "ticket"), TARGETS),
    **dict.fromkeys(("warn_number", "clear_number"), ("number", *TARGETS)),
}
IDENTIFIER: Schema = {
    "type": ["string", "integer"],
    "minLength": 1,
    "maxLength": LONGEST_ID,
    "description": (
        "The request's own name: a string, or a number written without point and exponent; its answer has it, and "
        'each is done once. Give every request its own; 7 and "7" are one.'
    ),
}
_SIGNED: Properties = {
    "ts": {
        "type": ["integer", "string"],
        "description": "When it was signed: whole seconds since 1970, or RFC 3339 with an offset.",
    },
    "sign": text(
        "HMAC-SHA256 over the request's canonical form, by the key of [mqtt] command_key_file, in small "
        "hexadecimal digits; docs/feed.md tells the form.",
        pattern="^[0-9a-f]{64}$",
    ),
}


def request(do: str) -> Schema:
    """The schema of one kind of request, signed or not."""
    asks, needed, allowed = COMMANDS[do]
    fields = {"id": IDENTIFIER, "do": constant(do, "What is asked."), **needed, **allowed, **_SIGNED}
    made = closed(f"Request {do}", asks, fields, optional=(*allowed, *_SIGNED))
    rules: list[Schema] = [{"if": {"required": ["sign"]}, "then": {"required": ["ts"]}}]
    if do in _NAMED_BY:
        rules.append({"oneOf": _one_alone(_NAMED_BY[do])})
    return made | {"allOf": rules}


def command() -> Schema:
    """`command`."""
    return any_of_them(
        "Request",
        "A request to the gateway, published without the retain flag. `do` tells which of these it is. Fields "
        "that are not described are not looked at, but for the signature.",
        {do: request(do) for do in COMMANDS},
    )


def _one_alone(names: Iterable[str]) -> list[Schema]:
    return [{"required": [name]} for name in names]
