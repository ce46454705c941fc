"""Ladders in order, and the release at their end (JH-6, JH-7, WD-8)."""

from collections.abc import Iterable, Iterator

from gateway.call.facts import ReleasedBy
from gateway.call.prompt import Part
from gateway.records.judging.case import Case, spoilt, why
from gateway.records.judging.release import TOLERANCE
from gateway.records.noted import PromptNoted
from gateway.records.record import CallRecord, Judgement
from gateway.records.rules import LadderRule


def ladders(case: Case) -> Iterator[Judgement]:
    """Each ladder that was climbed, or whose clause released the call."""
    spoken = case.prompts(Part.LADDER)
    known = {key for ladder in case.rules.ladders for key in ladder.rungs}
    for ladder in case.rules.ladders:
        climbed = [prompt for prompt in spoken if prompt.prompt in ladder.rungs]
        # Where two ladders keep one clause, the one climbed last ordered the release.
        last = next((prompt.prompt for prompt in reversed(spoken) if prompt.prompt in known), None)
        ordered = case.record.released_by == ReleasedBy.STANDARD and case.record.cause == ladder.clause
        if climbed or ordered:
            yield _judged(case, ladder, climbed, ordered and (last is None or last in ladder.rungs))


def _judged(case: Case, ladder: LadderRule, climbed: list[PromptNoted], ordered: bool) -> Judgement:
    steps = ", ".join(prompt.prompt for prompt in climbed) or "no step"
    unheard = _unheard(case, climbed)
    broken = next((prompt for prompt in climbed if spoilt(prompt)), None)
    if not _in_order(climbed, ladder):
        return Judgement(ladder.clause, False, f"steps out of order: {steps}", Part.LADDER)
    if broken is not None:
        evidence = f"{broken.prompt} not said to its end: {why(broken)}"
        return Judgement(ladder.clause, False, evidence, Part.LADDER)
    if ordered:
        return _ordered_release(case.record, ladder, climbed, steps, unheard)
    return Judgement(ladder.clause, True, f"{steps} in order; its release was not due{unheard}", Part.LADDER)


def _unheard(case: Case, climbed: list[PromptNoted]) -> str:
    """How many of the steps were said to a customer who may not have been silent: his audio did not come."""
    steps = sum(any(loss.at(prompt.started_at) for loss in case.record.losses) for prompt in climbed)
    return f"; no audio came from the customer at {steps} of {len(climbed)} steps" if steps else ""


def _in_order(climbed: Iterable[PromptNoted], ladder: LadderRule) -> bool:
    """Each step follows the one below it; a customer who was understood begins the ladder anew."""
    below = -1
    for prompt in climbed:
        rung = ladder.rungs.index(prompt.prompt)
        if rung not in (0, below + 1):
            return False
        below = rung
    return True


def _ordered_release(
    record: CallRecord, ladder: LadderRule, climbed: list[PromptNoted], steps: str, unheard: str
) -> Judgement:
    """The clause's own release: after the whole ladder, and after its wait."""
    whole = tuple(prompt.prompt for prompt in climbed[-len(ladder.rungs) :]) == ladder.rungs
    final = climbed[-1] if climbed else None
    if not whole or final is None or not final.complete or final.ended_at is None or record.ended_at is None:
        return Judgement(ladder.clause, False, f"released before the ladder was climbed: {steps}", Part.LADDER)
    waited = (record.ended_at - final.ended_at).total_seconds()
    kept = waited >= ladder.release_wait - TOLERANCE
    evidence = f"{steps} in order, released {waited:.1f} s after, {ladder.release_wait:g} s asked{unheard}"
    return Judgement(ladder.clause, kept, evidence, Part.LADDER)
