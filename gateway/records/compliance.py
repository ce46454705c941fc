"""Judges a call against its standard, from its record alone: each clause kept, broken or not applicable.

Pure."""

from collections.abc import Iterable
from dataclasses import replace

from gateway.kpi.call import Direction
from gateway.records.exact import exact
from gateway.records.judging.agents import agents, leaving
from gateway.records.judging.call_backs import call_backs
from gateway.records.judging.case import Case, Judge
from gateway.records.judging.closing import closing
from gateway.records.judging.corrections import corrections
from gateway.records.judging.dead_air import dead_air
from gateway.records.judging.faults import Failed, Faults
from gateway.records.judging.greeting import answering, greeting
from gateway.records.judging.intake import intake
from gateway.records.judging.ladders import ladders
from gateway.records.judging.menu import menu
from gateway.records.judging.patience import patience
from gateway.records.judging.release import release
from gateway.records.judging.replies import replies
from gateway.records.judging.saying import notices, opening, phrases
from gateway.records.judging.unjudged import unjudged
from gateway.records.judging.waiting import waiting
from gateway.records.occasions import When
from gateway.records.record import CallRecord, Judgement
from gateway.records.rules import Rules

JUDGES: tuple[Judge, ...] = (
    greeting,
    notices,
    agents,
    menu,
    opening,
    ladders,
    dead_air,
    corrections,
    intake,
    waiting,
    patience,
    phrases,
    call_backs,
    replies,
    leaving,
    closing,
    release,
)
"""Whoever judges an answered call, in the order of the call."""

JUDGES_OF_OURS: tuple[Judge, ...] = (waiting, patience, phrases, call_backs, leaving, release)
"""Whoever judges a call that we make: nobody is greeted, asked or told but by his agent."""

JUDGED_BY: dict[When, tuple[Judge, ...]] = {
    When.ANSWER: (answering,),
    When.GREETING: (greeting, agents),
    When.NOTICE: (notices,),
    When.MENU: (menu,),
    When.OPENING: (opening,),
    When.LADDER: (ladders, dead_air),
    When.CORRECTION: (corrections,),
    When.QUESTION: (intake,),
    When.WAITING: (waiting,),
    When.PATIENCE: (patience,),
    When.PHRASE: (phrases,),
    When.CALL_BACK: (call_backs,),
    When.REPLY: (replies,),
    When.CLOSING: (closing, leaving),
    When.RELEASE: (release,),
    When.OWNER: (agents,),
}
"""Who judges on each occasion: where one of them failed, nobody knows whether the occasion was given."""


def judged(record: CallRecord, rules: Rules, failed: Failed | None = None) -> CallRecord:
    """The record of an ended call with each clause of its rules judged, or not applicable and why: nobody who hung
    up while ringing was to be greeted.

    `failed` is told of each judge that raises. It costs the clauses that nobody else has judged: they could not be
    judged, which stands where their reason would. Without `failed` the first one's exception is raised.
    """
    case, faults = Case(exact(record), rules), Faults(failed)
    compliance = _judgements(case, faults)
    at_fault = {
        when: found
        for when, judges in JUDGED_BY.items()
        if (found := faults.among(judge.__name__ for judge in judges))
    }
    rest = unjudged(case, {judgement.clause for judgement in compliance}, at_fault, faults)
    return replace(record, compliance=compliance, not_applicable=rest)


def judge(record: CallRecord, rules: Rules) -> tuple[Judgement, ...]:
    """The judgements of an ended call, in the order of the call; a clause that does not apply is left out.

    A clause stands there once for each step that it orders: TT-3 for the farewell and for who hangs up.
    """
    return _judgements(Case(exact(record), rules), Faults())


def _judgements(case: Case, faults: Faults) -> tuple[Judgement, ...]:
    ours = case.record.direction is Direction.OUT
    judges: tuple[Judge, ...] = () if ours else (answering,)
    if case.record.answered_at is not None:
        judges += JUDGES_OF_OURS if ours else JUDGES
    return _merged(judgement for judge in judges for judgement in _found(judge, case, faults))


def _found(judge: Judge, case: Case, faults: Faults) -> list[Judgement]:
    """All that one judge has found; nothing where he failed half way, as what he had yet to find is not known."""
    return faults.guarded(judge.__name__, lambda: list(judge(case)), [])


def _merged(found: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """One judgement for each clause and step: broken if one is, and then by the evidence of those alone."""
    together: dict[tuple[str, str], list[Judgement]] = {}
    for judgement in found:
        together.setdefault((judgement.clause, judgement.step), []).append(judgement)
    merged = []
    for (clause, step), judgements in together.items():
        kept = all(judgement.kept for judgement in judgements)
        telling = [judgement.evidence for judgement in judgements if judgement.kept is kept]
        merged.append(Judgement(clause, kept, "; ".join(dict.fromkeys(telling)), step))
    return tuple(merged)
