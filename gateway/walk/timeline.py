"""A walk as rows that a supervisor reads: when, what, which words, which clause."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from drivers.line import Verdict
from gateway.call import facts
from gateway.call.facts import CallFact, CutReason, PromptFinished, PromptStarted, ReleasedBy
from gateway.walk.walk import Moment, Walk


class Side(StrEnum):
    """Who does what a row tells."""

    GATEWAY = "gateway"
    LINE = "line"
    CUSTOMER = "customer"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that happens. `seconds` as a Moment's."""

    seconds: float
    at: datetime
    side: Side
    what: str
    text: str = ""
    """What is said, word for word."""
    clause: str = ""
    """The clause that orders it."""


_HEARD = {
    Verdict.SILENT: "is silent",
    Verdict.NOISY: "makes noise",
    Verdict.FAINT: "speaks, too faint",
    Verdict.LOUD: "speaks, too loud",
    Verdict.SPEECH: "speaks",
}
_CUT = {
    CutReason.BARGE_IN: "cut by the customer",
    CutReason.FAR_END_HUNG_UP: "the customer hung up",
    CutReason.HANDSET: "taken at a parallel telephone",
    CutReason.LINE: "lost by the line",
    CutReason.RELEASED: "cut by the release",
    CutReason.WAIT_ENDED: "cut: the wait is over",
    CutReason.AGENT: "cut: the agent has come",
}


def _call_back_clause(walk: Walk) -> str:
    return walk.plan.call_back.clause if walk.plan.call_back else ""


def _wait_clause(walk: Walk) -> str:
    return walk.plan.waiting.clause if walk.plan.waiting else ""


_Told = tuple[Side, str, str]
"""Whose doing, what, by which clause."""

_TOLD: dict[type[CallFact], Callable[[Any, Walk], _Told]] = {
    facts.Rang: lambda f, _: (Side.LINE, f"ring {f.rings}", ""),
    facts.CallerIdentified: lambda f, _: (Side.LINE, f"caller ID {f.caller_id.number}", ""),
    facts.CallAnswered: lambda f, walk: (Side.GATEWAY, "answers", walk.plan.answer.clause),
    facts.VerdictGiven: lambda f, _: (Side.CUSTOMER, _HEARD[f.verdict], ""),
    facts.DigitDialled: lambda f, _: (Side.CUSTOMER, f"presses {f.digit}", ""),
    facts.KindChosen: lambda f, _: (Side.GATEWAY, f"it is: {f.kind}", f.clause),
    facts.AlertRaised: lambda f, _: (Side.GATEWAY, f"alert: {f.kind}", f.clause),
    facts.QuestionAnswered: lambda f, _: (Side.GATEWAY, _answer(f), f.question.prompt.clause),
    facts.AgentRinging: lambda f, _: (Side.AGENT, f"{f.agent} is rung", ""),
    facts.AgentMissed: lambda f, _: (Side.AGENT, f"{f.agent} does not come ({f.why})", ""),
    facts.AgentConnected: lambda f, _: (Side.AGENT, f"{f.agent} talks with him", ""),
    facts.AgentLeft: lambda f, _: (Side.AGENT, f"{f.agent} has gone ({f.why})", ""),
    facts.WaitBegan: lambda f, walk: (*_wait_began(f), _wait_clause(walk)),
    facts.WaitMoved: lambda f, _: (Side.GATEWAY, f"place in the queue: {f.position}", ""),
    facts.WaitEnded: lambda f, _: (_ends_wait(f), _wait_ended(f), ""),
    facts.CallBackAsked: lambda f, walk: (Side.GATEWAY, _call_back(f), _call_back_clause(walk)),
    facts.MessageTaken: lambda _, __: (Side.GATEWAY, "his case is passed on", ""),
    facts.CustomerHeld: lambda _, __: (Side.CUSTOMER, "puts us on hold", ""),
    facts.CustomerResumed: lambda _, __: (Side.CUSTOMER, "is back", ""),
    facts.CustomerHungUp: lambda _, __: (Side.CUSTOMER, "hangs up", ""),
    facts.HandsetLifted: lambda _, __: (Side.LINE, "a parallel telephone is picked up", ""),
}
"""What a fact is to a reader; states are left out, as every step between them is told."""


