"""The closing: 「anything else?」 before every farewell, both to their end (JH-10, JH-11, WD-5, ET-4)."""

from collections.abc import Iterator

from gateway.call.prompt import Part
from gateway.records.judging.case import Case
from gateway.records.judging.saying import said
from gateway.records.judging.steps import SPEAK
from gateway.records.record import Judgement


def closing(case: Case) -> Iterator[Judgement]:
    """The farewell in the words of its day; a flow of its own order (TT-2) goes without the question."""
    flow = case.flow
    if flow is not None and flow.further and _unasked(case):
        further = case.rules.further
        yield Judgement(further.clause, False, f"farewell without {further.key} before it", Part.CLOSING)
    yield from said(case.prompts(Part.CLOSING), Part.CLOSING)


def _unasked(case: Case) -> bool:
    """Whether some farewell was preceded neither by the question nor by that for the message he has not left."""
    asked = False
    for prompt in case.prompts(Part.CLOSING, Part.CALL_BACK):
        if prompt.prompt == SPEAK:
            told = case.record.message_at  # what he told before he was asked for it may be all he has to say
            asked = told is None or told <= prompt.started_at
        elif case.part(prompt) == Part.CALL_BACK:
            continue
        elif case.farewell(prompt):
            if not asked:
                return True
            asked = False
        else:
            asked = True
    return False
