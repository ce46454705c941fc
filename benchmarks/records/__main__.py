"""`python -m benchmarks.records`: facts at a steady rate into SQLite, at last while the database is locked."""

import argparse
import resource
import sqlite3
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from gateway.call.facts import Notice
from gateway.records import Records, RecordsConfig
from tests.kills.traffic import traffic

LOOK = 0.0005
"""Seconds between looks at what is safe and what is written."""
RATE = 120.0
"""Facts a second: ten calls a second of twelve facts each."""


@dataclass
class Seen:
    """When each fact was told, and when so many were safe, or written; seconds."""

    told: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    safe: list[tuple[float, int]] = field(default_factory=list)
    written: list[tuple[float, int]] = field(default_factory=list)
    most: int = 0
    """Facts that waited at once."""


def main() -> None:
    """Run it and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.records")
    parser.add_argument("--rate", type=float, default=RATE, help="facts a second")
    parser.add_argument("--seconds", type=float, default=30.0, help="of which nothing is wrong")
    parser.add_argument("--locked", type=float, default=30.0, help="seconds for which the database is locked then")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sansheng-records-") as folder:
        config = RecordsConfig(site="jinan", data_dir=Path(folder))
        records = Records(config)
        records.start()
        notices = traffic(seed=1, calls=int(options.rate * (options.seconds + options.locked) / 9) + 20)
        good = run(records, notices[: int(options.rate * options.seconds)], options.rate)
        show("in order", good)
        rest = notices[len(good.told) :][: int(options.rate * options.locked)]
        if rest:
            outage(config, records, rest, options.rate)
        records.stop()
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB; lost {records.lost}")


def run(records: Records, notices: Sequence[Notice], rate: float) -> Seen:
    """Tell the facts at this rate, and watch."""
    seen, before = Seen(), records.safe
    ended = threading.Event()
    watching = threading.Thread(target=_watch, args=(records, before, seen, ended))
    watching.start()
    due = time.perf_counter()
    for notice in notices:
        due += 1 / rate
        time.sleep(max(due - time.perf_counter(), 0.0))  # the rate that is asked for
        began = time.perf_counter()
        records.receive(notice)
        seen.told.append(began)
        seen.cost.append(time.perf_counter() - began)
    while records.safe < before + len(notices) or (records.spooled and records.problem is None):
        time.sleep(0.01)  # records tell nobody that they are done
    time.sleep(5 * LOOK)  # until the watcher has seen that
    ended.set()
    watching.join()
    return seen


def outage(config: RecordsConfig, records: Records, notices: Sequence[Notice], rate: float) -> None:
    """The same while somebody else has the database locked, and how long it then takes to have it all."""
    blocker = sqlite3.connect(config.data_dir / "calls.db", isolation_level=None)
    with ExitStack() as stack:
        stack.callback(blocker.close)
        blocker.execute("BEGIN IMMEDIATE")
        seen = run(records, notices, rate)
        waiting = records.spooled
        blocker.execute("ROLLBACK")
        began = time.perf_counter()
    while records.spooled:
        time.sleep(0.01)  # as above
    drained = time.perf_counter() - began
    show("locked", seen)
    print(f"{waiting} facts waited in the spool; all written {drained:.1f} s after the lock had gone")


def show(name: str, seen: Seen) -> None:
    """A line for each figure."""
    print(f"{name}: {len(seen.told)} facts")
    print(f"  receive()        {_spread([cost * 1e6 for cost in seen.cost])} µs")
    print(f"  told to safe     {_spread(_delays(seen.told, seen.safe))} ms")
    if len(seen.written) and seen.written[-1][1] >= len(seen.told):
        print(f"  told to written  {_spread(_delays(seen.told, seen.written))} ms")


def _watch(records: Records, before: int, seen: Seen, ended: threading.Event) -> None:
    while not ended.is_set():
        now, safe = time.perf_counter(), records.safe - before
        written = len(seen.told) - records.spooled
        for log, count in ((seen.safe, safe), (seen.written, written)):
            if not log or count > log[-1][1]:
                log.append((now, count))
        ended.wait(LOOK)


def _delays(told: Sequence[float], reached: Sequence[tuple[float, int]]) -> list[float]:
    """Milliseconds from each fact's telling until it was counted."""
    delays, number = [], 0
    for at, count in reached:
        while number < min(count, len(told)):
            delays.append(max(at - told[number], 0.0) * 1000)
            number += 1
    return delays


def _spread(values: Sequence[float]) -> str:
    ordered = sorted(values)
    p50, p99 = (ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
    return f"p50 {p50:.1f}  p99 {p99:.1f}  most {ordered[-1]:.1f}"


if __name__ == "__main__":
    main()
