"""A customer who is not heard, or not understood, is told so (JH-6, JH-7, WD-8): he is not left without a word."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import zip_longest

from drivers.line import Verdict
from gateway.call.prompt import Part
from gateway.records.judging.case import Case
from gateway.records.noted import PromptNoted
from gateway.records.record import Judgement

Span = tuple[datetime, datetime]
MARGIN = 7.0
"""Seconds beyond the dialplan's longest wait: his message's pause may go before it, the ears want a second to be
sure, a line a moment to begin."""


def dead_air(case: Case) -> Iterator[Judgement]:
    """Broken where for longer than the dialplan lets anybody wait nobody said a word: neither the line, nor an
    agent, nor the customer, as far as he was heard (JH-6) or could be understood (JH-7). What is kept the ladder's
    own judge tells."""
    limit, until = case.rules.longest_wait, case.record.ended_at
    greetings = [prompt.ended_at for prompt in case.prompts(Part.GREETING) if prompt.ended_at is not None]
    since = max(greetings, default=case.record.answered_at)
    if limit is None or since is None or until is None:
        return
    filled = sorted(_filled(case, until))
    for_silent, for_noisy = case.rules.ladders[0], case.rules.ladders[-1]
    heard = case.heard(frozenset(Verdict) - {Verdict.SILENT}, until)
    silent = _longest(since, until, sorted([*filled, *heard]))
    if silent > limit + MARGIN:
        evidence = f"nothing was said or heard for {silent:.1f} s, the longest wait is {limit:g} s"
        yield Judgement(for_silent.clause, False, evidence, Part.LADDER)
    for verdict in sorted({Verdict.NOISY, Verdict.FAINT} - case.understood):
        spans = _joined(case.heard((verdict,), until))
        noisy = max((_longest(max(begin, since), end, filled) for begin, end in spans), default=0.0)
        if noisy > limit + MARGIN:
            evidence = f"nothing was said for {noisy:.1f} s to a customer who was {verdict}"
            yield Judgement(for_noisy.clause, False, f"{evidence}, the longest wait is {limit:g} s", Part.LADDER)


def _longest(since: datetime, until: datetime, filled: Iterable[Span]) -> float:
    """The longest time in seconds that is in none of the spans, which are in order."""
    longest, at = 0.0, since
    for begin, end in (*filled, (until, until)):
        longest = max(longest, (min(begin, until) - at).total_seconds())
        at = max(at, end)
    return longest


def _joined(spans: Iterable[Span]) -> list[Span]:
    """The spans, of which each that begins where another ends is one with it."""
    joined: list[Span] = []
    for begin, end in spans:
        if joined and joined[-1][1] == begin:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((begin, end))
    return joined


def _filled(case: Case, until: datetime) -> Iterator[Span]:
    """The times in which the line or an agent spoke to him, he waited as JH-8 orders, he had us on hold, or may
    have keyed in what he was asked for: the time of a key is not noted."""
    record = case.record
    for prompt in record.prompts:
        if not prompt.failed:
            yield prompt.started_at, prompt.ended_at or prompt.started_at
    for agent in record.agents:
        if agent.connected_at is not None:
            yield agent.connected_at, agent.left_at or until
    for wait in record.waits:
        yield wait.began_at, wait.ended_at or until
    for hold in record.holds:
        yield hold.held_at, hold.resumed_at or until
    for prompt, after in zip_longest(record.prompts, record.prompts[1:]):
        if _awaits(case, prompt):
            yield prompt.started_at, until if after is None else after.started_at


def _awaits(case: Case, prompt: PromptNoted) -> bool:
    """Whether the line may say nothing after a prompt until something happens: it waits for keys, or, after the
    last words of the call, for the customer to hang up."""
    if case.part(prompt) in (Part.QUESTION, Part.CALL_BACK):
        return bool(case.record.digits)
    finals = {ladder.final for ladder in case.rules.ladders}
    return prompt.prompt in finals or case.farewell(prompt) or case.part(prompt) == Part.LAST_WORDS
