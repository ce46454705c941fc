"""The desk at its fullest: `python -m benchmarks.desk [--agents 200] [--waiting 200] [--calls 20000]`.

Every agent talks and the queue is long. Calls come, are identified as key accounts or not, wait, are answered and
end, and agents come and go, for as many calls as asked; prints what one event costs in processor time, by kind.
"""

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Callable
from statistics import mean, quantiles
from typing import Any

from gateway.desk import Agent, Desk, DeskRule, Presence, RingAgent


def main() -> None:
    """Run it and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desk", description=__doc__)
    parser.add_argument("--agents", type=int, default=200)
    parser.add_argument("--waiting", type=int, default=200)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rush = Rush(options.agents, options.seed)
    rush.fill(options.agents + options.waiting)
    rush.spent.clear()
    rush.serve(options.calls)
    print(f"{'event':14}{'number':>9}{'mean µs':>9}{'p99 µs':>9}{'max µs':>9}")
    for name, spent in sorted(rush.spent.items()):
        micros = [1e6 * seconds for seconds in spent]
        print(f"{name:14}{len(spent):9}{mean(micros):9.1f}{quantiles(micros, n=100)[98]:9.1f}{max(micros):9.1f}")


class Rush:
    """A desk whose agents pick up as soon as they are rung."""

    def __init__(self, agents: int, seed: int) -> None:
        self.spent: dict[str, list[float]] = defaultdict(list)
        self._random = random.Random(seed)
        self._now = 0.0
        self._calls = 0
        self._agents = [f"{number:04}" for number in range(agents)]
        rule = DeskRule(after_call_seconds=0.5)
        self._desk = Desk(map(Agent, self._agents), rule, lambda number: int(number) or None, now=0.0)
        for agent in self._agents:
            self._does("reached", agent, True)

    def fill(self, calls: int) -> None:
        """So many come; who finds no agent waits."""
        for _ in range(calls):
            self._comes()

    def serve(self, calls: int) -> None:
        """For each agent who hangs up a call comes; now and then one gives up, or a telephone is unplugged."""
        for _ in range(calls):
            self._now += 0.05
            agent = self._random.choice(self._agents)
            if self._desk.presence(agent) is Presence.BUSY:
                self._does("leg_ended", agent, "hung_up")
                self._comes()
            if self._random.random() < 0.05:
                self._does("released", self._random.choice(self._desk.waiting()))
                self._comes()
            if self._random.random() < 0.05:
                self._does("reached", agent, False)
                self._does("reached", agent, True)
            while (due := self._desk.next_deadline()) is not None and due <= self._now:
                self._does("fire_timers")

    def _comes(self) -> None:
        self._calls += 1
        call, number = f"c{self._calls}", str(self._random.choice([0, 0, 0, 0, 1, 2, 3]))
        self._timed("offered", self._desk.offered, call, self._now)
        self._timed("identified", self._desk.identified, call, number, None, self._now)
        self._does("answered", call)

    def _does(self, name: str, *args: Any) -> None:
        effects = self._timed(name, getattr(self._desk, name), *args, self._now)
        for effect in effects:
            if isinstance(effect, RingAgent):
                answered = self._desk.leg_answered
                self._timed("leg_answered", answered, effect.agent, self._now, socket="in", peer="out")

    def _timed(self, name: str, what: Callable[..., Any], *args: Any, **more: Any) -> Any:
        began = time.thread_time()
        result = what(*args, **more)
        self.spent[name].append(time.thread_time() - began)
        return result


if __name__ == "__main__":
    main()
