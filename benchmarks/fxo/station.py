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

    def __init__(self, number: int, port: Path, on_ring: int, prompt: Path) -> None:
        self.line = FxoLine(FxoConfig(f"fxo{number}", str(port)))
        self.events: list[LineEvent] = []
        self.answered: asyncio.Event = asyncio.Event()
        self._on_ring = on_ring
        self._prompt = str(prompt)
        self._plays = 0

    def report(self, event: LineEvent) -> None:
        """What the line tells."""
        self.events.append(event)
        match event:
            case RingBurst(leg=leg, number=number) if number == self._on_ring:
                self.line.execute(Answer(leg))
            case Answered(leg=leg):
                self.answered.set()
                self._play(leg)
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
            await self._line(process)

    async def told(self) -> list[dict[str, Any]]:
        """What every modem noted, when all have done what they were to do."""
        return [modem for process in self._processes for modem in json.loads(await self._line(process))]

    async def stop(self) -> None:
        """Whatever they are at."""
        for process in self._processes:
            if process.returncode is None:
                process.terminate()
            await process.wait()

    @staticmethod
    async def _line(process: asyncio.subprocess.Process) -> bytes:
        assert process.stdout is not None
        return await process.stdout.readline()
