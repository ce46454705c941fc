"""A ticket: what a customer is owed, by whom and until when. Values only."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from drivers.line.masking import keyed, shown, worded
from gateway.call.facts import NumberSource
from gateway.call.plan import Menu
from gateway.records.noted import AnswerNoted, rfc3339, rfc3339_or_none
from gateway.tickets.states import CallBackState, TicketState

MESSAGE = "message"
"""Kind of a ticket for words that were left where no menu asked for a kind (JH-19)."""
ENQUIRY = "enquiry"
"""Kind of any other such ticket: TT-1's first."""
KINDS = (ENQUIRY, "complaint", "equipment_fault", "serious_complaint", MESSAGE)
"""Those of every hotline: TT-1's four, and words that were left."""


def kinds_of(menu: Menu | None) -> tuple[str, ...]:
    """The kinds that a ticket can be given where the dialplan has this menu: KINDS, and its own."""
    own = [choice.kind for choice in menu.choices.values()] if menu is not None else []
    return tuple(dict.fromkeys((*KINDS, *own)))


class Standing(StrEnum):
    """A ticket and its deadline."""

    ON_TIME = "on_time"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ticket's history: who did what. `who` is an agent's number, `gateway`, or whoever gave a
    command; `why` is the reason he gave, or what there is to know beside. Never a telephone number (WD-11)."""

    at: datetime
    who: str
    what: str
    why: str = ""

    def fields(self) -> dict[str, Any]:
        """Its JSON."""
        return {"at": rfc3339(self.at), "who": self.who, "what": self.what, "why": self.why}


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket. Times are aware. `number` is whole (WD-11: for those who may read the records)."""

    id: int
    site: str
    call: str | None
    """None where it belongs to no call."""
    opened_at: datetime
    deadline: datetime
    """When the customer must have his answer (JH-19, ET-3)."""
    kind: str
    owner: str
    """Number of the agent who is responsible (WD-13)."""
    number: str | None = None
    """Where he can be reached; None: he gave none."""
    source: NumberSource | None = None
    confirmed: bool = False
    """Whether the customer said that the number is right."""
    text: str | None = None
    """His case in words, where somebody wrote it down."""
    answers: tuple[AnswerNoted, ...] = ()
    """What he was asked, in order (JS-3)."""
    recording: str | None = None
    state: TicketState = TicketState.OPEN
    reply: str | None = None
    """What he was answered."""
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    call_back: CallBackState | None = None
    due_at: datetime | None = None
    """When he is to be called next; None while his own call is still up, and where no call is owed."""
    attempts: int = 0
    """Call-backs that did not reach him."""
    reassigned: bool = False
    """Whether people have given it to another agent (TT-6)."""
    wrong: bool = False
    """Whether people have marked it: its case, its kind or its answer was not right (JH-22)."""
    version: int = 0
    """Grows with every change."""

    @property
    def recordings(self) -> tuple[str, ...]:
        """The files in which his case is heard: the call's, and those of his answers."""
        named = (self.recording, *(answer.recording for answer in self.answers))
        return tuple(path for path in named if path is not None)

    def standing(self, now: datetime, before: float) -> Standing:
        """How it stands with its deadline; `before` is in seconds. One that is answered is judged by when it
        was."""
        told = self.answered_at or now
        if told > self.deadline:
            return Standing.OVERDUE
        near = self.answered_at is None and (self.deadline - now).total_seconds() <= before
        return Standing.DUE_SOON if near else Standing.ON_TIME

    def overdue(self, now: datetime) -> bool:
        """Whether its deadline has passed and the customer has no answer."""
        return self.answered_at is None and now > self.deadline

    def fields(self, now: datetime, *, show_numbers: bool) -> dict[str, Any]:
        """Its JSON. `kept`: whether the deadline was; null while that is open."""
        missed = self.standing(now, 0.0) is Standing.OVERDUE
        return {
            "ticket": self.id,
            "site": self.site,
            "call": self.call,
            "opened_at": rfc3339(self.opened_at),
            "kind": self.kind,
            "owner": self.owner,
            "state": self.state.value,
            "deadline": rfc3339(self.deadline),
            "answered_at": rfc3339_or_none(self.answered_at),
            "closed_at": rfc3339_or_none(self.closed_at),
            "kept": False if missed else True if self.answered_at else None,
            "overdue": self.overdue(now),
            "wrong": self.wrong,
            "number": shown(self.number, show_numbers),
            "source": self.source.value if self.source else None,
            "confirmed": self.confirmed,
            "call_back": self.call_back.value if self.call_back else None,
            "due_at": rfc3339_or_none(self.due_at),
            "attempts": self.attempts,
            "text": worded(self.text, show_numbers),
            "reply": worded(self.reply, show_numbers),
            "answers": [
                answer.fields() | {"digits": keyed(answer.digits, show_numbers)} for answer in self.answers
            ],
            "recording": self.recording,
        }
