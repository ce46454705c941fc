"""Prompts that must come in the dialplan's order."""

from collections.abc import Iterator, Sequence

from gateway.records.judging.case import spoilt, why
from gateway.records.noted import PromptNoted
from gateway.records.rules import Said


def out_of_order(spoken: Sequence[PromptNoted], due: Sequence[Said], *, whole: bool) -> Iterator[tuple[str, str]]:
    """Clause and evidence of the first prompt that was not due in its place; with `whole`, of one left out too."""
    for number, prompt in enumerate(spoken):
        if number == len(due):
            yield prompt.clause, f"{prompt.prompt} said once more than is due"
            return
        if prompt.prompt != due[number].key:
            yield due[number].clause, f"{prompt.prompt} said where {due[number].key} was due"
            return
    if whole and len(spoken) < len(due):
        missing = due[len(spoken)]
        yield missing.clause, f"{missing.key} was not said"


def unfinished(spoken: Sequence[PromptNoted]) -> Iterator[tuple[str, str]]:
    """Clause and evidence of each prompt that was not said to its end."""
    for prompt in spoken:
        if spoilt(prompt):
            yield prompt.clause, f"{prompt.prompt} not said to its end: {why(prompt)}"
