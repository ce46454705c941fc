"""The answer in time (JH-1, WD-1, JS-1), and the greeting (JH-3 to JH-5, JH-12, WD-3, WD-4, JS-1, JS-2, ET-1)."""

from collections.abc import Iterator
from datetime import datetime

from gateway.call.facts import ReleasedBy
from gateway.call.prompt import Part
from gateway.records.judging.case import Case
from gateway.records.judging.saying import said
from gateway.records.judging.steps import ANSWER
from gateway.records.noted import PromptNoted
from gateway.records.record import Judgement

HOLIDAY = "holiday-greeting"
"""How the keys of all holiday greetings begin: one goes before the greeting and never takes its place (JH-12)."""

GREETED_WITHIN = 10.0
"""Seconds of silence after the answer that no line needs: twice what the slowest takes to begin a prompt."""


def answering(case: Case) -> Iterator[Judgement]:
    """By the standard's last ring; broken too by a call that rang longer and was never answered."""
    record, rules = case.record, case.rules
    in_time = record.rings <= rules.ring_limit
    until = record.answered_at or record.ended_at or record.offered_at
    passed = f"{max(0.0, (until - record.offered_at).total_seconds()):.1f} s"
    if record.answered_at is not None:
        ring = f"ring {record.rings} of {rules.ring_limit}" if in_time else f"ring {record.rings}"
        limit = "" if in_time else f", limit {rules.ring_limit}"
        evidence = f"answered after {ring}{limit}, {passed} after the offer"
        yield Judgement(rules.answer_clause, in_time, evidence, ANSWER)
    elif not in_time:
        evidence = f"rang {record.rings} times in {passed}, unanswered, limit {rules.ring_limit}"
        yield Judgement(rules.answer_clause, False, evidence, ANSWER)


def greeting(case: Case) -> Iterator[Judgement]:
    """Each greeting to its end and in time, and a holiday's before the ordinary one, the trainee's or the
    overflow's."""
    greetings = case.prompts(Part.GREETING)
    holidays = [prompt for prompt in greetings if _of_holiday(prompt)]
    own = [prompt for prompt in greetings if not _of_holiday(prompt)]
    if own:
        clause = own[-1].clause
        if holidays and own[0].started_at < holidays[-1].started_at:
            evidence = f"「{own[0].text}」 came before 「{holidays[-1].text}」"
            yield Judgement(clause, False, evidence, Part.GREETING)
        late = _silent(case, [], next((prompt.started_at for prompt in greetings if not prompt.failed), None))
        if late > GREETED_WITHIN:
            evidence = f"nothing was said for {late:.1f} s after the answer, {GREETED_WITHIN:g} s allowed"
            yield Judgement(clause, False, evidence, Part.GREETING)
    elif (silent := _silent(case, holidays, case.record.ended_at)) > GREETED_WITHIN or _went_on(case):
        evidence = "nothing but the holiday's greeting was said" if holidays else "no greeting was said"
        told = evidence if _went_on(case) else f"{evidence}: silence for {silent:.1f} s"
        yield Judgement(case.rules.greeting_clause, False, told, Part.GREETING)
    for prompt in own:
        times = sum(other.prompt == prompt.prompt for other in own)
        if times > 1:
            yield Judgement(prompt.clause, False, f"「{prompt.text}」 said {times} times", Part.GREETING)
    yield from said(greetings, Part.GREETING)


def _of_holiday(prompt: PromptNoted) -> bool:
    return prompt.prompt.startswith(HOLIDAY)


def _silent(case: Case, before: list[PromptNoted], until: datetime | None) -> float:
    """Seconds until then in which the line said nothing, since the answer or the end of what was said before; his
    own holds left out."""
    ends = [prompt.ended_at for prompt in before if prompt.ended_at is not None]
    since = max(ends, default=case.record.answered_at)
    if since is None or until is None:
        return 0.0
    return max(0.0, (until - since).total_seconds() - case.record.held(since, until))


def _went_on(case: Case) -> bool:
    """Whether the call came past its greeting."""
    if case.attended:
        return True
    others = any(case.part(prompt) != Part.GREETING for prompt in case.record.prompts)
    return others or case.record.released_by in (ReleasedBy.STANDARD, ReleasedBy.GUARD)
