"""One publisher with a broker and a subscriber of its own: the feed's side, and that of bare aiomqtt."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil

from benchmarks.feed.listening import Heard, Sequence, listen
from benchmarks.feed.publishing import Spent
from benchmarks.feed.stamps import Stamps, spawning
from benchmarks.feed.traffic import Load
from tests.broker import Mosquitto

Work = Callable[[Load, Stamps, Connection], None]
PATIENCE = 60.0
"""Seconds for a process to begin or to end on a busy machine."""


class Child:
    """A process of the benchmark's, and how its memory went."""

    def __init__(self, work: Work, load: Load, stamps: Stamps) -> None:
        self._pipe, theirs = spawning.Pipe()
        self._process = spawning.Process(target=work, args=(load, stamps, theirs))
        self._process.start()
        theirs.close()
        self.memory: list[tuple[float, float]] = []
        """(When, resident MB), every quarter of a second."""
        self._ended = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        process = psutil.Process(self._process.pid)
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            while not self._ended.wait(0.25):
                self.memory.append((time.monotonic(), process.memory_info().rss / 1e6))

    def order(self, order: float | None) -> None:
        """Tell it what to do."""
        self._pipe.send(order)

    def answer(self, within: float = PATIENCE) -> Any:
        """What it says next; EOFError where it has failed."""
        if not self._pipe.poll(within):
            raise TimeoutError("a process of the benchmark does not answer")
        return self._pipe.recv()

    def run(self, seconds: float) -> Spent:
        """Have it take the load for so long."""
        self.order(seconds)
        spent: Spent = self.answer(seconds * 3 + PATIENCE)
        return spent

    def end(self) -> None:
        """Have it ended."""
        self._ended.set()
        self._process.join(PATIENCE)
        self._process.kill()


@dataclass
class Side:
    """Begun by `start`. `spent` is what its publisher took, stretch by stretch."""

    name: str
    load: Load
    broker: Mosquitto
    stamps: Stamps
    publisher: Child
    listener: Child
    spent: list[Spent] = field(default_factory=list)

    @classmethod
    def start(cls, name: str, load: Load, work: Work, folder: Path, first: float | None = None) -> "Side":
        """A broker, its subscriber, and a publisher that has reached it; `first` is an order before all others."""
        folder.mkdir()
        broker = Mosquitto(folder)
        asyncio.run(broker.start())
        load = load.at(broker.port)
        stamps = Stamps(load.lines)
        listener = Child(listen, load, stamps)
        listener.answer()
        publisher = Child(work, load, stamps)
        if first is not None:
            publisher.order(first)
        publisher.answer()
        return cls(name, load, broker, stamps, publisher, listener)

    def run(self, seconds: float) -> None:
        """Take the load for so long."""
        self.spent.append(self.publisher.run(seconds))

    def end(self) -> tuple[dict[int, Heard], list[Sequence], int]:
        """End it all; gives what was heard by phase, each line's numbers, and what the feed says it dropped."""
        self.publisher.order(None)
        dropped: int = self.publisher.answer()
        time.sleep(0.5)  # what is under way from the broker to its subscriber
        self.stamps.phase = -1
        heard, sequences = self.listener.answer()
        self.publisher.end()
        self.listener.end()
        self.broker.kill()
        return heard, sequences, dropped
