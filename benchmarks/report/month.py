"""A month of calls: which sort, when, on which line, served by whom. The same seed gives the same month."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from benchmarks.report.kinds import AGENT, Kind
from drivers.line import CallerId
from gateway.call import facts
from gateway.call.facts import CallFact, Notice

SITE = "jinan"
BY_HOUR = (2, 1, 1, 1, 1, 2, 6, 20, 52, 74, 80, 68, 44, 50, 66, 72, 70, 58, 40, 30, 22, 14, 8, 4)
"""How many calls come in which hour of a day, as weights: a gas company's hotline, busy in the morning."""
WEEKEND = 0.55
"""So many of a working day's calls come on a Saturday or Sunday."""
BAD_LINE = "sip1-7"
"""A line on which every fifth caller is not understood."""


@dataclass(frozen=True, slots=True)
class Size:
    """How big the hotline is, and which time it is looked at in. `begins` is aware."""

    calls: int
    begins: datetime
    days: int
    lines: int = 25
    agents: int = 40
    seed: int = 1

    @property
    def line_names(self) -> tuple[str, ...]:
        """As gateway.toml's `count` makes them."""
        return tuple(f"sip1-{number}" for number in range(1, self.lines + 1))

    @property
    def agent_numbers(self) -> tuple[str, ...]:
        """From 801 on."""
        return tuple(str(801 + number) for number in range(self.agents))


def month(size: Size, kinds: tuple[Kind, ...]) -> Iterator[list[Notice]]:
    """The facts of one call after the other, in the order they are offered."""
    chance = random.Random(size.seed)
    noisy = [kind for kind in kinds if kind.name == "noisy"]
    weights = [kind.share for kind in kinds]
    for number, at in enumerate(_offers(size, chance)):
        line = chance.choice(size.line_names)
        bad = line == BAD_LINE and chance.random() < 0.2
        kind = noisy[0] if bad else chance.choices(kinds, weights)[0]
        call = f"{at:%Y%m%d-%H%M%S}-{line}-{number:06x}"
        agent = chance.choice(size.agent_numbers)
        changes = {"line": line, "site": SITE, "agent": agent}
        caller = CallerId(f"1{chance.randrange(30, 99)}{chance.randrange(10**8):08}")
        yield [
            Notice(at + timedelta(seconds=seconds), line, call, _own(fact, changes, caller))
            for seconds, fact in kind.facts
        ]


def _offers(size: Size, chance: random.Random) -> list[datetime]:
    days = [size.begins + timedelta(days=day) for day in range(size.days)]
    by_day = [WEEKEND if day.weekday() >= 5 else 1.0 for day in days]
    hours = list(range(24))
    found = [
        day + timedelta(hours=hour, seconds=round(chance.random() * 3599, 3))
        for day, hour in zip(
            chance.choices(days, by_day, k=size.calls), chance.choices(hours, BY_HOUR, k=size.calls), strict=True
        )
    ]
    return sorted(found)


def _own(fact: CallFact, changes: dict[str, str], caller: CallerId) -> CallFact:
    """The fact with this call's line, agent and caller."""
    own: Any = fact
    if isinstance(fact, facts.Offered):
        own = replace(fact, line=changes["line"], site=changes["site"], agent=changes["agent"])
    elif isinstance(fact, facts.CallerIdentified):
        own = facts.CallerIdentified(caller)
    elif getattr(fact, "agent", None) == AGENT:
        own = replace(own, agent=changes["agent"])
    assert isinstance(own, CallFact)
    return own