def timeline(walk: Walk) -> list[Row]:
    """The rows of a walk, in order. A prompt stands where it begins, and tells how long it was heard."""
    rows = [*_rows(walk), *_refusals(walk)]
    return sorted(rows, key=lambda row: row.seconds)


def ending(walk: Walk) -> str:
    """What ended the call, in words."""
    record = walk.record
    if record.released_by is None:
        return "the call does not end by itself"
    return {
        ReleasedBy.CUSTOMER: "the customer hangs up",
        ReleasedBy.STANDARD: f"{record.cause} orders the release",
        ReleasedBy.GUARD: f"the guard releases the line, as nobody hung up ({record.cause})",
        ReleasedBy.HANDSET: "somebody takes the call at a parallel telephone",
        ReleasedBy.UNREACHED: f"he is not reached: {record.cause}",
        ReleasedBy.FAULT: f"a fault: {record.cause}",
        ReleasedBy.SHUTDOWN: "the gateway is stopped",
    }[ReleasedBy(record.released_by)]


def _rows(walk: Walk) -> Iterator[Row]:
    heard: Verdict | None = None
    for index, moment in enumerate(walk.moments):
        fact = moment.fact
        if isinstance(fact, PromptStarted):
            yield _said(moment, _finish(walk.moments[index + 1 :]))
        elif isinstance(fact, facts.VerdictGiven):
            if fact.verdict is not heard:
                yield _row(moment, _TOLD[type(fact)](fact, walk))
            heard = fact.verdict
        elif isinstance(fact, facts.Released):
            yield _row(moment, _released(fact))
        elif type(fact) in _TOLD:
            yield _row(moment, _TOLD[type(fact)](fact, walk))


def _row(moment: Moment, told: _Told) -> Row:
    side, what, clause = told
    return Row(moment.seconds, moment.notice.at, side, what, clause=clause)


def _said(began: Moment, finish: Moment | None) -> Row:
    assert isinstance(began.fact, PromptStarted)
    prompt = began.fact.prompt
    what = f"says {prompt.key}"
    if finish is not None:
        assert isinstance(finish.fact, PromptFinished)
        what += f", {finish.seconds - began.seconds:.1f} s"
        what += f", {_CUT[finish.fact.cut]}" if finish.fact.cut else ""
    return Row(began.seconds, began.notice.at, Side.GATEWAY, what, prompt.text, prompt.clause)


def _finish(later: Iterable[Moment]) -> Moment | None:
    """One prompt at a time: the next that ends is the one that has begun."""
    return next((moment for moment in later if isinstance(moment.fact, PromptFinished)), None)


def _released(fact: facts.Released) -> _Told:
    if fact.by in (ReleasedBy.STANDARD, ReleasedBy.GUARD):
        return Side.GATEWAY, "releases the line", fact.cause
    return Side.LINE, "free again", ""


def _answer(fact: facts.QuestionAnswered) -> str:
    how = f"keys {fact.digits}" if fact.digits else "spoken" if fact.spoken else "none"
    return f"answer to {fact.question.key}: {how}"


def _wait_began(fact: facts.WaitBegan) -> tuple[Side, str]:
    if fact.position is None:
        return Side.AGENT, "lets him wait"
    return Side.GATEWAY, f"lets him wait for an agent, place in the queue: {fact.position}"


def _ends_wait(fact: facts.WaitEnded) -> Side:
    return Side.CUSTOMER if fact.chosen else Side.GATEWAY if fact.overdue else Side.AGENT


def _call_back(fact: facts.CallBackAsked) -> str:
    if fact.number is None:
        return "no number to call back"
    return f"to be called back at {fact.number}" + (", confirmed" if fact.confirmed else ", not confirmed")


def _wait_ended(fact: facts.WaitEnded) -> str:
    return f"ends the wait after {fact.waited:.0f} s" + (", the longest allowed" if fact.overdue else "")


def _refusals(walk: Walk) -> Iterator[Row]:
    began = walk.moments[0]
    for seconds, why in walk.refused:
        at = min(walk.moments, key=lambda moment: abs(moment.seconds - seconds), default=began).notice.at
        yield Row(seconds, at, Side.AGENT, f"is refused: {why}")
