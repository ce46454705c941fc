"""The states of a ticket and of the call-back that it may owe.

Rules, kept by the tables below and checked over random orders of acts:

1. A ticket is never lost: it ends in CLOSED, and only when it has been answered (WD-12): by people, or by itself
   some days later.
2. What a state does not allow is refused and changes nothing.
3. A call-back is made for an OPEN ticket alone (JS-7), and every one that was begun ends as REACHED, OWED or
   PEOPLE.
"""

from collections.abc import Mapping
from enum import StrEnum


class TicketState(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    """The customer waits for his answer."""
    ANSWERED = "answered"
    """He has it: people told him, or he was called back and reached."""
    CLOSED = "closed"
    """Nothing is left to do."""


class CallBackState(StrEnum):
    """Where the call-back stands; a ticket that owes none has no such state."""

    OWED = "owed"
    """The customer is to be called, when it is due."""
    CALLING = "calling"
    """An attempt is under way."""
    REACHED = "reached"
    PEOPLE = "people"
    """The line calls no more: the number may not be called, all attempts are used up, or people have answered.
    If the ticket is open, people must."""


class Act(StrEnum):
    """What moves a ticket or its call-back."""

    ANSWER = "answer"
    CLOSE = "close"
    ASK = "ask"
    """The customer wants to be called, at a number that may be."""
    LEAVE = "leave"
    """The line is not, or no longer, to call: people are to see to it."""
    PERMIT = "permit"
    REACH = "reach"
    MISS = "miss"
    """He was not reached; he is to be tried again."""


TICKETS: Mapping[TicketState, Mapping[Act, TicketState]] = {
    TicketState.OPEN: {Act.ANSWER: TicketState.ANSWERED},
    TicketState.ANSWERED: {Act.CLOSE: TicketState.CLOSED},
    TicketState.CLOSED: {},
}

CALL_BACKS: Mapping[CallBackState | None, Mapping[Act, CallBackState]] = {
    None: {Act.ASK: CallBackState.OWED, Act.LEAVE: CallBackState.PEOPLE},
    CallBackState.OWED: {
        Act.PERMIT: CallBackState.CALLING,
        Act.LEAVE: CallBackState.PEOPLE,
        Act.REACH: CallBackState.REACHED,  # the attempt was held to be dead, and was not
    },
    CallBackState.CALLING: {
        Act.REACH: CallBackState.REACHED,
        Act.MISS: CallBackState.OWED,
        Act.LEAVE: CallBackState.PEOPLE,
    },
    CallBackState.REACHED: {},
    CallBackState.PEOPLE: {
        Act.ASK: CallBackState.OWED,  # he has keyed in another number
        Act.REACH: CallBackState.REACHED,
    },
}
