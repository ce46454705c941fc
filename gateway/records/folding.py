"""Folds a call's facts into its record. Pure: a record and a notice in, the next record out."""

from dataclasses import replace
from datetime import datetime
from math import isfinite

from gateway.call import facts
from gateway.call.facts import CutReason, Notice, ReleasedBy
from gateway.call.zoned import zoned
from gateway.kpi.call import Direction
from gateway.kpi.outcomes import outcome_of
from gateway.records.attended import attended, moved
from gateway.records.noted import (
    AlertNoted,
    AnswerNoted,
    CallBackNoted,
    HoldNoted,
    LossNoted,
    PromptNoted,
    VerdictNoted,
    WaitNoted,
)
from gateway.records.record import CallRecord, changed

GATEWAY_STOPPED = "gateway stopped"
"""Cause of a call that was still open when the gateway started: it, or the machine, had died in mid-call."""

MOST_LOSSES = 100
"""A telephone that suppresses silence loses its audio in every pause of a second, in a call of any length. 100 are
some minutes of such a call, and more than of any other."""


def fold(record: CallRecord | None, notice: Notice) -> CallRecord | None:
    """The record after `notice`. None before the call's Offered; a record that is closed never changes again."""
    if record is None:
        return _opened(notice)
    if not record.open:
        return record
    return _advanced(record, zoned(notice.at), notice.fact)


def closed(record: CallRecord, at: datetime, by: ReleasedBy, cause: str) -> CallRecord:
    """The record of a call that ended at `at`; where a clock that was set back says it ended before it was offered
    or answered, it ended then."""
    outcome = outcome_of(record.answered_at is not None, by)
    began = record.answered_at or record.offered_at
    ended_at = max(zoned(at), zoned(began))
    return changed(record, ended_at=ended_at, outcome=outcome, released_by=by.value, cause=cause)


def _opened(notice: Notice) -> CallRecord | None:
    fact = notice.fact
    if not isinstance(fact, facts.Offered) or notice.call is None:
        return None
    return CallRecord(
        call=notice.call,
        site=fact.site,
        line=fact.line,
        driver=fact.driver,
        dialplan=fact.dialplan,
        agent=fact.agent,
        offered_at=zoned(notice.at),
    )


def _advanced(record: CallRecord, at: datetime, fact: object) -> CallRecord:
    match fact:
        case facts.Rang(rings=rings):
            return changed(record, rings=rings)
        case facts.CallerIdentified(caller_id=caller_id):
            return changed(record, caller=caller_id.number, caller_name=caller_id.name)
        case facts.CallAnswered(rings=rings):
            return changed(record, rings=rings, answered_at=at)
        case facts.PromptStarted() | facts.PromptFailed():
            return changed(record, prompts=(*record.prompts, _begun(at, fact)))
        case facts.PromptFinished():
            return changed(record, prompts=_finished(record.prompts, at, fact))
        case facts.VerdictGiven():
            verdict = VerdictNoted(at, fact.verdict.value, _number(fact.level_dbfs), _number(fact.snr_db))
            return changed(record, verdicts=(*record.verdicts, verdict))
        case facts.DigitDialled(digit=digit):
            return changed(record, digits=record.digits + digit)
        case facts.RecordingStarted(path=path):
            return changed(record, recording=path)
        case facts.Released(by=by, cause=cause):
            return closed(record, at, by, cause)
        case _:
            return _served(record, at, fact)


def _served(record: CallRecord, at: datetime, fact: object) -> CallRecord:
    """The record after a fact of how the customer was served."""
    match fact:
        case facts.KindChosen(kind=kind, digit=digit):
            return changed(record, kind=kind, kind_digit=digit, kind_at=at)
        case facts.AlertRaised(kind=kind, clause=clause):
            return changed(record, alerts=(*record.alerts, AlertNoted(at, kind, clause)))
        case facts.QuestionAnswered():
            return changed(record, answers=(*record.answers, answer_noted(at, fact)))
        case facts.WaitBegan(position=position):
            positions = () if position is None else (position,)
            return changed(record, waits=(*record.waits, WaitNoted(at, positions=positions)))
        case facts.WaitEnded():
            return changed(record, waits=_waited(record.waits, at, fact))
        case facts.CustomerHeld():
            return changed(record, holds=(*record.holds, HoldNoted(at)))
        case facts.CustomerResumed():
            return changed(record, holds=_resumed(record.holds, at))
        case facts.MediaLost():
            return _lost(record, at)
        case facts.MediaRestored():
            return changed(record, losses=_restored(record.losses, at))
        case _:
            return _of_desk(record, at, fact)


