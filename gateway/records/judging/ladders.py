"""Ladders in order, and the release at their end (JH-6, JH-7, WD-8)."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from gateway.call.facts import ReleasedBy
from gateway.call.prompt import Part
from gateway.records.judging.case import Case, spoilt, why
from gateway.records.judging.release import TOLERANCE
from gateway.records.noted import PromptNoted
from gateway.records.record import CallRecord, Judgement
from gateway.records.rules import LadderRule

LATEST_RELEASE = 5.0
"""Seconds by which the release may come late: as long as the slowest line takes for an order."""


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
    late = _unreleased(case, ladder, climbed[-1]) if climbed else None
    if late is not None:
        asked = f"its release was due {ladder.release_wait:g} s after {ladder.final}"
        evidence = f"{steps} in order, but {asked}; released by {case.record.released_by} {late:.1f} s after"
        return Judgement(ladder.clause, False, evidence, Part.LADDER)
    return Judgement(ladder.clause, True, f"{steps} in order; its release was not due{unheard}", Part.LADDER)


def _unreleased(case: Case, ladder: LadderRule, last: PromptNoted) -> float | None:
    """Seconds after the whole ladder at which something else than its release ended the call, which had come due
    by then; None where nothing is wrong: the customer hung up or spoke after all, or somebody came."""
    record = case.record
    if last.prompt != ladder.final or not last.whole or last.ended_at is None or record.ended_at is None:
        return None
    if record.released_by in (ReleasedBy.CUSTOMER, ReleasedBy.HANDSET) or _went_on(case, last.started_at):
        return None
    lasted = (record.ended_at - last.ended_at).total_seconds() - record.held(last.ended_at, record.ended_at)
    return lasted if lasted > ladder.release_wait + LATEST_RELEASE else None


def _went_on(case: Case, since: datetime) -> bool:
    """Whether the customer was understood, or somebody spoke to him, after the last words began."""
    record = case.record
    heard = any(end > since for _, end in case.heard(case.understood, record.ended_at or since))
    came = any(agent.connected_at is not None and agent.connected_at >= since for agent in record.agents)
    return heard or came or any(prompt.started_at > since for prompt in record.prompts)


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
    if not whole or final is None or not final.whole or final.ended_at is None or record.ended_at is None:
        return Judgement(ladder.clause, False, f"released before the ladder was climbed: {steps}", Part.LADDER)
    waited = (record.ended_at - final.ended_at).total_seconds()
    late = waited - record.held(final.ended_at, record.ended_at) - ladder.release_wait
    kept = waited >= ladder.release_wait - TOLERANCE and late <= LATEST_RELEASE
    evidence = f"{steps} in order, released {waited:.1f} s after, {ladder.release_wait:g} s asked{unheard}"
    return Judgement(ladder.clause, kept, evidence, Part.LADDER)
