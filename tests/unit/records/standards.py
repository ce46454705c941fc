"""Whole calls by the shipped standards, in virtual time, and the records that come of them."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from drivers.line import DigitReceived, FarEndHeld, FarEndResumed, Verdict
from gateway.call.facts import CallFact, Notice
from gateway.call.plan import Plan
from gateway.call.requests import CallRequest
from gateway.dialplan import Call, Recording, compile_plan, load_dialplan
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import segments_of
from gateway.records.compliance import judge
from gateway.records.folding import fold
from gateway.records.noted import PromptNoted
from gateway.records.record import CallRecord, Judgement
from gateway.records.rules import Rules
from tests.scenarios.story import LEG, Story
from tests.service.told import MORNING

SHIPPED = ("jihua-gas", "runfa-water", "jinsui-tax", "service-desk", "tietong-keyaccount")


@cache
def dialplan(name: str) -> Dialplan:
    return load_dialplan(name)


def plan(name: str, **call: object) -> Plan:
    """A plan of a shipped dialplan, each recording one second long."""
    recordings = {s: Recording(f"/p/{s.key}.wav", 1.0) for s in segments_of(dialplan(name))}
    details = {"agent": "801", "recording": "/r/c1.wav", **call}
    return compile_plan(dialplan(name), recordings, Call(**details))  # type: ignore[arg-type]


class RealCall(Story):
    """A story whose people ask for things, press keys and put us on hold."""

    def asks_for(self, request: CallRequest) -> None:
        self._carry_out(self.engine.request(request, now=self.now))

    def dials(self, digits: str) -> None:
        for digit in digits:
            self.reports(DigitReceived(LEG, digit))

    def on_hold(self, seconds: float) -> None:
        """What is being said stands still, and goes on afterwards."""
        self.reports(FarEndHeld(LEG))
        paused, self._due = self._due, []
        self.passes(seconds)
        self._due = sorted([*self._due, *((due + seconds, order, event) for due, order, event in paused)])
        self.reports(FarEndResumed(LEG))

    def talks(self, seconds: float = 4.0) -> None:
        self.customer_is(Verdict.SPEECH)
        self.passes(seconds)
        self.customer_is(Verdict.SILENT)


def greeted(name: str, **call: object) -> RealCall:
    """A call of a shipped standard, right after its greeting."""
    story = RealCall(plan(name, **call))
    story.rings(1)
    story.caller_id()
    if story.plan.answer.on_ring > 1:
        story.passes(5.0)
        story.rings(1, first=2)
    story.passes(0.12 + sum(0.02 + prompt.duration for prompt in story.plan.today.greeting))
    return story


def folded(facts: list[tuple[float, CallFact]], start: datetime = MORNING) -> CallRecord:
    """The record that these facts make, each so many seconds after `start`."""
    record = None
    for at, fact in facts:
        record = fold(record, Notice(start + timedelta(seconds=at), "fxo1", "c1", fact))
    assert record is not None
    return record


def recorded(call: Story) -> CallRecord:
    return folded(call.facts)


def rules(name: str) -> Rules:
    return Rules.of(plan(name))


def judged(record: CallRecord, by: Rules | None = None) -> dict[tuple[str, str], Judgement]:
    """The judgements by clause and step."""
    found = judge(record, by or rules(record.dialplan))
    by_step = {(judgement.clause, str(judgement.step)): judgement for judgement in found}
    assert len(by_step) == len(found), "each clause once for each step"
    return by_step


def broken(record: CallRecord, by: Rules | None = None) -> dict[tuple[str, str], str]:
    """Evidence of what was broken, by clause and step."""
    return {key: judgement.evidence for key, judgement in judged(record, by).items() if not judgement.kept}


def without(record: CallRecord, key: str) -> CallRecord:
    """The record of a call in which this prompt was never said."""
    return replace(record, prompts=tuple(prompt for prompt in record.prompts if prompt.prompt != key))


def changed(record: CallRecord, key: str, **fields: object) -> CallRecord:
    """The record with another form of this prompt."""

    def form(prompt: PromptNoted) -> PromptNoted:
        return replace(prompt, **fields) if prompt.prompt == key else prompt  # type: ignore[arg-type]

    return replace(record, prompts=tuple(form(prompt) for prompt in record.prompts))


def cut(record: CallRecord, key: str, why: str = "line") -> CallRecord:
    """The record of a call in which this prompt was cut."""
    return changed(record, key, complete=False, cut=why)
