"""What was measured, and which goals it misses."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.feed.listening import Heard
from benchmarks.feed.listening import Sequence as Numbers
from benchmarks.feed.publishing import Spent
from benchmarks.feed.sides import Side
from benchmarks.feed.traffic import Load
from benchmarks.feed.truth import Rights

CPU = 25.0
"""Per cent of a core that the feed may take, all in: facts folded, JSON, MQTT."""
DELAY = 20.0
"""Milliseconds from an event to its subscriber that 99 in 100 may take."""
SLOPE = 1.0
"""MB a minute that its memory may grow by and count as flat."""
SETTLING = 0.4
"""Of a run, from its beginning, in which memory may still grow: the figures' hour fills up within a minute of the
calls' hasty time, and pages are had."""
AT_ONCE = 1.0
"""Seconds from the first state after an outage to the last line's."""
GROWTH = 40.0
"""MB by which memory may grow in an outage: 10 000 events of 400 bytes with their objects, and as much again while
they are sent."""
RETRY = 4.0
"""Seconds that the feed may take to try again: 2 s, and the connection on a busy machine."""
UNSEEN = 2000
"""Events, a second's: those that a killed broker had acknowledged and its subscriber has not heard."""


@dataclass
class Goals:
    """Those that were missed."""

    missed: list[str] = field(default_factory=list)

    def check(self, met: bool, words: str) -> None:
        """Note a goal."""
        print(f"  {'ok    ' if met else 'MISSED'} {words}")
        if not met:
            self.missed.append(words)

    def told(self) -> int:
        """The exit code."""
        print(f"{len(self.missed)} goals missed" if self.missed else "all goals met")
        return 1 if self.missed else 0


@dataclass
class Row:
    """One publisher's figures."""

    name: str
    cpu: float
    """Per cent of a core."""
    rate: float
    """Messages a second."""
    events: list[float]
    """Milliseconds: p50, p95, p99, most."""
    late: float


def row(side: Side, heard: Heard) -> Row:
    """What a side comes to."""
    wall = sum(spent.wall for spent in side.spent)
    return Row(
        side.name,
        100 * sum(spent.cpu for spent in side.spent) / wall,
        sum(spent.messages for spent in side.spent) / wall,
        _spread(heard.events),
        max(spent.late for spent in side.spent),
    )


def beside(load: Load, rows: list[Row], pace: Spent, memory: list[tuple[float, float]], goals: Goals) -> None:
    """The table of both publishers, and the goals."""
    paced = 100 * pace.cpu / pace.wall
    print(f"{load.lines} lines, {load.rate:g} events/s each; MQTT {load.protocol}, QoS 1")
    print(f"{'':14}{'CPU':>8}{'messages/s':>12}{'p50':>9}{'p95':>8}{'p99':>8}{'most':>9}  ms, event to subscriber")
    for each in rows:
        delays = "".join(f"{value:8.1f}" for value in each.events)
        print(
            f"{each.name:14}{each.cpu:7.1f}%{each.rate:12.0f} {delays}   {each.late * 1000:.0f} ms late at the end"
        )
    print(f"of each CPU {paced:.1f} % of a core is the benchmark's own pace, measured alone; below without it")
    feed = rows[0]
    if len(rows) > 1:
        bare = rows[1]
        ratios = [
            (feed.cpu - paced) / (bare.cpu - paced),
            *(a / b for a, b in zip(feed.events, bare.events, strict=True)),
        ]
        print(
            "feed : bare    "
            + "  ".join(
                f"{name} {ratio:.2f}"
                for name, ratio in zip(("CPU", "p50", "p95", "p99", "most"), ratios, strict=True)
            )
        )
    slope = _slope(memory)
    print(f"memory {memory[0][1]:.1f} MB, {memory[-1][1]:.1f} MB at the end, {slope:+.2f} MB/min")
    cpu = feed.cpu - paced
    goals.check(cpu <= CPU, f"CPU of the feed {cpu:.1f} % of a core, at most {CPU:g} %")
    goals.check(feed.events[2] <= DELAY, f"p99 {feed.events[2]:.1f} ms, at most {DELAY:g} ms")
    goals.check(slope <= SLOPE, f"memory {slope:+.2f} MB/min, at most {SLOPE:+g}")
    goals.check(feed.late < 1.0, f"the rate was kept, {feed.late * 1000:.0f} ms late at the end")


@dataclass
class Outage:
    """What an outage came to; times by time.monotonic(), memory in MB."""

    away: float
    back: float
    heard: dict[int, Heard]
    numbers: Sequence[Numbers]
    dropped: int
    before: float
    most: float
    rights: Rights


def outage(load: Load, seen: Outage, goals: Goals) -> None:
    """The table of an outage, and the goals."""
    after = seen.heard[max(seen.heard)]
    first = after.shown[0][0] if after.shown else float("inf")
    missed, again = sum(n.missed for n in seen.numbers), sum(n.again for n in seen.numbers)
    told = sum(n.last for n in seen.numbers)
    print(f"broker away for {seen.away:g} s under {load.total:g} events/s, queue_limit {load.queue_limit}")
    last = seen.rights.last - seen.back
    print(f"  first state {first - seen.back:.2f} s after the broker was back, the last line's {last:.2f} s")
    print(f"  events told {told}, sent late {after.kept}, twice {again}, never {missed}, dropped {seen.dropped}")
    print(f"  memory {seen.before:.1f} MB before, {seen.most:.1f} MB at most")
    goals.check(seen.rights.right == load.lines, f"{seen.rights.right} of {load.lines} states right")
    goals.check(not seen.rights.wrong, f"{seen.rights.wrong} states shown that were over when the broker was back")
    goals.check(
        seen.rights.last - first <= AT_ONCE,
        f"all right {seen.rights.last - first:.3f} s after the first, at most {AT_ONCE:g} s",
    )
    goals.check(
        first - seen.back <= RETRY,
        f"reached again {first - seen.back:.1f} s after it was back, at most {RETRY:g} s",
    )
    due = min(load.queue_limit, int(load.total * seen.away))
    goals.check(after.kept >= due - load.total, f"{after.kept} events of the outage came, {due} were to be kept")
    goals.check(
        abs(missed - seen.dropped) <= UNSEEN, f"{missed} numbers missing, {seen.dropped} counted as dropped"
    )
    goals.check(
        seen.most - seen.before <= GROWTH, f"memory grew by {seen.most - seen.before:.1f} MB, at most {GROWTH:g}"
    )


def _spread(delays: Sequence[float]) -> list[float]:
    ordered = sorted(delays)
    return [1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)] for share in (0.5, 0.95, 0.99, 1.0)]


def _slope(memory: list[tuple[float, float]]) -> float:
    """MB a minute, by least squares, once all has settled."""
    steady = memory[int(len(memory) * SETTLING) :]
    slope, _ = statistics.linear_regression([at for at, _ in steady], [size for _, size in steady])
    return slope * 60
