"""On which occasions a dialplan's clauses are judged: one that a call gave none is not applicable to it. Pure.

The occasions are the dialplan's own, the same for each of its calls: a holiday's greeting is among them every day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from gateway.call.plan import Flow, Plan
from gateway.call.prompt import Prompt

OWNED = "WD-13"
"""Who was asked first stays responsible: whatever the dialplan, a ticket's owner is looked for first."""
WARNING = "warning"
"""Key of JH-13's words to a number on the list: who hears them is hung up on no more than anybody else."""


class When(StrEnum):
    """What must happen in a call before a clause can be kept or broken."""

    ANSWER = "answer"
    GREETING = "greeting"
    NOTICE = "notice"
    MENU = "menu"
    OPENING = "opening"
    LADDER = "ladder"
    CORRECTION = "correction"
    QUESTION = "question"
    WAITING = "waiting"
    PATIENCE = "patience"
    PHRASE = "phrase"
    CALL_BACK = "call_back"
    REPLY = "reply"
    CLOSING = "closing"
    RELEASE = "release"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One occasion on which a clause is judged."""

    clause: str
    when: When
    keys: tuple[str, ...] = ()
    """Of the prompts that are said then; for LADDER and CORRECTION the verdicts that call for it."""


def occasions_of(plan: Plan) -> tuple[Occasion, ...]:
    """All occasions of a plan's dialplan, in the order of a call; one for each clause and what it waits for."""
    together: dict[tuple[str, When], dict[str, None]] = {}
    for occasion in _occasions(plan):
        together.setdefault((occasion.clause, occasion.when), {}).update(dict.fromkeys(occasion.keys))
    return tuple(Occasion(clause, when, tuple(keys)) for (clause, when), keys in together.items())


def _occasions(plan: Plan) -> Iterator[Occasion]:
    yield Occasion(plan.answer.clause, When.ANSWER)
    greetings = plan.greetings or {prompt.key: prompt.clause for prompt in plan.today.greeting}
    for key, clause in greetings.items():
        yield Occasion(clause, When.GREETING, (key,))
    yield from _said(When.NOTICE, *(notice for notice in plan.notices if notice.key != WARNING))
    if plan.menu is not None:
        yield Occasion(plan.menu.clause, When.MENU, (plan.menu.prompt.key,))
    yield from _of_voices(plan)
    flows = [choice.flow for choice in plan.menu.choices.values()] if plan.menu else [plan.flow]
    for flow in flows:
        yield from _of_flow(flow)
    yield from _of_waits(plan)
    yield from _said(When.PHRASE, *plan.phrases.values())
    yield from _said(When.CLOSING, plan.closing.further)
    for key, clause in (plan.farewells or {plan.today.farewell.key: plan.today.farewell.clause}).items():
        yield Occasion(clause, When.CLOSING, (key,))
    yield Occasion(plan.closing.clause, When.RELEASE)
    yield Occasion(OWNED, When.OWNER)


def _of_voices(plan: Plan) -> Iterator[Occasion]:
    yield Occasion(plan.silent.clause, When.LADDER, ("silent",))
    yield Occasion(plan.noisy.clause, When.LADDER, ("noisy",) if plan.faint else ("noisy", "faint"))
    for verdict, correction in (("faint", plan.faint), ("loud", plan.loud)):
        if correction is not None:
            yield Occasion(correction.clause, When.CORRECTION, (verdict,))


def _of_flow(flow: Flow) -> Iterator[Occasion]:
    if flow.opening is not None:
        yield from _said(When.OPENING, flow.opening)
    yield from _said(When.QUESTION, *(question.prompt for question in flow.questions))
    yield from _said(When.REPLY, *flow.replies)


def _of_waits(plan: Plan) -> Iterator[Occasion]:
    if plan.waiting is not None:
        yield Occasion(plan.waiting.clause, When.WAITING, (plan.waiting.first.key, plan.waiting.again.key))
        yield from _said(When.PATIENCE, plan.waiting.thanks, plan.waiting.sorry)
    if plan.call_back is not None:
        yield Occasion(plan.call_back.clause, When.CALL_BACK)


def _said(when: When, *prompts: Prompt) -> Iterator[Occasion]:
    for prompt in prompts:
        yield Occasion(prompt.clause, when, (prompt.key,))
