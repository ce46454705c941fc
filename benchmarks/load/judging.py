"""What a run comes to, and whether every call was served: by the wire, by SIPp and by the calls' records. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from benchmarks.load.packets import Spread, gaps, lost, of_greeting
from benchmarks.load.sipp import Caller
from benchmarks.load.stage import Run

VERDICTS = {"talks": "speech", "noise": "noisy"}
"""What is to be heard of a caller."""
LAST_RING = 3
"""JH-1: an answer within three rings."""


@dataclass(frozen=True, slots=True)
class Served:
    """Of the calls placed, by their records."""

    missing: int
    """On record not at all, or not as answered."""
    late: int
    """Answered after the third ring, or JH-1 not kept."""
    cut: int
    """Not greeted to the end."""
    misheard: int
    """Without the verdict that is due."""
    verdicts: Counter[str]
    """Calls in which each verdict was reached at least once."""


@dataclass(frozen=True, slots=True)
class Row:
    """One run's figures. Milliseconds, per cent of a core, MB."""

    who: str
    calls: int
    failed: int
    most_at_once: int
    """As SIPp saw it."""
    answer: Spread
    greeting: Spread
    """Between the greeting's packets."""
    whole: Spread
    """Between all packets of the calls."""
    deaf: int
    """Callers who heard no sound at all."""
    came: int
    lost: int
    said: int
    dropped: int
    cpu: float
    """Of all processes, for a call."""
    own: float
    """Of the gateway's own process, without its workers', for a call."""
    cpu_in_all: float
    pss: float
    generator: float
    """CPU of SIPp and the voices, in all."""
    lateness: float

    @property
    def pss_a_call(self) -> float:
        """Of the calls that were up at once."""
        return self.pss / max(1, min(self.calls, self.most_at_once))


def row(who: str, run: Run) -> Row:
    """What was measured."""
    heard, cost = run.heard.values(), run.cost
    per_call = 100 / cost.call_seconds if cost.call_seconds else float("nan")
    return Row(
        who,
        run.load.calls,
        run.placed.failed,
        run.placed.most_at_once,
        Spread.of(run.placed.answers),
        Spread.of(chain.from_iterable(gaps(of_greeting(each, run.greeting)) for each in heard)),
        Spread.of(chain.from_iterable(gaps(each.stamps) for each in heard)),
        run.load.calls - sum(bool(each.loud.any()) for each in heard),
        sum(len(each.stamps) for each in heard),
        sum(lost(each.sequences) for each in heard),
        sum(each.sent for each in heard),
        cost.dropped,
        cost.cpu * per_call,
        cost.own * per_call,
        100 * cost.cpu / cost.seconds,
        cost.pss,
        100 * cost.generator / cost.seconds,
        run.lateness,
    )


def served(callers: Sequence[Caller], records: Sequence[Mapping[str, Any]]) -> Served:
    """Whether each caller is on record as he should be; `records` as `sansheng calls --json` gives them, of other
    callers, too."""
    by_number = {record["caller"]: record for record in records if record["outcome"] == "answered"}
    pairs = [(caller, by_number[caller.number]) for caller in callers if caller.number in by_number]
    verdicts = [(caller, {told["verdict"] for told in record["verdicts"]}) for caller, record in pairs]
    return Served(
        missing=len(callers) - len(pairs),
        late=sum(record["rings"] > LAST_RING or not kept(record, "JH-1") for _, record in pairs),
        cut=sum(not greeted(record) for _, record in pairs),
        misheard=sum(VERDICTS[caller.does] not in reached for caller, reached in verdicts),
        verdicts=Counter(chain.from_iterable(reached for _, reached in verdicts)),
    )


def kept(record: Mapping[str, Any], clause: str) -> bool:
    """Whether the record tells that a clause was kept."""
    return any(told["clause"] == clause and told["kept"] for told in record["compliance"])


def greeted(record: Mapping[str, Any]) -> bool:
    """Whether the greeting was said to the end."""
    return any(prompt["part"] == "greeting" and prompt["complete"] for prompt in record["prompts"])


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure, and what it is to be."""

    what: str
    measured: float
    at_most: float
    unit: str
    hard: bool = False

    @property
    def met(self) -> bool:
        """A figure that could not be had meets nothing."""
        return bool(self.measured <= self.at_most) and not np.isnan(self.measured)


def hard_goals(what: str, figures: Row, calls: Served) -> list[Goal]:
    """What no machine may be too slow for."""
    counted = {
        "calls failed": figures.failed,
        "callers who heard nothing": figures.deaf,
        "calls not on record as answered": calls.missing,
        "late answers": calls.late,
        "greetings cut": calls.cut,
        "calls without their verdict": calls.misheard,
    }
    return [Goal(f"{what}: {name}", count, 0, "", hard=True) for name, count in counted.items()]


def soft_goals(figures: Row) -> list[Goal]:
    """What is measured on a quiet machine."""
    return [
        Goal("between the greeting's packets, p99", figures.greeting.most_of_them, 22.0, "ms"),
        Goal("between the greeting's packets, most", figures.greeting.largest, 60.0, "ms"),
        Goal("CPU a call, all in", figures.cpu, 1.0, "% of a core"),
        Goal("memory a call, all in (PSS)", figures.pss_a_call, 12.0, "MB"),
    ]
