"""SIPp places the calls: one process, each call to a line of its own."""

import asyncio
import contextlib
import csv
import os
import subprocess
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load.voices import LOG, PRIORITY
from tests.broker import tool

SCENARIO = Path(__file__).with_name("caller.xml")
PATIENCE = 40.0
"""Seconds that all the calls may end later than they should: SIP itself gives up after 32."""
_NOWHERE = "127.0.0.1:9"
"""What SIPp is told to call; the scenario then calls elsewhere."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls whom."""

    number: str
    line: int
    """Port called."""
    rtp: int
    """Own port for audio."""
    does: str


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of the calls, as SIPp saw them."""

    succeeded: int
    failed: int
    most_at_once: int
    answers: tuple[float, ...]
    """Milliseconds from INVITE to 200."""
    seconds: float
    """In which calls were begun."""


class Calls:
    """The calls of one run."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path, count: int) -> None:
        self._process = process
        self._log = folder / LOG
        self._folder = folder
        self._count = count

    @property
    def pid(self) -> int:
        return self._process.pid

    async def answered(self, count: int, seconds: float) -> None:
        """Wait until so many were answered, but no longer than `seconds`, nor than SIPp runs."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while (  # noqa: ASYNC110 - SIPp tells by a file
                    self._answered() < count and self._process.returncode is None
                ):
                    await asyncio.sleep(0.05)

    def _answered(self) -> int:
        lines = self._log.read_text(encoding="ascii").splitlines() if self._log.exists() else []
        return sum(len(words := line.split()) == 4 and words[2] != "0" for line in lines)

    async def ended(self, seconds: float) -> Placed:
        """Once all calls are over. Where that takes longer than `seconds`, those that are up have failed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds + PATIENCE):
                await self._process.wait()
        await stopped(self._process)
        return placed(self._folder, self._count)


@contextlib.asynccontextmanager
async def calling(callers: Sequence[Caller], rate: float, stay: float, folder: Path) -> AsyncIterator[Calls]:
    """Calls come at `rate` a second, and each caller stays so many seconds after he was answered."""
    scenario = folder / "caller.xml"
    scenario.write_text(SCENARIO.read_text(encoding="ascii").replace("HOLD", str(round(stay * 1000))))
    rows = (f"{caller.number};{caller.line};{caller.rtp};{caller.does}\n" for caller in callers)
    (folder / "callers.csv").write_text("".join(["SEQUENTIAL\n", *rows]), encoding="ascii")
    options = {
        "-sf": scenario, "-inf": folder / "callers.csv", "-m": len(callers), "-l": 2 * len(callers), "-r": rate,
        "-t": "u1", "-i": "127.0.0.1", "-log_file": folder / LOG, "-error_file": folder / "sipp-errors.log",
        "-stf": folder / "stat.csv", "-fd": 1, "-rtt_freq": 1,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *(
            *("nice", "-n", str(PRIORITY)),
            tool("sipp", "sip-tester"),
            _NOWHERE,
            "-nostdin",
            "-trace_logs",
            "-trace_err",
            "-trace_stat",
            "-trace_rtt",
        ),
        *(str(word) for option in options.items() for word in option),
        env={**os.environ, "TERM": "dumb"},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield Calls(process, folder, len(callers))
    finally:
        await stopped(process)


async def stopped(process: asyncio.subprocess.Process) -> None:
    """Not running any more."""
    if process.returncode is None:
        process.kill()
        await process.wait()


def placed(folder: Path, count: int) -> Placed:
    """From SIPp's statistics: a call that it does not tell to have succeeded has failed."""
    rows = list(csv.DictReader((folder / "stat.csv").read_text().splitlines(), delimiter=";"))
    times = [line for file in folder.glob("caller_*_rtt.csv") for line in file.read_text().splitlines()[1:]]
    succeeded = int(rows[-1]["SuccessfulCall(C)"])
    seconds = sum(1 for row in rows if int(row["OutgoingCall(P)"]))
    return Placed(
        succeeded,
        count - succeeded,
        max(int(row["CurrentCall"]) for row in rows),
        tuple(float(line.split(";")[1]) for line in times),
        float(seconds),
    )
