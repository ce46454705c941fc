"""What he is told once his case was heard: in order, to the end, never into his words (TT-2, JS-4, ET-3)."""

from collections.abc import Iterator

from gateway.call.prompt import Part
from gateway.records.judging.case import Case
from gateway.records.judging.menu import UNDERSTOOD
from gateway.records.judging.order import out_of_order, unfinished
from gateway.records.judging.saying import said
from gateway.records.noted import PromptNoted
from gateway.records.record import Judgement
from gateway.records.rules import FlowRule

LATEST_START = 5.0
"""Seconds between the decision to speak and the first sample on the slowest line: who began in them was not
interrupted, his words and ours crossed."""


def replies(case: Case) -> Iterator[Judgement]:
    """One judgement for each clause that orders replies. Those the call did not live to are not owed."""
    flow, spoken = case.flow, case.prompts(Part.REPLY)
    if flow is None or not flow.replies:
        yield from said(spoken, Part.REPLY)
        return
    faults: dict[str, str] = {}
    for clause, fault in _faults(case, flow, spoken):
        faults.setdefault(clause, fault)
    for clause in dict.fromkeys([*(prompt.clause for prompt in spoken), *faults]):
        heard = [prompt.prompt for prompt in spoken if prompt.clause == clause and prompt.whole]
        if clause in faults:
            yield Judgement(clause, False, faults[clause], Part.REPLY)
        elif heard:
            yield Judgement(clause, True, f"{', '.join(heard)} in order, each to its end", Part.REPLY)


def _faults(case: Case, flow: FlowRule, spoken: list[PromptNoted]) -> Iterator[tuple[str, str]]:
    """Clause and evidence of what is wrong."""
    went_on = bool(case.prompts(Part.CLOSING)) and not case.attended
    yield from out_of_order(spoken, flow.replies, whole=went_on)
    yield from unfinished(spoken)
    speaking = _speaking(case, flow, spoken[0]) if spoken and not flow.questions else 0.0
    if speaking > LATEST_START:
        yield spoken[0].clause, f"{spoken[0].prompt} interrupted the customer, who had spoken for {speaking:.1f} s"


def _speaking(case: Case, flow: FlowRule, reply: PromptNoted) -> float:
    """Seconds for which the customer was telling his case when the reply began; 0 where he was not, or had for
    longer than any case takes."""
    record = case.record
    resumed = [hold.resumed_at for hold in record.holds if hold.resumed_at and hold.resumed_at <= reply.started_at]
    before = [verdict for verdict in record.verdicts if verdict.at <= reply.started_at]
    lost = record.may_have_been_lost(reply.started_at)
    if not before or lost or before[-1].verdict not in UNDERSTOOD or any(at >= before[-1].at for at in resumed):
        return 0.0
    ends = [loss.restored_at for loss in record.losses if loss.restored_at]
    since = max([before[-1].at, *(at for at in ends if at <= reply.started_at)])
    speaking = (reply.started_at - since).total_seconds()
    call = (reply.started_at - (record.answered_at or record.offered_at)).total_seconds()
    return speaking if call < flow.limit else 0.0
