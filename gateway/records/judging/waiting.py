"""The waiting customer is reassured at once, then again and again: never more often, never a longer gap (JH-8)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from gateway.call.prompt import Part
from gateway.records.judging.case import Case, spoilt, why
from gateway.records.judging.saying import said
from gateway.records.noted import PromptNoted, WaitNoted
from gateway.records.record import Judgement
from gateway.records.rules import WaitingRule

AT_ONCE = 1.0
"""Seconds in which the first words of a wait are said at once."""
JITTER = 0.5
"""Seconds by which a beginning on the line may be off: every line has a delay of its own before each prompt."""


def waiting(case: Case) -> Iterator[Judgement]:
    """All waits of the call together."""
    rule = case.rules.waiting
    if rule is None:
        yield from said(case.prompts(Part.WAITING), Part.WAITING)
        return
    told = [_told(case, rule, wait) for wait in case.record.waits]
    told = [(evidence, fault) for evidence, fault in told if evidence or fault]
    if told:
        evidence = "; then ".join(", ".join(text for text in pair if text) for pair in told)
        yield Judgement(rule.clause, not any(fault for _, fault in told), evidence, Part.WAITING)


def _told(case: Case, rule: WaitingRule, wait: WaitNoted) -> tuple[str, str]:
    """Evidence of one wait, and what is wrong with it: nothing of both where the customer left before a word."""
    end = wait.ended_at or case.record.ended_at or wait.began_at
    spoken = [p for p in case.prompts(Part.WAITING) if wait.began_at <= p.started_at <= end]
    spoken = [p for p in spoken if p.prompt in (rule.first, rule.again)]
    begun = [prompt.started_at for prompt in spoken if not prompt.failed]
    seconds = [f"{(at - wait.began_at).total_seconds():.1f} s" for at in begun]
    evidence = f"reassured at {', '.join(seconds)}" if seconds else ""
    held = case.record.held(wait.began_at, end)
    if evidence and held:
        evidence += f", {held:.1f} s of it on hold"
    return evidence, ", ".join(_faults(case, rule, wait.began_at, end, spoken))


def _faults(
    case: Case, rule: WaitingRule, began: datetime, end: datetime, spoken: list[PromptNoted]
) -> Iterator[str]:
    first = spoken[0].started_at if spoken else end
    passed = (first - began).total_seconds() - case.record.held(began, first)
    if passed > AT_ONCE:
        yield f"{'first after' if spoken else 'not reassured in'} {passed:.1f} s, {AT_ONCE:g} s allowed"
    for number, prompt in enumerate(spoken):
        due = rule.again if number else rule.first
        if prompt.prompt != due:
            yield f"{prompt.prompt} said where {due} was due"
        if spoilt(prompt):
            yield f"{prompt.prompt} not said to its end: {why(prompt)}"
    for before, after in pairwise(spoken):
        yield from _gap(case, rule, before.started_at, after.started_at)
    if spoken:
        yield from _gap(case, rule, spoken[-1].started_at, end, last=True)


def _gap(case: Case, rule: WaitingRule, before: datetime, after: datetime, *, last: bool = False) -> Iterator[str]:
    """One beginning to the next, or to the wait's end, which may come sooner. Time on hold is nobody's gap."""
    held = case.record.held(before, after)
    gap = (after - before).total_seconds() - held
    due = _due(case, before + timedelta(seconds=rule.every + held))
    late = (after - due).total_seconds() > JITTER
    if late or (gap < rule.every - JITTER and not last):
        yield f"gap {gap:.1f} s broken"


def _due(case: Case, due: datetime) -> datetime:
    """When the next reassurance is due: after a phrase of the agent's, or the offer of a call-back, that is being
    said by then."""
    for phrase in case.prompts(Part.PHRASE, Part.CALL_BACK):
        if phrase.started_at <= due + timedelta(seconds=JITTER) and due < (phrase.ended_at or due):
            due = phrase.ended_at or due
    return due
