"""Fuzz everything that reads what comes from outside: `python -m tests.fuzz [TARGET …] --seconds 60`.

  python -m tests.fuzz --seconds 60            every target for a minute, as many at a time as --jobs says
  python -m tests.fuzz --runs 1000000          every target with so many inputs
  python -m tests.fuzz modem --one FILE        one input, with its traceback

Exit code 0: nothing was found; 1: something was, and with which file; 2: wrong usage.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.fuzz.table import NAMES, load
from tests.fuzz.target import FOUND, tried

KEPT: Final = Path("var/fuzz")
_DONE: Final = re.compile(
    r"^(?:Done|did) (\d+) (?:runs|inputs)|^stat::number_of_executed_units: *(\d+)", re.MULTILINE
)
_BRANCHES: Final = re.compile(r"\bcov: (\d+)")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one target. `seconds` of the processor."""

    name: str
    inputs: int
    seconds: float
    branches: int | None
    """None: nobody watched them."""
    status: int
    log: Path


def fuzzed(name: str, runs: int, seconds: float, seed: int) -> Result:
    """One target in a process of its own."""
    folder = KEPT / name
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log.txt"
    command = [sys.executable, "-m", "tests.fuzz.worker", name, str(runs), str(seconds), str(seed), str(folder)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    told = log.read_text(encoding="utf-8", errors="replace")
    counts = [int(one or other) for one, other in _DONE.findall(told)]
    branches = [int(count) for count in _BRANCHES.findall(told)]
    used = usage.ru_utime + usage.ru_stime
    return Result(name, max(counts, default=0), used, max(branches, default=None), process.returncode, log)


def lines_of(results: list[Result]) -> Iterator[str]:
    """A table."""
    yield f"{'target':<11}{'inputs':>10}{'CPU s':>8}{'a second':>10}{'branches':>10}  result"
    for one in results:
        rate = one.inputs / one.seconds if one.seconds else 0.0
        branches = "unseen" if one.branches is None else str(one.branches)
        result = "good" if one.status == 0 else f"FOUND, exit code {one.status}: {one.log}"
        yield f"{one.name:<11}{one.inputs:>10}{one.seconds:>8.0f}{rate:>10.0f}{branches:>10}  {result}"
    yield f"{'all':<11}{sum(one.inputs for one in results):>10}{sum(one.seconds for one in results):>8.0f}"


def main(arguments: list[str]) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description="Fuzz what reads what comes from outside."
    )
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help=f"of {', '.join(NAMES)}; all where none is named"
    )
    parser.add_argument("--seconds", type=float, default=0.0, help="of the clock, for each target; 0: without end")
    parser.add_argument("--runs", type=int, default=0, help="inputs for each target; 0: without end")
    parser.add_argument("--jobs", type=int, default=2, help="targets at a time")
    parser.add_argument("--seed", type=int, default=1, help="of chance; the same inputs come of the same")
    parser.add_argument("--one", type=Path, help="try this input alone, in this process")
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.targets if name not in NAMES]
    if unknown:
        parser.error(f"no target {unknown[0]!r}; allowed: {', '.join(NAMES)}")
    if asked.one is not None:
        if len(asked.targets) != 1:
            parser.error("--one needs one target")
        tried(load(asked.targets[0]), asked.one.read_bytes())
        print("good")
        return 0
    if not asked.runs and not asked.seconds:
        parser.error("say when to stop: --seconds or --runs")
    began = time.monotonic()
    with ThreadPoolExecutor(asked.jobs) as pool:
        names = asked.targets or NAMES
        results = list(pool.map(lambda name: fuzzed(name, asked.runs, asked.seconds, asked.seed), names))
    print("\n".join(lines_of(results)))
    print(f"{time.monotonic() - began:.0f} s by the clock, {asked.jobs} targets at a time")
    if any(one.branches is None for one in results):
        print(
            "atheris is not installed here: inputs were tried by chance, and nobody saw which branches they took"
        )
    for one in results:
        if one.status:
            told = one.log.read_text(encoding="utf-8", errors="replace").splitlines()
            print(f"\n{one.name}:", *told[-25:], sep="\n")
            print(f"Mend it; keep the input in {FOUND}/{one.name}/, where `make test` tries it ever since.")
    return 1 if any(one.status for one in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
