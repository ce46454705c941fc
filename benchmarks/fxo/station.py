"""The near end of the benchmark: FXO lines in this process, each with the same simple policy."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from drivers.fxo.config import FxoConfig
from drivers.fxo.line import FxoLine
from drivers.line import (
    Answer,
    Answered,
    FarEndHungUp,
    Join,
    LegFailed,
    LegReleased,
    LineEvent,
    LineFault,
    Play,
    PlayFinished,
    Release,
    RingBurst,
)


class Station:
    """One line: answers at ring `on_ring`, plays `prompt` again and again, releases when the customer has gone."""

    def __init__(
        self, number: int, port: Path, on_ring: int, prompt: Path, sockets: tuple[str, str] | None = None
    ) -> None:
        """`sockets`: join the call there, and play nothing."""
        self.line = FxoLine(FxoConfig(f"fxo{number}", str(port)))
        self.events: list[LineEvent] = []
        self.answered: asyncio.Event = asyncio.Event()
        self._on_ring = on_ring
        self._prompt = str(prompt)
        self._sockets = sockets
        self._plays = 0

    def report(self, event: LineEvent) -> None:
        """What the line tells."""
        self.events.append(event)
        match event:
            case RingBurst(leg=leg, number=number) if number == self._on_ring:
                self.line.execute(Answer(leg))
            case Answered(leg=leg):
                self.answered.set()
                if self._sockets is None:
                    self._play(leg)
                else:
                    self.line.execute(Join(leg, *self._sockets))
            case PlayFinished(leg=leg, complete=True):
                self._play(leg)
            case FarEndHungUp(leg=leg):
                self.line.execute(Release(leg))
            case LegReleased() | LegFailed():
                self.answered.clear()
            case LineFault(code=fault, detail=detail):
                print(f"{self.line.line_id}: {fault}: {detail}", file=sys.stderr)

    def _play(self, leg: str) -> None:
        self._plays += 1
        self.line.execute(Play(leg, self._plays, (self._prompt,)))


PROCESSES = 2
"""The emulated modems of 16 lines cost half a core: in one process they would fall behind on a busy machine."""


def in_order(lines: int) -> list[int]:
    """Where in `FarEnd.told` each line's modem is."""
    places = [line for first in range(PROCESSES) for line in range(first, lines, PROCESSES)]
    return [places.index(line) for line in range(lines)]


class Agents:
    """The legs that the lines are joined with, in a process of their own; see benchmarks.fxo.agent."""

    def __init__(self, folder: Path, legs: int) -> None:
        self.sockets = [(str(folder / f"line{leg}"), str(folder / f"agent{leg}")) for leg in range(legs)]
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, seconds: float) -> None:
        """They speak and hear for so long."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.fxo.agent", str(seconds)),
            *(path for line, own in self.sockets for path in (own, line)),
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 27,
        )
        await _line_of(self._process)

    async def told(self) -> list[dict[str, list[float]]]:
        """The clicks of each, when all have been said."""
        assert self._process is not None
        clicks: list[dict[str, list[float]]] = json.loads(await _line_of(self._process))
        await self._process.wait()
        return clicks


class FarEnd:
    """Emulated modems in processes of their own, see benchmarks.fxo.far_end."""

    def __init__(self, links: list[Path]) -> None:
        self.links = links
        self._processes: list[asyncio.subprocess.Process] = []

    async def start(self, *arguments: str) -> None:
        """Put a modem under every link."""
        for number in range(PROCESSES):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "benchmarks.fxo.far_end"),
                *(
                    *arguments,
                    f"--first={number}",
                    f"--step={PROCESSES}",
                    *map(str, self.links[number::PROCESSES]),
                ),
                stdout=asyncio.subprocess.PIPE,
                limit=1 << 27,
            )
            self._processes.append(process)
        for process in self._processes:
            await _line_of(process)

    async def told(self) -> list[dict[str, Any]]:
        """What every modem noted, when all have done what they were to do."""
        return [modem for process in self._processes for modem in json.loads(await _line_of(process))]

    async def stop(self) -> None:
        """Whatever they are at."""
        for process in self._processes:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _line_of(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout is not None
    return await process.stdout.readline()
