"""Judges a call against its standard, clause by clause, from its record alone. Pure.

A clause that does not apply to the call is left out: nobody who hung up while ringing was to be greeted.
"""

from collections.abc import Iterable, Iterator

from gateway.call.facts import CutReason, ReleasedBy
from gateway.records.record import CallRecord, Judgement, PromptNoted
from gateway.records.rules import LadderRule, Rules

ANSWER = "answer"
GREETING = "greeting"
LADDER = "ladder"
CLOSING = "closing"
RELEASE = "release"

TOLERANCE = 0.1
"""Seconds a wait may seem shorter than it was: facts are stamped on arrival, an event loop's turn apart."""

EXCUSED = frozenset({CutReason.BARGE_IN.value, CutReason.FAR_END_HUNG_UP.value})
"""Cuts that are the customer's own doing."""


def judge(record: CallRecord, rules: Rules) -> tuple[Judgement, ...]:
    """The judgement of every clause that applies to an ended call, in the order of the call."""
    found: list[Judgement] = [*_answer(record, rules)]
    if record.answered_at is not None:
        found += _greeting(record, rules)
        for ladder in rules.ladders:
            found += _ladder(record, ladder)
        found += _closing(record, rules)
        found += _release(record, rules)
    return tuple(found)


def _answer(record: CallRecord, rules: Rules) -> Iterator[Judgement]:
    in_time = record.rings <= rules.ring_limit
    limit = f"limit {rules.ring_limit}"
    if record.answered_at is not None:
        waited = (record.answered_at - record.offered_at).total_seconds()
        evidence = f"answered after ring {record.rings}, {limit}, {waited:.1f} s after the offer"
        yield Judgement(rules.answer_clause, in_time, evidence, ANSWER)
    elif not in_time:
        yield Judgement(rules.answer_clause, False, f"rang {record.rings} times unanswered, {limit}", ANSWER)


def _greeting(record: CallRecord, rules: Rules) -> Iterator[Judgement]:
    others = {*rules.closing, *(key for ladder in rules.ladders for key in ladder.rungs)}
    greetings = [prompt for prompt in record.prompts if prompt.prompt not in others]
    went_on = bool(record.prompts) or record.released_by in (ReleasedBy.STANDARD, ReleasedBy.GUARD)
    if not greetings and went_on:
        yield Judgement(rules.greeting_clause, False, "no greeting was said", GREETING)
    yield from _said(greetings, GREETING)


def _closing(record: CallRecord, rules: Rules) -> Iterator[Judgement]:
    yield from _said([prompt for prompt in record.prompts if prompt.prompt in rules.closing], CLOSING)


def _said(prompts: Iterable[PromptNoted], step: str) -> Iterator[Judgement]:
    """Prompts that must be said to their end, each under its own clause."""
    by_clause: dict[str, list[PromptNoted]] = {}
    for prompt in prompts:
        by_clause.setdefault(prompt.clause, []).append(prompt)
    for clause, spoken in by_clause.items():
        broken = next((prompt for prompt in spoken if _spoilt(prompt)), None)
        heard = next((prompt for prompt in spoken if prompt.complete), None)
        replied = any(prompt.cut == CutReason.BARGE_IN for prompt in spoken)
        if broken is not None:
            yield Judgement(clause, False, f"「{broken.text}」 not said to its end: {_why(broken)}", step)
        elif heard is not None:
            yield Judgement(clause, True, f"「{heard.text}」 said to its end", step)
        elif replied:
            yield Judgement(clause, True, f"「{spoken[0].text}」 answered by the customer before its end", step)


def _spoilt(prompt: PromptNoted) -> bool:
    return not prompt.complete and prompt.cut not in EXCUSED


def _why(prompt: PromptNoted) -> str:
    return f"cut, {prompt.cut}" if prompt.cut else "its end was never seen"


def _ladder(record: CallRecord, ladder: LadderRule) -> Iterator[Judgement]:
    climbed = [p for p in record.prompts if p.clause == ladder.clause and p.prompt in ladder.rungs]
    ordered = record.released_by == ReleasedBy.STANDARD and record.cause == ladder.clause
    if not climbed and not ordered:
        return
    steps = ", ".join(prompt.prompt for prompt in climbed) or "no step"
    spoilt = next((prompt for prompt in climbed if _spoilt(prompt)), None)
    if not _in_order(climbed, ladder):
        yield Judgement(ladder.clause, False, f"steps out of order: {steps}", LADDER)
    elif spoilt is not None:
        yield Judgement(ladder.clause, False, f"{spoilt.prompt} not said to its end: {_why(spoilt)}", LADDER)
    elif ordered:
        yield _ordered_release(record, ladder, climbed, steps)
    else:
        yield Judgement(ladder.clause, True, f"{steps} in order; its release was not due", LADDER)


def _in_order(climbed: Iterable[PromptNoted], ladder: LadderRule) -> bool:
    """Each step follows the one below it; a customer who was understood begins the ladder anew."""
    below = -1
    for prompt in climbed:
        rung = ladder.rungs.index(prompt.prompt)
        if rung not in (0, below + 1):
            return False
        below = rung
    return True


def _ordered_release(record: CallRecord, ladder: LadderRule, climbed: list[PromptNoted], steps: str) -> Judgement:
    """The clause's own release: after the whole ladder, and after its wait."""
    whole = tuple(prompt.prompt for prompt in climbed[-len(ladder.rungs) :]) == ladder.rungs
    final = climbed[-1] if climbed else None
    if not whole or final is None or not final.complete or final.ended_at is None or record.ended_at is None:
        return Judgement(ladder.clause, False, f"released before the ladder was climbed: {steps}", LADDER)
    waited = (record.ended_at - final.ended_at).total_seconds()
    kept = waited >= ladder.release_wait - TOLERANCE
    evidence = f"{steps} in order, released {waited:.1f} s after, {ladder.release_wait:g} s asked"
    return Judgement(ladder.clause, kept, evidence, LADDER)


def _release(record: CallRecord, rules: Rules) -> Iterator[Judgement]:
    by, cause = record.released_by, record.cause
    if by is None:
        return
    evidence = {
        ReleasedBy.CUSTOMER: f"the customer hung up first ({cause})",
        ReleasedBy.STANDARD: f"released as {cause} orders",
        ReleasedBy.GUARD: "the customer stayed on: released by the guard",
        ReleasedBy.FAULT: f"lost by a fault ({cause})",
        ReleasedBy.SHUTDOWN: "released because the gateway was stopped",
    }[ReleasedBy(by)]
    kept = by in (ReleasedBy.CUSTOMER, ReleasedBy.STANDARD)
    yield Judgement(rules.hang_up_clause, kept, evidence, RELEASE)
