"""The clauses that a call gave no occasion to keep or to break, each with the reason."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from gateway.call.facts import ReleasedBy
from gateway.call.prompt import Part
from gateway.kpi.call import Direction
from gateway.records.judging.case import Case
from gateway.records.judging.faults import Faults
from gateway.records.judging.greeting import HOLIDAY
from gateway.records.noted import PromptNoted, WaitNoted
from gateway.records.occasions import Occasion, When
from gateway.records.record import COULD_NOT_BE_JUDGED, NotApplicable

OF_HIS_CALL = frozenset(When) - {When.WAITING, When.PATIENCE, When.PHRASE, When.CALL_BACK, When.RELEASE}
"""What is asked of a call that a customer makes, and not of one that we make."""


def unjudged(
    case: Case, judged: Collection[str], at_fault: Mapping[When, Sequence[str]], faults: Faults
) -> tuple[NotApplicable, ...]:
    """Each clause of the rules that is not among the `judged`, in the order of a call. `at_fault` names the judges
    who failed on an occasion; a reason that cannot be told goes to `faults`."""
    reasons: dict[str, dict[str, None]] = {}
    for occasion in case.rules.occasions:
        if occasion.clause not in judged:
            reason = _fault(at_fault.get(occasion.when, ())) or _guarded(case, occasion, faults)
            reasons.setdefault(occasion.clause, {})[reason] = None
    return tuple(NotApplicable(clause, "; ".join(found)) for clause, found in reasons.items())


def _fault(judges: Sequence[str]) -> str:
    return f"{COULD_NOT_BE_JUDGED}: a fault of {' and '.join(judges)}" if judges else ""


def _guarded(case: Case, occasion: Occasion, faults: Faults) -> str:
    return faults.guarded(unjudged.__name__, lambda: _reason(case, occasion), _fault([unjudged.__name__]))


def _reason(case: Case, occasion: Occasion) -> str:
    record = case.record
    ours = record.direction is Direction.OUT
    if record.answered_at is None:
        return f"called back, {_end(case)} before the customer answered" if ours else _unanswered(case)
    if ours and occasion.when in OF_HIS_CALL:
        return "a call of ours, in which the agent speaks for himself"
    begun = next((prompt for prompt in record.prompts if prompt.prompt in occasion.keys), None)
    return _cut(begun) if begun is not None else _REASONS[occasion.when](case, occasion)


def _cut(prompt: PromptNoted) -> str:
    return f"{prompt.prompt} was begun, cut after {prompt.seconds:.1f} s ({prompt.cut})"


def _unanswered(case: Case) -> str:
    rings = case.record.rings
    rang = {0: "never rang", 1: "rang 1 time"}.get(rings, f"rang {rings} times")
    if case.record.released_by == ReleasedBy.CUSTOMER:
        return f"{rang}, hung up before the answer"
    return f"{rang}, {_end(case)} before the answer"


def _end(case: Case) -> str:
    """How the call ended."""
    by, cause = case.record.released_by, case.record.cause
    if by is None:
        return "still up"
    return {
        ReleasedBy.CUSTOMER: f"the customer hung up ({cause})",
        ReleasedBy.STANDARD: f"released as {cause} orders",
        ReleasedBy.GUARD: "released by the guard",
        ReleasedBy.HANDSET: f"taken at a {cause}",
        ReleasedBy.UNREACHED: f"not reached ({cause})",
        ReleasedBy.FAULT: f"lost by a fault ({cause})",
        ReleasedBy.SHUTDOWN: "the gateway was stopped",
    }[ReleasedBy(by)]


def _left(case: Case) -> str:
    """How the call ended, and when."""
    ended = case.record.ended_at
    return _end(case) if ended is None else f"{_end(case)} {_since_answer(case, ended)}"


def _since_answer(case: Case, at: datetime) -> str:
    began = case.record.answered_at or case.record.offered_at
    return f"{max(0.0, (at - began).total_seconds()):.1f} s after the answer"


def _greeting(case: Case, occasion: Occasion) -> str:
    greeted = ", ".join(prompt.prompt for prompt in case.prompts(Part.GREETING))
    if not greeted:
        return f"no greeting was begun: {_left(case)}"
    holiday = all(key.startswith(HOLIDAY) for key in occasion.keys)
    return f"greeted with {greeted}, not with {'a holiday greeting' if holiday else ', '.join(occasion.keys)}"


def _voice(case: Case, occasion: Occasion) -> str:
    """Of a ladder or a correction that was not begun."""
    heard = [verdict for verdict in case.record.verdicts if verdict.verdict in occasion.keys]
    losses = case.record.losses if "silent" in occasion.keys else ()
    told = []
    if heard:
        times = "once" if len(heard) == 1 else f"{len(heard)} times"
        told.append(f"heard {heard[0].verdict} {times}, first {_since_answer(case, heard[0].at)}")
    if losses:
        told.append(f"no audio first {_since_answer(case, losses[0].lost_at)}")
    if not told:
        return f"the customer was never {' or '.join(occasion.keys)}"
    return f"{'; '.join(told)}; no words were due"


def _menu(case: Case, _: Occasion) -> str:
    return _attended(case) or f"the menu was not begun: {_left(case)}"


def _of_flow(case: Case, occasion: Occasion) -> str:
    """Of an opening, questions or replies."""
    flow, keys = case.flow, ", ".join(occasion.keys)
    if flow is None:
        return f"no kind of request was chosen: {_attended(case) or _left(case)}"
    if not any(key in flow.said for key in occasion.keys):
        return f"{case.record.kind or 'his request'} asks for none of {keys}"
    return _attended(case) or f"none of {keys} was begun: {_left(case)}"


def _attended(case: Case) -> str | None:
    came = next((agent.agent for agent in case.record.agents if agent.connected_at is not None), None)
    return f"agent {came} talked to him instead" if came is not None else None


def _waiting(case: Case, _: Occasion) -> str:
    if not case.record.waits:
        return "nobody waited"
    return f"waited {', '.join(_lasted(case, wait) for wait in case.record.waits)}: {_left(case)}"


def _lasted(case: Case, wait: WaitNoted) -> str:
    end = wait.ended_at or case.record.ended_at or wait.began_at
    waited = (end - wait.began_at).total_seconds() if wait.waited is None else wait.waited
    return f"{max(0.0, waited):.1f} s"


def _patience(case: Case, _: Occasion) -> str:
    if not case.record.waits:
        return "nobody waited"
    return ", ".join(_untold(case, wait) for wait in case.record.waits)


def _untold(case: Case, wait: WaitNoted) -> str:
    waited, rule = f"waited {_lasted(case, wait)}", case.rules.waiting
    if wait.chosen:
        return f"{waited} until he chose something else by key"
    if wait.ended_at is None or rule is None:
        return f"{waited} until the end: {_left(case)}"
    if wait.overdue or (wait.waited or 0.0) >= rule.long:
        return f"{waited}, then {_left(case)}"
    return f"{waited}, thanks are due from {rule.long:g} s"


def _phrase(_: Case, occasion: Occasion) -> str:
    return f"no agent asked for {' or '.join(key.removeprefix('phrase-') for key in occasion.keys)}"


def _call_back(case: Case, _: Occasion) -> str:
    if not any(wait.ended_at is not None and (wait.overdue or wait.chosen) for wait in case.record.waits):
        return "nobody waited in vain"
    return f"waited in vain, not sent away: {_left(case)}"


def _closing(case: Case, occasion: Occasion) -> str:
    if case.flow is not None and not case.flow.further and case.rules.further.key in occasion.keys:
        return f"{case.record.kind or 'his request'} goes without {case.rules.further.key}"
    there = [agent for agent in case.record.agents if agent.connected_at is not None]
    if there and all(agent.left_at is None for agent in there):
        return f"no agent left: {_left(case)}"
    return f"{occasion.keys[0]} was not begun: {_left(case)}"


def _owner(case: Case, _: Occasion) -> str:
    owner = case.record.owner
    return "no agent is responsible for him" if owner is None else f"{owner} is responsible, no agent talked"


def _plain(case: Case, _: Occasion) -> str:
    return _left(case)


_REASONS: dict[When, Callable[[Case, Occasion], str]] = {
    When.ANSWER: _plain,
    When.GREETING: _greeting,
    When.NOTICE: _plain,
    When.MENU: _menu,
    When.OPENING: _of_flow,
    When.LADDER: _voice,
    When.CORRECTION: _voice,
    When.QUESTION: _of_flow,
    When.WAITING: _waiting,
    When.PATIENCE: _patience,
    When.PHRASE: _phrase,
    When.CALL_BACK: _call_back,
    When.REPLY: _of_flow,
    When.CLOSING: _closing,
    When.RELEASE: _plain,
    When.OWNER: _owner,
}
