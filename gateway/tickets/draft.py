"""The ticket that a call makes, folded from its facts. Pure: a draft and a notice in, the next draft out."""

from dataclasses import dataclass, replace
from datetime import datetime

from gateway.call import facts
from gateway.call.facts import Notice, NumberSource
from gateway.records.folding import answer_noted
from gateway.records.noted import AnswerNoted
from gateway.tickets.rules import GATEWAY
from gateway.tickets.ticket import ENQUIRY, MESSAGE, Entry

LONGEST_KIND = 64
"""Characters of a kind that the database holds."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a call has told so far that its ticket is to know."""

    site: str
    call: str
    greeted: str
    """Number of the agent who greeted."""
    opened_at: datetime | None = None
    """When the customer's case became one: None while the call makes no ticket."""
    opened_by: str = ""
    """What made it one: a fact's name in words, or who asked for it."""
    connected: str | None = None
    """The agent who talked to him last."""
    kind: str | None = None
    caller: str | None = None
    """His caller ID, or the number at which we called him."""
    number: str | None = None
    """The number he gave."""
    source: NumberSource | None = None
    confirmed: bool = False
    wants_call_back: bool = False
    message: bool = False
    words: tuple[str, ...] = ()
    """What was written of his case, each time."""
    notes: tuple[Entry, ...] = ()
    """What its history is to tell of the kind and of who wrote."""
    answers: tuple[AnswerNoted, ...] = ()
    recording: str | None = None
    ended_at: datetime | None = None
    """When his call ended."""

    @property
    def wanted(self) -> bool:
        """Whether there is to be a ticket. Silent and abandoned calls make none, nor does who was served by an
        agent and asked for nothing more."""
        return self.opened_at is not None

    @property
    def may_owe(self) -> bool:
        """Whether the call's record is noted until its ticket is on disk (gateway.records.untold.may_owe)."""
        return self.wants_call_back or self.message or self.opened_at is not None or bool(self.answers)

    @property
    def owner(self) -> str:
        """Who is responsible: the first person asked (WD-13), which is whoever took the call."""
        return self.connected or self.greeted

    @property
    def ticket_kind(self) -> str:
        """What sort of request it is: as he chose (TT-1), else a message or an enquiry."""
        return (self.kind or "")[:LONGEST_KIND] or (
            MESSAGE if self.message and not self.wants_call_back else ENQUIRY
        )

    @property
    def reachable_at(self) -> tuple[str | None, NumberSource | None]:
        """His number and where it is from: the one that he gave, else his caller ID."""
        if self.number is not None:
            return self.number, self.source
        return self.caller, NumberSource.CALLER_ID if self.caller is not None else None

    @property
    def text(self) -> str | None:
        """His case, a line for each time somebody wrote."""
        return "\n".join(self.words) or None

    def opened(self, at: datetime, by: str) -> "Draft":
        """A ticket is wanted from `at` on; the first wish counts."""
        return self if self.wanted else replace(self, opened_at=at, opened_by=by)

    def told(self, at: datetime, who: str, *, kind: str | None, text: str | None) -> "Draft":
        """`who` says what sort of request it is, what the case is, or both. Words are added to those that are
        there, the same ones once."""
        after = replace(self, kind=kind or self.kind)
        if self.kind is not None or self.wanted:
            after = after.noting_the_kind(self, at, who)
        if text is None or text in self.words:
            return after
        note = Entry(at, who, "added to the case")
        return replace(after, words=(*self.words, text), notes=(*after.notes, note))

    def noting_the_kind(self, before: "Draft", at: datetime, who: str) -> "Draft":
        """With a note if the kind is another than it was `before`."""
        if self.ticket_kind == before.ticket_kind:
            return self
        what = f"kind changed from {before.ticket_kind} to {self.ticket_kind}"
        return replace(self, notes=(*self.notes, Entry(at, who, what)))


def folded(draft: Draft | None, notice: Notice) -> Draft | None:
    """The draft after `notice`; the same object where the fact says nothing to a ticket. None before the call's
    Offered."""
    fact, at = notice.fact, notice.at
    if draft is None:
        opens = isinstance(fact, facts.Offered) and notice.call is not None
        return (
            Draft(fact.site, str(notice.call), fact.agent) if opens and isinstance(fact, facts.Offered) else None
        )
    after = _after(draft, fact, at)
    return after.noting_the_kind(draft, at, GATEWAY) if draft.wanted else after


def _after(draft: Draft, fact: object, at: datetime) -> Draft:
    match fact:
        case facts.CallBackAsked(number=number, source=source, confirmed=confirmed):
            asked = replace(draft, number=number, source=source, confirmed=confirmed, wants_call_back=True)
            return asked.opened(at, "call-back asked for")
        case facts.MessageTaken():
            return replace(draft, message=True).opened(at, "message left")
        case facts.AlertRaised(kind=kind):
            return replace(draft, kind=kind).opened(at, f"alert: {kind}")
        case facts.Released():
            return _ended(draft, at)
        case _:
            return _enriched(draft, fact, at)


def _enriched(draft: Draft, fact: object, at: datetime) -> Draft:
    match fact:
        case facts.CallerIdentified(caller_id=caller_id):
            return replace(draft, caller=caller_id.number)
        case facts.Dialled(number=number):
            return replace(draft, caller=number)
        case facts.AgentAssigned(agent=agent):
            return replace(draft, greeted=agent)
        case facts.AgentConnected(agent=agent):
            return replace(draft, connected=agent)
        case facts.KindChosen(kind=kind):
            return replace(draft, kind=kind)
        case facts.RecordingStarted(path=path):
            return replace(draft, recording=path)
        case facts.QuestionAnswered():
            return replace(draft, answers=(*draft.answers, answer_noted(at, fact)))
        case _:
            return draft


def _ended(draft: Draft, at: datetime) -> Draft:
    """Whoever has answered questions and was served by nobody has told a case: it is not lost because he put the
    telephone down before he was told so (WD-12)."""
    told = draft.connected is None and any(answer.spoken or answer.digits for answer in draft.answers)
    after = replace(draft, ended_at=at)
    return replace(after, message=True).opened(at, "questions answered") if told else after
