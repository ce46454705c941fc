"""What is counted of tickets: call-backs kept, replies (WD-12), tickets wrong and missed (JH-22). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gateway.kpi.rates import Share

COMPLAINTS = ("complaint", "serious_complaint")
"""Kinds of tickets that are complaints (TT-1's second and fourth)."""
ENQUIRIES = ("enquiry",)
"""Kinds that are enquiries (TT-1's first)."""


@dataclass(frozen=True, slots=True)
class TicketFigured:
    """One ticket, as it is counted. Times are aware."""

    opened_at: datetime
    deadline: datetime
    kind: str
    owner: str
    answered_at: datetime | None = None
    call_back: bool = False
    """Whether its customer was, or is, to be called back."""
    wrong: bool = False
    """Whether it was marked as wrong: its case, its kind or its answer was not right."""

    def missed(self, now: datetime) -> bool:
        """Whether its customer had no answer by its deadline."""
        return (self.answered_at or now) > self.deadline


@dataclass(frozen=True, slots=True)
class Replies:
    """How many customers have had their answer. Due is who has it, and whose deadline has passed."""

    replied: int = 0
    overdue: int = 0
    """Those whose deadline has passed and who have none."""

    @property
    def rate(self) -> Share:
        """Share of those due who have their answer (WD-12 wants 1)."""
        return Share(self.replied, self.replied + self.overdue)


@dataclass(frozen=True, slots=True)
class TicketFigures:
    """The figures of a group of tickets."""

    tickets: int = 0
    wrong: int = 0
    missed: int = 0
    """Answered after the deadline, or not at all and it has passed."""
    call_backs_owed: int = 0
    call_backs_kept: int = 0
    call_backs_overdue: int = 0
    all: Replies = field(default_factory=Replies)
    complaints: Replies = field(default_factory=Replies)
    enquiries: Replies = field(default_factory=Replies)

    @property
    def call_backs_kept_rate(self) -> Share:
        """Share of the call-backs kept or overdue that were kept."""
        return Share(self.call_backs_kept, self.call_backs_kept + self.call_backs_overdue)

    def fields(self) -> dict[str, Any]:
        """Its JSON: the keys of `definitions.DEFINITIONS` that are of tickets, in that order."""
        return {
            "tickets": self.tickets,
            "wrong_tickets": self.wrong,
            "missed_tickets": self.missed,
            "call_backs_owed": self.call_backs_owed,
            "call_backs_kept": self.call_backs_kept,
            "call_backs_overdue": self.call_backs_overdue,
            "call_backs_kept_rate": self.call_backs_kept_rate.rounded(),
            "replied": self.all.replied,
            "replied_rate": self.all.rate.rounded(),
            "complaints_replied_rate": self.complaints.rate.rounded(),
            "enquiries_replied_rate": self.enquiries.rate.rounded(),
        }


class TicketTally:
    """Counts tickets as they stand at one moment."""

    def __init__(self, now: datetime) -> None:
        """`now` is aware: a deadline that is later than this has not passed."""
        self._now = now
        self._tickets = self._wrong = self._missed = 0
        self._owed = self._kept = self._overdue = 0
        self._replied: dict[str, int] = {}
        self._unanswered: dict[str, int] = {}

    def add(self, ticket: TicketFigured) -> None:
        """Count a ticket."""
        missed = ticket.missed(self._now)
        self._tickets += 1
        self._wrong += ticket.wrong
        self._missed += missed
        if ticket.call_back:
            self._owed += 1
            self._overdue += missed
            self._kept += not missed and ticket.answered_at is not None
        if ticket.answered_at is not None:
            self._replied[ticket.kind] = self._replied.get(ticket.kind, 0) + 1
        elif missed:
            self._unanswered[ticket.kind] = self._unanswered.get(ticket.kind, 0) + 1

    def figures(self) -> TicketFigures:
        """All that has been counted."""
        return TicketFigures(
            tickets=self._tickets,
            wrong=self._wrong,
            missed=self._missed,
            call_backs_owed=self._owed,
            call_backs_kept=self._kept,
            call_backs_overdue=self._overdue,
            all=Replies(sum(self._replied.values()), sum(self._unanswered.values())),
            complaints=self._of(COMPLAINTS),
            enquiries=self._of(ENQUIRIES),
        )

    def _of(self, kinds: tuple[str, ...]) -> Replies:
        return Replies(_of(self._replied, kinds), _of(self._unanswered, kinds))


def _of(counted: Mapping[str, int], kinds: tuple[str, ...]) -> int:
    return sum(counted.get(kind, 0) for kind in kinds)
