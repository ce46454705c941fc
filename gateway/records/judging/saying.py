"""Prompts that must be said to their end, each under its own clause."""

from collections.abc import Iterable, Iterator

from gateway.call.facts import CutReason
from gateway.call.prompt import Part
from gateway.records.judging.case import Case, spoilt, why
from gateway.records.noted import PromptNoted
from gateway.records.record import Judgement


def said(prompts: Iterable[PromptNoted], step: str) -> Iterator[Judgement]:
    """One judgement for each clause: broken by one prompt that was spoilt, left out where the customer left before
    any was heard."""
    by_clause: dict[str, list[PromptNoted]] = {}
    for prompt in prompts:
        by_clause.setdefault(prompt.clause, []).append(prompt)
    for clause, spoken in by_clause.items():
        broken = next((prompt for prompt in spoken if spoilt(prompt)), None)
        heard = next((prompt for prompt in spoken if prompt.whole), None)
        replied = any(prompt.cut == CutReason.BARGE_IN for prompt in spoken)
        if broken is not None:
            yield Judgement(clause, False, f"「{broken.text}」 not said to its end: {why(broken)}", step)
        elif heard is not None:
            yield Judgement(clause, True, f"「{heard.text}」 said to its end", step)
        elif replied:
            yield Judgement(clause, True, f"「{spoken[0].text}」 answered by the customer before its end", step)


def opening(case: Case) -> Iterator[Judgement]:
    """The customer is asked to tell his case (TT-1, TT-2)."""
    yield from said(case.prompts(Part.OPENING), Part.OPENING)


def notices(case: Case) -> Iterator[Judgement]:
    """What is said after the greeting: that the call is recorded, JH-13's words to who has earned them."""
    yield from said(case.prompts(Part.NOTICE), Part.NOTICE)


def phrases(case: Case) -> Iterator[Judgement]:
    """What the agent had said by key (JH-13, JH-14, JH-18, WD-9, WD-10)."""
    yield from said(case.prompts(Part.PHRASE, Part.LAST_WORDS), Part.PHRASE)
