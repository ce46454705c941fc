"""The number greeted is the number who answers (JH-3, WD-13), and nobody is alone when he leaves (JH-10)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from gateway.call.prompt import Part
from gateway.records.judging.case import Case
from gateway.records.judging.patience import AT_LATEST
from gateway.records.judging.steps import AGENT, LEAVING
from gateway.records.noted import AgentNoted, PromptNoted
from gateway.records.occasions import OWNED
from gateway.records.record import Judgement


def agents(case: Case) -> Iterator[Judgement]:
    """Who talked first, against who was named in the greeting, or is responsible for this customer."""
    talked = next((agent for agent in case.record.agents if agent.connected_at is not None), None)
    if talked is None:
        return
    named = case.record.agent
    greeting = next((p for p in case.prompts(Part.GREETING) if named and named in p.text and not p.failed), None)
    if greeting is not None:
        yield _judged(case, greeting.clause, f"{named} greeted", talked)
    if case.record.owner is not None:
        yield _judged(case, OWNED, f"{case.record.owner} is responsible", talked)


def _judged(case: Case, clause: str, first: str, talked: AgentNoted) -> Judgement:
    """Kept too where the agent was rung and did not come: he was tried first, and the customer not left alone."""
    named = case.record.agent
    if talked.agent == named:
        return Judgement(clause, True, f"{first} and talked", AGENT)
    tried = next((agent for agent in case.record.agents if agent.agent == named), None)
    if tried is None:
        return Judgement(clause, False, f"{first}, {talked.agent} talked: {named} was not rung", AGENT)
    came = f"did not come ({tried.missed})" if tried.missed else "did not stay"
    return Judgement(clause, True, f"{first} and {came}; {talked.agent} took over", AGENT)


def leaving(case: Case) -> Iterator[Judgement]:
    """「anything else?」 as soon as an agent has left a customer who is there."""
    for agent in case.record.agents:
        if agent.connected_at is not None and agent.left_at is not None:
            yield from _left(case, agent, agent.left_at)


def _left(case: Case, agent: AgentNoted, left_at: datetime) -> Iterator[Judgement]:
    if _waits(case, left_at) or _closes(case, left_at):
        return  # he waits for another one, or has had his farewell
    if _speaks(case, left_at):
        return  # his own words stopped ours, be it before they began
    further = case.rules.further
    since = max([left_at, *(p.ended_at for p in _running(case, left_at) if p.ended_at is not None)])
    after = [p for p in case.record.prompts if p.started_at >= left_at]
    asked = next((p.started_at for p in after if p.prompt == further.key and not p.failed), None)
    until = min(filter(None, (asked, _next_agent(case, agent, left_at), case.record.ended_at)), default=since)
    passed = (until - since).total_seconds() - case.record.held(since, until)
    who = f"agent {agent.agent} had left ({agent.left})"
    if passed > AT_LATEST:
        yield Judgement(further.clause, False, f"{further.key} was not said when {who}: {passed:.1f} s", LEAVING)
    elif asked is not None and until == asked:
        yield Judgement(further.clause, True, f"{further.key} said {max(passed, 0.0):.1f} s after {who}", LEAVING)


def _waits(case: Case, at: datetime) -> bool:
    return any(wait.began_at <= at and (wait.ended_at is None or wait.ended_at > at) for wait in case.record.waits)


def _speaks(case: Case, left_at: datetime) -> bool:
    """Whether the customer was understood before 「anything else?」 had to begin, and it did not."""
    until = left_at + timedelta(seconds=AT_LATEST)
    if any(p.prompt == case.rules.further.key and left_at <= p.started_at for p in case.record.prompts):
        return False
    return any(left_at <= v.at <= until and v.verdict in case.understood for v in case.record.verdicts)


def _closes(case: Case, at: datetime) -> bool:
    before = [prompt for prompt in case.record.prompts if prompt.started_at <= at]
    return bool(before) and (case.farewell(before[-1]) or case.part(before[-1]) == Part.LAST_WORDS)


def _running(case: Case, at: datetime) -> list[PromptNoted]:
    return [p for p in case.record.prompts if p.started_at <= at and p.ended_at is not None and p.ended_at > at]


def _next_agent(case: Case, gone: AgentNoted, at: datetime) -> datetime | None:
    """When somebody came after him who has gone, be it in the same moment."""
    others = (agent.connected_at for agent in case.record.agents if agent is not gone)
    return next((came for came in others if came is not None and came >= at), None)
