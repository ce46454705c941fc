"""An intake: its questions in the dialplan's order, each answer recorded apart from the call (JS-3, ET-2)."""

from collections.abc import Iterator

from gateway.call.prompt import Part
from gateway.records.judging.case import Case
from gateway.records.judging.order import out_of_order, unfinished
from gateway.records.judging.saying import said
from gateway.records.noted import PromptNoted
from gateway.records.record import Judgement
from gateway.records.rules import FlowRule


def intake(case: Case) -> Iterator[Judgement]:
    """One judgement for each clause that orders questions. Those the call did not live to are not owed."""
    flow, asked = case.flow, case.prompts(Part.QUESTION)
    if flow is None or not flow.questions:
        yield from said(asked, Part.QUESTION)
        return
    went_on = bool(case.prompts(Part.REPLY, Part.CLOSING)) and not case.attended
    faults: dict[str, str] = {}
    for clause, fault in _faults(case, flow, asked, went_on):
        faults.setdefault(clause, fault)
    for clause in dict.fromkeys([*(prompt.clause for prompt in asked), *faults]):
        evidence = faults.get(clause) or _kept(case, flow, asked, clause)
        yield Judgement(clause, clause not in faults, evidence, Part.QUESTION)


def _faults(case: Case, flow: FlowRule, asked: list[PromptNoted], went_on: bool) -> Iterator[tuple[str, str]]:
    """Clause and evidence of what is wrong."""
    yield from out_of_order(asked, flow.questions, whole=went_on)
    yield from unfinished(asked)
    answers = case.record.answers
    for number, (prompt, key) in enumerate(zip(asked, flow.answers, strict=False)):
        answer = answers[number] if number < len(answers) else None
        if answer is None or answer.question != key:
            yield prompt.clause, f"no answer to {prompt.prompt} was noted in its place"
        elif answer.recording is None:
            yield prompt.clause, f"the answer to {prompt.prompt} was not recorded"


def _kept(case: Case, flow: FlowRule, asked: list[PromptNoted], clause: str) -> str:
    count = sum(prompt.clause == clause for prompt in asked)
    due = sum(question.clause == clause for question in flow.questions)
    silent = sum(a.clause == clause and not a.spoken and a.digits is None for a in case.record.answers)
    unanswered = f", {silent} unanswered" if silent else ""
    return f"{count} of {due} questions in order, each answer recorded{unanswered}"
