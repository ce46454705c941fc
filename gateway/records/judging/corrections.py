"""A faint or loud voice is asked to change: in order, each asking once, and only who was found so (WD-6, WD-7)."""

from collections.abc import Iterator

from gateway.call.prompt import Part
from gateway.records.judging.case import Case, spoilt, why
from gateway.records.judging.saying import said
from gateway.records.noted import PromptNoted
from gateway.records.record import Judgement
from gateway.records.rules import CorrectionRule


def corrections(case: Case) -> Iterator[Judgement]:
    """Each correction that was asked."""
    spoken = case.prompts(Part.CORRECTION)
    for rule in case.rules.corrections:
        asked = [prompt for prompt in spoken if prompt.prompt in rule.steps]
        if asked:
            yield _judged(case, rule, asked)
    known = {key for rule in case.rules.corrections for key in rule.steps}
    yield from said([prompt for prompt in spoken if prompt.prompt not in known], Part.CORRECTION)


def _judged(case: Case, rule: CorrectionRule, asked: list[PromptNoted]) -> Judgement:
    steps = ", ".join(prompt.prompt for prompt in asked)
    broken = next((prompt for prompt in asked if spoilt(prompt)), None)
    found = [verdict.at for verdict in case.record.verdicts if verdict.verdict == rule.verdict]
    if tuple(prompt.prompt for prompt in asked) != rule.steps[: len(asked)]:
        evidence = f"not each once and in order: {steps}"
    elif not found or found[0] > asked[0].started_at:
        evidence = f"{asked[0].prompt} asked of a customer who was not found {rule.verdict}"
    elif broken is not None:
        evidence = f"{broken.prompt} not said to its end: {why(broken)}"
    else:
        since = (asked[0].started_at - found[0]).total_seconds()
        evidence = f"{steps} in order, each once, {since:.1f} s after the customer was found {rule.verdict}"
        return Judgement(rule.clause, True, evidence, Part.CORRECTION)
    return Judgement(rule.clause, False, evidence, Part.CORRECTION)
