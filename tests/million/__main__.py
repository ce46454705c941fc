"""`python -m tests.million --calls 1000000 --seed 1`: exit code 0 where every call kept every rule.

Calls come in shifts of a gateway each, shared out among processes. What broke a rule is told with its story, and
with the command that repeats its shift. `--shifts 0-249` plays some of the shifts alone; `--done FILE` notes those
that are done, and leaves out those that are noted.
"""

import argparse
import gc
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.million.progress import Progress, Worked
from tests.million.shift import Shift, work
from tests.million.violation import Violation

CALLS = 2_000
"""Of a shift: as many as a small hotline has in a day or two."""

ENOUGH = 15
"""Shifts of a process from which on its memory tells: by a third of them each dialplan has had one."""
MOST_GROWTH = 1.15
"""Shifts differ by chance in how many facts wait at once; a leak of 1 kB a call is twice as much in 60 shifts."""


def worked(shift: Shift) -> Worked:
    """Work a shift, and tell in words what it broke."""
    began = time.process_time()
    try:
        books = work(shift)
    except Violation as violation:
        at = "" if violation.call is None else f" (call {violation.call})"
        return Worked(shift, broken=f"{violation.broken}{at}\n{violation.story}\n\nrepeat: {shift.command}")
    spent = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Worked(shift, books.told, spent, books.seconds, memory, process=os.getpid())


def settle() -> None:
    """What a process has loaded stays: garbage is looked for among what a shift makes, and more rarely, as most of
    it lives as long as its batch."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def shifts(seed: int, calls: int, part: range) -> Iterator[Shift]:
    """All calls in shifts of CALLS, as far as they are in `part`."""
    for number in range(-(-calls // CALLS)):
        if number in part:
            yield Shift(seed, number, min(CALLS, calls - number * CALLS))


def some_of(text: str) -> range:
    """`0-249`: the shifts from one to another, both of them."""
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main() -> int:
    """Run it; 1 where a rule was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.million", description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shift", type=int, help="one of that number, of so many calls, alone")
    parser.add_argument("--shifts", type=some_of, default=range(sys.maxsize), metavar="FIRST-LAST")
    parser.add_argument("--done", type=Path, metavar="FILE")
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    options = parser.parse_args()
    wanted = list(shifts(options.seed, options.calls, options.shifts))
    if options.shift is not None:
        wanted = [Shift(options.seed, options.shift, options.calls)]
    return played(wanted, Progress(options.done), options.processes)


def played(wanted: list[Shift], progress: Progress, processes: int) -> int:
    """Play those that are not done; 1 where a rule was broken."""
    began = time.monotonic()
    before = [one for one in progress if one.shift in wanted]
    left = sorted(set(wanted) - {one.shift for one in before}, key=lambda shift: shift.number)
    done: list[Worked] = []
    with multiprocessing.Pool(processes, settle) as pool:
        for one in pool.imap_unordered(worked, left):
            if one.broken is not None:
                print(one.broken)
                return 1
            progress.add(one)
            done.append(one)
            if sys.stdout.isatty() and len(done) % 10 == 0:
                print(f"\r{sum(each.shift.calls for each in done)} calls", end="", flush=True)
    if before:
        print(f"{sum(one.shift.calls for one in before)} calls were played before")
    return summed(done, time.monotonic() - began, processes) if done else 0


def summed(done: list[Worked], seconds: float, processes: int) -> int:
    """Print the figures; 1 where a process has grown."""
    calls, facts = sum(one.shift.calls for one in done), sum(one.facts for one in done)
    spent, on_records = sum(one.seconds for one in done), sum(one.on_records for one in done)
    print(
        f"{calls} calls, {facts} facts, every rule kept by each; {seconds:.0f} s on {processes} processes: "
        f"{calls / seconds:.0f} calls a second, {calls / spent:.0f} a second of processor time "
        f"({calls / (spent - on_records):.0f} but for the records, which alone do {calls / on_records:.0f})"
    )
    return max([0, *(_grown([one for one in done if one.process == each]) for each in {w.process for w in done})])


def _grown(done: list[Worked]) -> int:
    """Whether one process needed more memory for its last shifts than for the first third of them."""
    early, late = done[len(done) // 3].kilobytes, done[-1].kilobytes
    flat = len(done) < ENOUGH or late <= MOST_GROWTH * early
    print(
        f"memory of a process at most: {early // 1024} MB after a third of its shifts, {late // 1024} MB after all"
    )
    if not flat:
        print(f"it grows: by more than {MOST_GROWTH - 1:.0%}")
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
