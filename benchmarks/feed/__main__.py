"""`python -m benchmarks.feed`: the events of 200 lines through mosquitto, beside bare aiomqtt; with `--away`, an
outage of the broker under the same load. Prints tables, and ends with 1 where a goal is missed."""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.feed import tables
from benchmarks.feed.publishing import publish_bare, publish_feed, publish_nothing
from benchmarks.feed.sides import Child, Side
from benchmarks.feed.stamps import Stamps
from benchmarks.feed.tables import Goals
from benchmarks.feed.traffic import Load
from benchmarks.feed.truth import judge

STAGES = 5
"""Stretches that the load is cut in: after each the bare publisher has its turn, in the same noise."""
BEFORE, AWAY, BACK = 0, 1, 2
"""The phases of an outage."""
AFTER = 15.0
"""Seconds of load after an outage: the feed tries again every 2 s."""


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.feed", description=__doc__)
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--rate", type=float, default=10.0, help="events a second of each line")
    parser.add_argument("--seconds", type=float, default=300.0, help="of load on the feed; 0: only the outage")
    parser.add_argument("--bare", type=float, default=60.0, help="seconds of load on bare aiomqtt; 0: without it")
    parser.add_argument("--away", type=float, default=0.0, help="seconds for which the broker is away then")
    parser.add_argument("--queue-limit", type=int, default=10_000, help="[mqtt] queue_limit")
    parser.add_argument("--protocol", choices=("3.1.1", "5"), default="3.1.1")
    options = parser.parse_args()
    load = Load(0, options.lines, options.rate, options.queue_limit, options.protocol)
    goals = Goals()
    with tempfile.TemporaryDirectory(prefix="sansheng-feed-") as name:
        if options.seconds:
            beside(load, options.seconds, options.bare, Path(name), goals)
        if options.away:
            outage(load, options.away, Path(name) / "away", goals)
    sys.exit(goals.told())


def beside(load: Load, seconds: float, bare_seconds: float, folder: Path, goals: Goals) -> None:
    """The feed and the bare publisher in turns."""
    idle = Child(publish_nothing, load, Stamps(load.lines))
    pace = idle.run(min(seconds, 10.0))
    idle.end()
    feed = Side.start("feed", load, publish_feed, folder / "feed")
    sides = [feed]
    if bare_seconds:
        sides.append(Side.start("bare aiomqtt", load, publish_bare, folder / "bare", bare_seconds))
    began = time.monotonic()
    for _ in range(STAGES):
        feed.run(seconds / STAGES)
        for bare in sides[1:]:
            bare.run(bare_seconds / STAGES)
    memory = [(at, size) for at, size in feed.publisher.memory if at >= began]
    rows = [tables.row(side, side.end()[0][BEFORE]) for side in sides]
    tables.beside(load, rows, pace, memory, goals)


def outage(load: Load, away: float, folder: Path, goals: Goals) -> None:
    """The broker is killed under load, and comes back."""
    side = Side.start("feed", load, publish_feed, folder)
    side.run(5.0)
    memory = side.publisher.memory[-1][1]
    side.publisher.order(away + AFTER + 1.0)
    time.sleep(1.0)  # under load
    side.stamps.phase = AWAY
    side.broker.kill()
    time.sleep(away)
    side.stamps.phase = BACK
    told = side.stamps.told
    asyncio.run(side.broker.start())
    back = time.monotonic()
    side.publisher.answer(AFTER * 3 + 60)
    most = max(size for _, size in side.publisher.memory)
    heard, sequences, dropped = side.end()
    rights = judge(side.load, told, side.stamps.told, heard[BACK].shown)
    tables.outage(side.load, tables.Outage(away, back, heard, sequences, dropped, memory, most, rights), goals)


if __name__ == "__main__":
    main()
