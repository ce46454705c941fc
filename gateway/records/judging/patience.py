"""The words that end a wait: thanks for a long one, the apology for one that nobody ended (JH-9)."""

from collections.abc import Iterator

from gateway.records.judging.case import Case, spoilt, why
from gateway.records.judging.steps import PATIENCE
from gateway.records.noted import WaitNoted
from gateway.records.record import Judgement
from gateway.records.rules import Said, WaitingRule

AT_LATEST = 3.0
"""Seconds after a wait in which a call that ends is excused from its last words: they may not have begun yet."""


def patience(case: Case) -> Iterator[Judgement]:
    """The last words of each wait that has ended, where some are due."""
    rule = case.rules.waiting
    if rule is None:
        return
    for wait in case.record.waits:
        due = _due(rule, wait)
        if due is not None:
            yield from _judged(case, wait, due)


def _due(rule: WaitingRule, wait: WaitNoted) -> Said | None:
    if wait.ended_at is None or wait.waited is None or wait.chosen:
        return None
    if wait.overdue:
        return rule.sorry
    return rule.thanks if wait.waited >= rule.long else None


def _judged(case: Case, wait: WaitNoted, due: Said) -> Iterator[Judgement]:
    assert wait.ended_at is not None
    waited = f"after {wait.waited:.1f} s"
    spoken = next((prompt for prompt in case.record.prompts if prompt.started_at >= wait.ended_at), None)
    if spoken is None:
        end = case.record.ended_at or wait.ended_at
        if (end - wait.ended_at).total_seconds() > AT_LATEST:
            yield Judgement(due.clause, False, f"{due.key} was not said {waited}", PATIENCE)
    elif spoken.prompt != due.key:
        yield Judgement(due.clause, False, f"{spoken.prompt} said {waited}, where {due.key} was due", PATIENCE)
    elif spoilt(spoken):
        yield Judgement(due.clause, False, f"{due.key} not said to its end: {why(spoken)}", PATIENCE)
    elif spoken.whole:
        yield Judgement(due.clause, True, f"「{spoken.text}」 said {waited} of waiting", PATIENCE)
