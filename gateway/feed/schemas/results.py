"""Schemas of the answers on `command/result`, by what was asked. Pure."""

from gateway.feed.requests.desk_commands import LISTED, MOST_LISTED, WISHES
from gateway.feed.schemas.commands import COMMANDS, IDENTIFIER
from gateway.feed.schemas.states import ticket_fields
from gateway.feed.schemas.words import (
    MASKED,
    Properties,
    Schema,
    any_of_them,
    array,
    closed,
    constant,
    one_of,
    or_null,
    text,
    whole,
)

_CALL: Properties = {"call": text("The call's id.", shortest=1)}
_NUMBER: Properties = {"number": text(f"The customer's number. {MASKED}")}


def _ticket() -> Properties:
    known = ticket_fields()
    return {name: known[name] for name in LISTED}


def _phrases() -> Schema:
    phrase = closed(
        "Phrase",
        "One of the dialplan's phrases.",
        {
            "phrase": text("Its key.", shortest=1),
            "text": text("What is said; `{agent}` stands where the number of the call's agent is said."),
            "clause": text("The clause that it belongs to, as `JH-13`."),
            "code": or_null(text("What an agent dials after `*` for it; null: by command only.")),
        },
    )
    return array(phrase, "The phrases of the dialplan.")


ANSWERS: dict[str, Properties] = {
    "phrase": {"phrase": text("The phrase's key."), **_CALL},
    "wait": _CALL,
    "resume": _CALL,
    "phrases": {"phrases": _phrases()},
    "refresh": {},
    "agent": {"agent": text("The agent's number."), "state": one_of(WISHES, "What he wished.")},
    "ticket": _CALL,
    "tickets": {
        "tickets": array(
            closed("Ticket", "What a list needs of a ticket.", _ticket()),
            "The most urgent first.",
            most=MOST_LISTED,
        ),
        "count": whole("How many there are, listed or not."),
    },
    "ticket_answer": _ticket(),
    "ticket_close": _ticket(),
    "ticket_assign": _ticket(),
    "warn_number": _NUMBER,
    "clear_number": _NUMBER,
}
"""Of each `do`: what its answer holds."""
REFUSED = "refused"


def answer(do: str) -> Schema:
    """The answer to a request that was done."""
    head = {"id": IDENTIFIER, "ok": constant(True, "It was done."), "do": constant(do, "What was asked.")}
    return closed(f"Answer to {do}", f"Done: {COMMANDS[do][0]}", head | ANSWERS[do])


def refused() -> Schema:
    """The answer to a request that was refused."""
    return closed(
        "Refusal",
        "The request was refused; nothing has changed.",
        {
            "id": {
                "type": ["string", "integer", "null"],
                "description": "The request's own name; null: it had none, or none that could be read.",
            },
            "ok": constant(False, "It was not done."),
            "error": text("Why, and what would do.", shortest=1),
        },
    )


def result() -> Schema:
    """`command/result`."""
    return any_of_them(
        "Answer",
        "The answer to a request: of one that was done, by its `do`, or a refusal; not retained. Where the "
        "request names a response topic below `command/result/` (MQTT 5), it comes there, too.",
        {**{do: answer(do) for do in ANSWERS}, REFUSED: refused()},
    )
