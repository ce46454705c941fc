"""Who could not be served is called back, or his words are passed on (JH-19, JS-2, WD-12)."""

from collections.abc import Iterator

from gateway.call.prompt import Part
from gateway.kpi.call import Direction
from gateway.records.judging.case import Case
from gateway.records.judging.saying import said
from gateway.records.judging.steps import SPEAK
from gateway.records.record import Judgement


def call_backs(case: Case) -> Iterator[Judgement]:
    """What is said of a call-back to its end; and nobody goes without one, or without leaving his words, who has
    waited in vain."""
    yield from said(case.prompts(Part.CALL_BACK), Part.CALL_BACK)
    clause = case.rules.call_back_clause
    if clause is None:
        return
    if case.record.direction is Direction.OUT:
        yield Judgement(clause, True, f"called back, as ticket {case.record.ticket} owes", Part.CALL_BACK)
        return
    kept, evidence = _owed(case)
    if evidence:
        yield Judgement(clause, kept, evidence, Part.CALL_BACK)


def _owed(case: Case) -> tuple[bool, str]:
    """What became of a customer who waited in vain; no evidence where none did, or he left by himself."""
    in_vain = [wait for wait in case.record.waits if wait.ended_at is not None and (wait.overdue or wait.chosen)]
    if not in_vain:
        return True, ""
    record, since = case.record, in_vain[0].began_at
    if any(agent.connected_at is not None and agent.connected_at >= since for agent in record.agents):
        return True, "an agent came after a wait in vain"
    noted = next((asked for asked in reversed(record.call_backs) if asked.number is not None), None)
    if noted is not None:
        how = "confirmed" if noted.confirmed else "not confirmed"
        return True, f"his number was taken after a wait in vain, {how}"
    if record.message_at is not None:
        return True, "his words were passed on after a wait in vain"
    if any(prompt.prompt == SPEAK and prompt.whole for prompt in case.prompts(Part.CALL_BACK)):
        return True, "asked for his words after a wait in vain, and left none"
    sent = any(case.farewell(p) and p.started_at >= since for p in case.prompts(Part.CLOSING))
    return False, "sent away after a wait in vain, without call-back or message" if sent else ""
