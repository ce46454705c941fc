"""Who hung up first (JH-2, TT-3), or whether the release came after the farewell (WD-2)."""

from collections.abc import Iterator

from gateway.call.facts import ReleasedBy
from gateway.call.prompt import Part
from gateway.records.judging.case import Case, why
from gateway.records.judging.steps import RELEASE
from gateway.records.occasions import WARNING
from gateway.records.record import Judgement

TOLERANCE = 0.1
"""Seconds a wait may seem shorter than it was: facts are stamped on arrival, an event loop's turn apart."""


def release(case: Case) -> Iterator[Judgement]:
    """Kept where the customer hung up first, or a clause of the standard ordered the release; and where nobody
    hung up, as he goes on talking to somebody at a parallel telephone."""
    by, cause = case.record.released_by, case.record.cause
    if by is None:
        return
    if by == ReleasedBy.STANDARD:
        kept, evidence = _ordered(case)
    else:
        kept = by in (ReleasedBy.CUSTOMER, ReleasedBy.HANDSET)
        evidence = {
            ReleasedBy.CUSTOMER: f"released by customer ({cause})",
            ReleasedBy.GUARD: f"released by guard{_since_words(case)}: the customer stayed on",
            ReleasedBy.HANDSET: f"nobody hung up: taken at a {cause}",
            ReleasedBy.FAULT: f"released by fault ({cause})",
            ReleasedBy.UNREACHED: f"released as one who was not reached ({cause})",
            ReleasedBy.SHUTDOWN: "released by shutdown: the gateway was stopped",
        }[ReleasedBy(by)]
    evidence = f"{_stayed(case)}{evidence}"
    yield Judgement(case.rules.hang_up_clause, kept, evidence, RELEASE)
    for warning in case.prompts(Part.NOTICE):
        if warning.prompt == WARNING and not warning.failed and warning.clause != case.rules.hang_up_clause:
            yield Judgement(warning.clause, kept, f"warned all the same: {evidence}", RELEASE)


def _stayed(case: Case) -> str:
    """That the line outlived an agent who left first; empty where none did."""
    last = next((agent for agent in reversed(case.record.agents) if agent.connected_at is not None), None)
    if last is None or last.left_at is None:
        return ""
    return f"agent {last.agent} left first ({last.left}), the line stayed; "


def _since_words(case: Case) -> str:
    """How long after our last words the call ended; empty where none were said."""
    said = [prompt for prompt in case.record.prompts if not prompt.failed]
    last, ended_at = said[-1] if said else None, case.record.ended_at
    if last is None or last.ended_at is None or ended_at is None:
        return ""
    return f" {max(0.0, (ended_at - last.ended_at).total_seconds()):.1f} s after {last.prompt}"


def _ordered(case: Case) -> tuple[bool, str]:
    """Whether a clause could order the release, and did so when it was due."""
    cause, rules = case.record.cause, case.rules
    last = next((prompt for prompt in reversed(case.record.prompts)), None)
    after_farewell = last is not None and case.part(last) in (Part.CLOSING, Part.LAST_WORDS)
    if cause == rules.hang_up_clause and rules.release_wait is not None and after_farewell:
        return _after_farewell(case, rules.release_wait)
    if any(cause == ladder.clause for ladder in rules.ladders):
        return True, f"released by standard, as {cause} orders"
    if cause == rules.hang_up_clause and rules.release_wait is not None:
        return False, f"released by standard{_since_words(case)}, before the farewell was said"
    return False, f"released by {cause}, which orders no release"


def _after_farewell(case: Case, release_wait: float) -> tuple[bool, str]:
    """The farewell to its end, then the time for the customer's own."""
    last, ended_at = case.record.prompts[-1], case.record.ended_at
    if case.part(last) != Part.LAST_WORDS and not case.farewell(last):
        return False, f"released by standard{_since_words(case)}, before the farewell was said"
    if not last.whole or last.ended_at is None or ended_at is None:
        return False, f"released after 「{last.text}」 was not said to its end: {why(last)}"
    waited = (ended_at - last.ended_at).total_seconds()
    evidence = f"released {waited:.1f} s after 「{last.text}」 was said to its end, {release_wait:g} s asked"
    return waited >= release_wait - TOLERANCE, evidence