def _of_desk(record: CallRecord, at: datetime, fact: object) -> CallRecord:
    """The record after a fact of agents, tickets and call-backs."""
    match fact:
        case facts.AgentRinging() | facts.AgentMissed() | facts.AgentConnected() | facts.AgentLeft():
            return changed(record, agents=attended(record.agents, at, fact))
        case facts.WaitMoved(position=position):
            return changed(record, waits=moved(record.waits, position))
        case facts.AgentAssigned(agent=agent):
            return changed(record, agent=agent, owner=agent)
        case facts.CallBackAsked(number=number, source=source, confirmed=confirmed):
            asked = CallBackNoted(at, number, source.value if source else None, confirmed)
            return changed(record, call_backs=(*record.call_backs, asked))
        case facts.MessageTaken():
            return changed(record, message_at=at)
        case facts.Dialled(ticket=ticket, number=number):
            return changed(record, direction=Direction.OUT, ticket=ticket, caller=number)
        case _:
            return record


def _begun(at: datetime, fact: facts.PromptStarted | facts.PromptFailed) -> PromptNoted:
    """A prompt that began to be said, or was to be and failed."""
    prompt = fact.prompt
    part, duration = prompt.part.value, round(prompt.duration, 3)
    noted = PromptNoted(prompt.key, prompt.text, prompt.clause, started_at=at, part=part, duration=duration)
    return (
        noted if isinstance(fact, facts.PromptStarted) else replace(noted, ended_at=at, cut=CutReason.LINE.value)
    )


def _finished(
    prompts: tuple[PromptNoted, ...], at: datetime, fact: facts.PromptFinished
) -> tuple[PromptNoted, ...]:
    """The prompts with the end of the one that is being said; prompts never overlap, so it is the last."""
    if not prompts or prompts[-1].ended_at is not None or prompts[-1].prompt != fact.prompt.key:
        return prompts
    ended = replace(
        prompts[-1], ended_at=at, complete=fact.complete, cut=fact.cut.value if fact.cut is not None else None
    )
    return (*prompts[:-1], ended)


def answer_noted(at: datetime, fact: facts.QuestionAnswered) -> AnswerNoted:
    """What is noted of an answer that was complete at `at`."""
    question = fact.question
    return AnswerNoted(
        question=question.key,
        text=question.prompt.text,
        clause=question.prompt.clause,
        recording=question.recording,
        digits=fact.digits,
        spoken=fact.spoken,
        at=at,
    )


def _waited(waits: tuple[WaitNoted, ...], at: datetime, fact: facts.WaitEnded) -> tuple[WaitNoted, ...]:
    """The waits with the end of the last one."""
    if not waits or waits[-1].ended_at is not None:
        return waits
    waited = round(fact.waited, 3) if isfinite(fact.waited) else None
    return (*waits[:-1], replace(waits[-1], ended_at=at, waited=waited, overdue=fact.overdue, chosen=fact.chosen))


def _resumed(holds: tuple[HoldNoted, ...], at: datetime) -> tuple[HoldNoted, ...]:
    """The holds with the end of the last one."""
    if not holds or holds[-1].resumed_at is not None:
        return holds
    return (*holds[:-1], replace(holds[-1], resumed_at=at))


def _lost(record: CallRecord, at: datetime) -> CallRecord:
    """The record with one more loss, in the place of the last one once there are MOST_LOSSES."""
    if len(record.losses) < MOST_LOSSES:
        return changed(record, losses=(*record.losses, LossNoted(at)))
    *first, last = record.losses
    return changed(record, losses=(*first, LossNoted(at)), losses_between=record.losses_between.plus(last, at))


def _restored(losses: tuple[LossNoted, ...], at: datetime) -> tuple[LossNoted, ...]:
    """The losses with the end of the last one."""
    if not losses or losses[-1].restored_at is not None:
        return losses
    return (*losses[:-1], replace(losses[-1], restored_at=at))


def _number(value: float | None) -> float | None:
    """JSON and databases have no infinities: digital silence is −120 dBFS, what is no number is None."""
    if value is None or value != value:
        return None
    return round(min(max(value, -120.0), 120.0), 1)
