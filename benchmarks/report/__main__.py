"""What a report costs: `python -m benchmarks.report [--calls 100000] [--keep FOLDER] [--postgresql URL]
[--seconds 5] [--megabytes 300]`.

Fills a database with a month of calls by the product's own engine and judges, then runs `sansheng report` on it as
a process of its own for each output, and prints its wall time, processor time and greatest memory. Exit code 1
where one took longer on the clock, or more memory, than it may. With --keep the database stays, and is used again.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.report.database import fill, gateway_toml
from benchmarks.report.month import SITE, Size
from gateway.records import RecordsConfig

ZONE = ZoneInfo("Asia/Shanghai")
MONTH = datetime(2026, 10, 1, tzinfo=ZONE)
DAYS = 31
SQLITE = "sqlite:///calls.db"
OUTPUTS: tuple[tuple[str, ...], ...] = (
    (),
    ("--by", "agent"),
    ("--by", "line"),
    ("--by", "hour"),
    ("--by", "day"),
    ("--json",),
    ("--csv", "report.csv"),
    ("--html", "report.html"),
)
SECONDS, MEGABYTES = 5.0, 300.0
"""What a report of 100,000 calls may take at the most, on the clock and in memory."""
ROOT = Path(__file__).parents[2]
LAUNCHER = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
status = subprocess.call(sys.argv[1:])
wall = time.perf_counter() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([status, wall, used.ru_utime + used.ru_stime, used.ru_maxrss]), file=sys.stderr)
"""
"""Starts the command: a process counts the memory of the one that it was started from, and this one has next to
none."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run: seconds on the clock, seconds of processor time, bytes of memory at the most."""

    output: str
    wall: float
    processor: float
    memory: int

    def over(self, seconds: float, megabytes: float) -> str | None:
        """What it took more of than it may, in words; None: nothing."""
        too_long = f"{self.wall:.2f} s of {seconds:g} s" if self.wall > seconds else None
        too_big = f"{self.memory / 1e6:.0f} MB of {megabytes:g} MB" if self.memory > megabytes * 1e6 else None
        taken = ", ".join(filter(None, (too_long, too_big)))
        return f"{self.output}: took {taken}" if taken else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill, run, print; gives 1 where a run took more than it may, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--lines", type=int, default=25)
    parser.add_argument("--agents", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder of the database; filled if it has none")
    parser.add_argument(
        "--postgresql", metavar="URL", help="this database, which must be empty, instead of SQLite"
    )
    parser.add_argument("--seconds", type=float, default=SECONDS, help="a run may take, on the clock")
    parser.add_argument("--megabytes", type=float, default=MEGABYTES, help="a run may take, at the most")
    options = parser.parse_args(arguments)
    size = Size(options.calls, MONTH, DAYS, options.lines, options.agents, options.seed)
    with _folder(options.keep) as folder:
        _prepare(folder, size, options.postgresql or SQLITE)
        print(f"{'output':22}{'wall s':>8}{'cpu s':>8}{'MB':>8}")
        costs = []
        for output in OUTPUTS:
            costs.append(cost := run(folder, output))
            print(f"{cost.output:22}{cost.wall:8.2f}{cost.processor:8.2f}{cost.memory / 1e6:8.0f}", flush=True)
    over = [told for cost in costs if (told := cost.over(options.seconds, options.megabytes)) is not None]
    for told in over:
        print(told, file=sys.stderr)
    return 1 if over else 0


def run(folder: Path, output: Sequence[str]) -> Cost:
    """Run the command once, in `folder`; it must end well."""
    command = [sys.executable, "-m", "gateway.cli.main", "report", "--month", f"{MONTH:%Y-%m}", *output]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with (folder / "output").open("wb") as to:
        launched = subprocess.run(
            [sys.executable, "-I", "-c", LAUNCHER, *command],
            cwd=folder,
            env=environment,
            stdout=to,
            stderr=subprocess.PIPE,
            check=False,
        )
    *told, last = launched.stderr.decode().splitlines()
    status, wall, processor, memory = json.loads(last)
    if status != 0:
        said = (folder / "output").read_text(encoding="utf-8", errors="replace")
        raise SystemExit("\n".join([f"{' '.join(command)} has failed: {status}", *told, said]))
    return Cost(" ".join(output) or "summary", wall, processor, memory * 1024)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    """The folder of the database, in which the command is run."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="sansheng-report-") as temporary:
        yield Path(temporary)


def _prepare(folder: Path, size: Size, url: str) -> None:
    if url == SQLITE and (folder / "calls.db").exists():
        return
    (folder / "gateway.toml").write_text(gateway_toml(size, url, "."), encoding="utf-8")
    began = time.perf_counter()
    facts = fill(RecordsConfig(SITE, url=url, data_dir=folder), size)
    print(f"{size.calls} calls and {facts} facts written in {time.perf_counter() - began:.0f} s", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
