"""A silent customer is told that the line is open (JH-6, WD-8): he is not left in silence, whatever the reason."""

from collections.abc import Iterator
from datetime import datetime

from gateway.call.prompt import Part
from gateway.records.judging.case import Case
from gateway.records.record import Judgement

Span = tuple[datetime, datetime]
QUIET = "silent"
MARGIN = 7.0
"""Seconds beyond the dialplan's longest wait: his message's pause may go before it, the ears want a second to be
sure, a line a moment to begin."""


def dead_air(case: Case) -> Iterator[Judgement]:
    """Broken where nobody said a word for longer than the dialplan lets anybody wait: neither the customer, as far
    as he was heard, nor the line, nor an agent. What is kept the ladder's own judge tells."""
    limit = case.rules.longest_wait
    since, until = _conversation(case)
    if limit is None or since is None or until is None:
        return
    longest, at = 0.0, since
    for begin, end in (*sorted(_filled(case, until)), (until, until)):
        silent = (min(begin, until) - at).total_seconds()
        longest = max(longest, silent)
        at = max(at, end)
    if longest > limit + MARGIN:
        evidence = f"nothing was said or heard for {longest:.1f} s, the longest wait is {limit:g} s"
        yield Judgement(case.rules.ladders[0].clause, False, evidence, Part.LADDER)


def _conversation(case: Case) -> tuple[datetime | None, datetime | None]:
    """From the end of the greeting until the last words are said, or the call's end: after them the line waits for
    the customer to hang up."""
    greetings = [prompt.ended_at for prompt in case.prompts(Part.GREETING) if prompt.ended_at is not None]
    finals = {ladder.final for ladder in case.rules.ladders}
    last_words = (
        prompt.started_at
        for prompt in case.record.prompts
        if prompt.prompt in finals or case.farewell(prompt) or case.part(prompt) == Part.LAST_WORDS
    )
    return max(greetings, default=None), next(last_words, case.record.ended_at)


def _filled(case: Case, until: datetime) -> Iterator[Span]:
    """The times in which somebody spoke, or was waited for as JH-8 orders, or had us on hold."""
    record = case.record
    for prompt in record.prompts:
        yield prompt.started_at, prompt.ended_at or prompt.started_at
    for agent in record.agents:
        if agent.connected_at is not None:
            yield agent.connected_at, agent.left_at or until
    for wait in record.waits:
        yield wait.began_at, wait.ended_at or until
    for hold in record.holds:
        yield hold.held_at, hold.resumed_at or until
    ends = (*(verdict.at for verdict in record.verdicts[1:]), until)
    for verdict, end in zip(record.verdicts, ends, strict=False):
        if verdict.verdict != QUIET:
            yield verdict.at, end
