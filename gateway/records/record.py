"""The call record: all that is known of one call, and its JSON. Pure."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from gateway.kpi.call import Direction, Outcome
from gateway.records.noted import (
    NONE_COUNTED,
    AgentNoted,
    AlertNoted,
    AnswerNoted,
    CallBackNoted,
    HoldNoted,
    LossesCounted,
    LossNoted,
    PromptNoted,
    VerdictNoted,
    WaitNoted,
    rfc3339,
    rfc3339_or_none,
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a call kept one clause, and what shows it. `step` is the part of the call that it judges."""

    clause: str
    kept: bool
    evidence: str
    step: str

    def fields(self) -> dict[str, Any]:
        """Its JSON."""
        return {"clause": self.clause, "kept": self.kept, "evidence": self.evidence, "step": self.step}


COULD_NOT_BE_JUDGED = "could not be judged"
"""In the evidence of a clause whose judge failed, before the judge's name."""


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A clause that a call gave no occasion to keep or to break, and why; or one whose judge failed."""

    clause: str
    evidence: str

    @property
    def at_fault(self) -> bool:
        """Whether it may have been kept or broken: it could not be judged."""
        return COULD_NOT_BE_JUDGED in self.evidence

    def fields(self) -> dict[str, Any]:
        """Its JSON."""
        return {"clause": self.clause, "evidence": self.evidence}


@dataclass(frozen=True)
class CallRecord:
    """One call. Until it has ended, `ended_at`, `outcome`, `released_by` and `cause` are None.

    Times are aware. `caller` is the whole number (WD-11: for those who may read the records), None where the
    exchange gave none. `kind` is what sort of request it is (TT-1), None where that was not asked or not told;
    `kind_digit` is None where no key chose it. `losses` are the first MOST_LOSSES - 1 and the last;
    `losses_between` counts the others.
    `agent` is who greets; `owner` the agent whom the caller ID told to be responsible for this customer (WD-13).
    Without slots, so that `changed` may copy its fields all at once.
    """

    call: str
    site: str
    line: str
    driver: str
    dialplan: str
    agent: str
    offered_at: datetime
    caller: str | None = None
    caller_name: str | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    rings: int = 0
    outcome: Outcome | None = None
    released_by: str | None = None
    cause: str | None = None
    verdicts: tuple[VerdictNoted, ...] = ()
    prompts: tuple[PromptNoted, ...] = ()
    digits: str = ""
    kind: str | None = None
    kind_digit: str | None = None
    kind_at: datetime | None = None
    alerts: tuple[AlertNoted, ...] = ()
    answers: tuple[AnswerNoted, ...] = ()
    waits: tuple[WaitNoted, ...] = ()
    holds: tuple[HoldNoted, ...] = ()
    losses: tuple[LossNoted, ...] = ()
    losses_between: LossesCounted = NONE_COUNTED
    direction: Direction = Direction.IN
    ticket: int | None = None
    """The ticket by which a call of ours is owed (JS-7)."""
    owner: str | None = None
    agents: tuple[AgentNoted, ...] = ()
    """One for each time an agent was rung, in that order."""
    call_backs: tuple[CallBackNoted, ...] = ()
    message_at: datetime | None = None
    """When the customer had told his case and no agent was to be had."""
    recording: str | None = None
    compliance: tuple[Judgement, ...] = ()
    not_applicable: tuple[NotApplicable, ...] | None = None
    """The other clauses of its dialplan, as it was then; None while the call is up, in a record from before they
    were noted, and in one of which nothing could be judged."""

    @property
    def open(self) -> bool:
        """Whether the call is still up, as far as is known."""
        return self.ended_at is None

    def may_have_been_lost(self, when: datetime) -> bool:
        """Whether no audio came from the customer then, as far as his losses are noted."""
        unknown = self.losses_between.count and self.losses[-2].lost_at < when < self.losses[-1].lost_at
        return bool(unknown) or any(loss.at(when) for loss in self.losses)

    def held(self, since: datetime, until: datetime) -> float:
        """Seconds between two times in which the customer had us on hold."""
        spans = ((max(hold.held_at, since), min(hold.resumed_at or until, until)) for hold in self.holds)
        return sum(max(0.0, (end - start).total_seconds()) for start, end in spans)

    def fields(self) -> dict[str, Any]:
        """Its JSON, as `sansheng calls --json` prints it."""
        unjudged = self.not_applicable
        return {
            "call": self.call,
            "site": self.site,
            "line": self.line,
            "driver": self.driver,
            "dialplan": self.dialplan,
            "caller": self.caller,
            "caller_name": self.caller_name,
            "offered_at": rfc3339(self.offered_at),
            "answered_at": rfc3339_or_none(self.answered_at),
            "ended_at": rfc3339_or_none(self.ended_at),
            "rings": self.rings,
            "outcome": self.outcome.value if self.outcome else None,
            "released_by": self.released_by,
            "cause": self.cause,
            "agent": self.agent,
            "verdicts": [verdict.fields() for verdict in self.verdicts],
            "prompts": [prompt.fields() for prompt in self.prompts],
            "digits": self.digits,
            "kind": self.kind,
            "kind_digit": self.kind_digit,
            "kind_at": rfc3339_or_none(self.kind_at),
            "alerts": [alert.fields() for alert in self.alerts],
            "answers": [answer.fields() for answer in self.answers],
            "waits": [wait.fields() for wait in self.waits],
            "holds": [hold.fields() for hold in self.holds],
            "losses": [loss.fields() for loss in self.losses],
            "losses_between": self.losses_between.fields(),
            "direction": self.direction.value,
            "ticket": self.ticket,
            "owner": self.owner,
            "agents": [agent.fields() for agent in self.agents],
            "call_backs": [asked.fields() for asked in self.call_backs],
            "message_at": rfc3339_or_none(self.message_at),
            "recording": self.recording,
            "compliance": [judgement.fields() for judgement in self.compliance],
            "not_applicable": None if unjudged is None else [one.fields() for one in unjudged],
        }


def changed(record: CallRecord, **values: Any) -> CallRecord:
    """As dataclasses.replace, at a tenth of its cost: a record is changed with most of its call's facts. KeyError
    for a name that is no field's."""
    if not values.keys() <= _NAMES:
        raise KeyError(*(values.keys() - _NAMES))
    after = object.__new__(CallRecord)
    after.__dict__.update(record.__dict__, **values)
    return after


_NAMES = frozenset(field.name for field in fields(CallRecord))
