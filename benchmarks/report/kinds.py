"""The sorts of calls a hotline gets, each walked once through the product's own engine in virtual time."""

from dataclasses import dataclass, replace
from datetime import datetime

from drivers.line import HangUpSign
from gateway.call import facts
from gateway.call.facts import CallFact, ReleasedBy
from gateway.dialplan import Call, compile_plan, load_dialplan
from gateway.records.rules import Rules
from gateway.walk import AgentScript, LineKind, Script, walk
from gateway.walk.reckoned import Reckoned

DIALPLAN = "jihua-gas"
AGENT = "801"
"""Who attends in the walks; each call made of one has an agent of its own in his place."""

Timed = tuple[tuple[float, CallFact], ...]
"""Facts, each with its seconds from the offer."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of call. `share` is how often it comes among all, as a weight."""

    name: str
    share: float
    facts: Timed


def kinds(at: datetime) -> tuple[tuple[Kind, ...], Rules]:
    """Every sort, as a call offered at `at` (aware) would go, and the rules by which they are judged."""
    dialplan = load_dialplan(DIALPLAN)
    plan = compile_plan(
        dialplan, Reckoned(dialplan.speaking_rate, {}, set()), Call(AGENT, recording="call.wav", at=at)
    )

    def walked(name: str, share: float, line: LineKind, answers: float | None = None, talks: float = 60.0) -> Kind:
        agent = None if answers is None else AgentScript(AGENT, answers, talks)
        moments = walk(plan, Script.of(line, agent=agent), at).moments
        return Kind(name, share, tuple((moment.seconds, moment.fact) for moment in moments))

    talking = LineKind.TALKING
    served = [walked(f"served {n}", 8.0, talking, 2.0 + 1.5 * n, 40.0 + 23.0 * n) for n in range(8)]
    waited = [walked(f"waited {n}", 1.2, talking, 22.0 + 9.0 * n, 60.0 + 31.0 * n) for n in range(5)]
    others = [
        walked("message", 2.0, talking),
        walked("silent", 3.0, LineKind.SILENT),
        walked("noisy", 1.5, LineKind.NOISY),
        walked("faint", 1.2, LineKind.FAINT, 6.0),
        walked("loud", 0.8, LineKind.LOUD, 5.0),
        walked("on hold", 0.7, LineKind.ON_HOLD),
    ]
    first = served[0].facts
    ends = [_given_up(first, rings, share) for rings, share in ((1, 0.7), (2, 0.5), (3, 0.2), (4, 0.1), (6, 0.05))]
    faults = [Kind("fault", 0.15, _cut_off(waited[0].facts, "worker_died"))]
    late = [Kind("late", 0.4, _answered_late(first, 5.0 * 2))]
    return (*served, *waited, *others, *ends, *faults, *late), Rules.of(plan)


def _given_up(served: Timed, rings: int, share: float) -> Kind:
    """He hangs up after so many rings."""
    opening = [fact for fact in served if isinstance(fact[1], facts.Offered | facts.CallerIdentified)]
    rang = [(5.0 * ring, facts.Rang(ring + 1)) for ring in range(rings)]
    gone = 5.0 * rings - 1.2
    end = [
        (gone, facts.CustomerHungUp(HangUpSign.CANCEL)),
        (gone, facts.Released(ReleasedBy.CUSTOMER, HangUpSign.CANCEL.value)),
    ]
    told = sorted([*opening, *rang, *end], key=lambda timed: timed[0])
    return Kind(f"given up {rings}", share, tuple(told))


def _cut_off(facts_told: Timed, cause: str) -> Timed:
    """The call as it goes, until the line fails half-way."""
    half = facts_told[: len(facts_told) // 2]
    return (*half, (half[-1][0] + 0.5, facts.Released(ReleasedBy.FAULT, cause)))


def _answered_late(served: Timed, later: float) -> Timed:
    """The call as it goes, answered so many seconds, and two rings and more, too late."""
    told: list[tuple[float, CallFact]] = []
    for seconds, fact in served:
        if isinstance(fact, facts.CallAnswered):
            told += [(seconds + 5.0 * ring, facts.Rang(fact.rings + ring)) for ring in (1, 2)]
            fact = replace(fact, rings=fact.rings + 2, waited=fact.waited + later)
        after = later if any(isinstance(one, facts.CallAnswered) for _, one in told) else 0.0
        told.append((seconds + (later if isinstance(fact, facts.CallAnswered) else after), fact))
    return tuple(told)
