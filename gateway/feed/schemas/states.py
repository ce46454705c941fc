"""Schemas of what lines, agents and tickets do now. Pure."""

from drivers.line import Verdict
from gateway.call.states import CallState
from gateway.desk.presence import Presence, Why
from gateway.feed.board import IDLE, OFFLINE
from gateway.feed.schemas.words import (
    HIGHEST_WHOLE,
    MASKED,
    Properties,
    Schema,
    array,
    closed,
    one_of,
    or_null,
    text,
    time,
    truth,
    whole,
)

DRIVER = text("The line's kind: `sip` or `fxo`; empty: not known yet.")
TICKET_STATES = ("open", "answered", "closed")
"""As gateway.tickets has them, which stands above the feed; a test compares."""
CALL_BACK_STATES = ("owed", "calling", "reached", "people")


def line_state() -> Schema:
    """`line/<id>/state`."""
    states = (IDLE, OFFLINE, *CallState)
    return closed(
        "State of a line",
        "What a line does now; retained.",
        {
            "line": text("The line's id.", shortest=1),
            "driver": DRIVER,
            "state": one_of(
                states,
                "The first call's state; without a call `idle`, or `offline` while the line is out of service.",
            ),
            "calls": array(_call(), "The calls that are up, the oldest first."),
            "alerts": array(text("A code."), "The codes of the line's alerts that stand, sorted."),
            "since": time("When `state` began."),
            "seq": whole(
                "The number of the line's last event, which this state includes; 0: none yet. Each event is "
                "followed by a state with its number or a larger one."
            ),
        },
    )


def _call() -> Schema:
    wait = "null: he waits for nobody"
    return closed(
        "Call",
        "A call that is up.",
        {
            "call": text("The call's id.", shortest=1),
            "state": one_of(CallState, "Where the call stands."),
            "since": time("When its state began."),
            "offered_at": time("When the call was offered to us, or begun by us."),
            "rings": whole("Rings so far."),
            "caller": or_null(
                text(f"Who calls, or who is called back; null: not known (yet). {MASKED}"),
            ),
            "agent": or_null(text("Who greets, and then who talks.")),
            "verdict": or_null(one_of(Verdict, "The last verdict of the ears; null: none yet.")),
            "prompt": or_null(text("The prompt that is being said, by its name in the dialplan; null: none.")),
            "kind": or_null(text("What sort of request it is (TT-1); null: not told by the menu (yet).")),
            "position": or_null(whole(f"The customer's place in the queue, from 1; {wait} in a queue.", least=1)),
            "waiting_since": or_null(time(f"When he began to wait; {wait}.")),
            "next_reassurance": or_null(
                time("When he is reassured next (JH-8); null: he does not wait, or is on hold.")
            ),
            "ticket": or_null(
                whole("The ticket that owes this call where it is a call-back; null: he calls us.", least=1)
            ),
        },
    )


def agent_state() -> Schema:
    """`agent/<number>/state`."""
    return closed(
        "State of an agent",
        "What an agent does now; retained.",
        {
            "agent": text("The agent's number.", shortest=1),
            "state": one_of(Presence, "Where he stands."),
            "since": time("When his state began."),
            "why": or_null(
                one_of(Why, "What put him there; null: the desk has not looked for his telephone yet.")
            ),
            "call": or_null(text("The call that he is rung for or talks in; null: none.")),
        },
    )


def ticket_fields() -> Properties:
    """What the feed tells of a ticket."""
    return {
        "ticket": whole("The ticket's number.", least=1, most=HIGHEST_WHOLE),
        "kind": text("What sort of request it is (TT-1)."),
        "owner": or_null(text("The agent who is responsible (WD-13); null: nobody.")),
        "state": one_of(TICKET_STATES, "Where it stands."),
        "deadline": time("When the customer must have his answer (JH-19, ET-3)."),
        "number": or_null(text(f"Where the customer is reached; null: he gave no number. {MASKED}")),
        "overdue": truth("Whether the deadline has passed without an answer."),
        "call": or_null(text("The call that made it; null: none did.")),
        "call_back": or_null(one_of(CALL_BACK_STATES, "Where its call-back stands; null: none is owed.")),
        "due_at": or_null(time("When the customer is called next; null: no call is due.")),
        "attempts": whole("Call-backs that did not reach him."),
    }


def ticket_state() -> Schema:
    """`ticket/<id>/state`."""
    return closed(
        "State of a ticket",
        "What a ticket needs; retained until it is closed: then an empty retained message takes it away.",
        ticket_fields(),
    )
