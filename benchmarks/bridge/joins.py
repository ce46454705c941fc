"""Two processes hold one end each of some joins.

One sends 20 ms frames, one at a time or three every 60 ms; the other takes a frame every 20 ms and sends one back.
What is told: how long after it was sent a frame is taken, how often none was there, and the CPU of a leg (send and
take) in the taking process; and how late that one's own ticks came, which is the machine's doing.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import numpy as np

from drivers.bridge import FRAME_SECONDS, AudioPath

SETTLING: Final = 2.0
"""Seconds that are not counted: processes begin, the first frames are waited for."""
NUMBERS: Final = 30_000
"""Frames tell their number, in 16 bits."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How frames are sent: so many at a time."""

    name: str
    together: int


RHYTHMS: Final = (Rhythm("one every 20 ms", 1), Rhythm("three every 60 ms", 3))


def measure(rhythm: Rhythm, legs: int, seconds: float) -> str:
    """Run one rhythm; what came of it, in a line."""
    context = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sansheng-bridge-")))
        paths = [stack.enter_context(closing(AudioPath(*_ends(folder, leg, "b", "a")))) for leg in range(legs)]
        ours, theirs = context.Pipe()
        sender = context.Process(
            target=_send, args=(theirs, folder, rhythm, legs, seconds + SETTLING), daemon=True
        )
        sender.start()
        ours.recv()
        taken, cpu, late = _take(paths, seconds + SETTLING)
        sent = ours.recv()
        sender.join()
    return _told(rhythm, sent, taken, cpu / legs, late)


@dataclass(slots=True)
class Taken:
    """Of one leg: which frame was taken when, and how often there was none after the first."""

    frames: list[tuple[int, float]] = field(default_factory=list)
    missing: int = 0

    def note(self, frame: bytes | None) -> None:
        """A frame was taken now. One that was resampled does not tell its number."""
        if frame is None:
            self.missing += bool(self.frames)
        elif frame[:2] * 160 == frame:
            self.frames.append((int.from_bytes(frame[:2], "little"), time.monotonic()))


def _told(rhythm: Rhythm, sent: list[float], taken: list[Taken], cpu: float, late: float) -> str:
    began = sent[0] + SETTLING
    delays = [at - sent[number] for leg in taken for number, at in leg.frames if sent[number] > began]
    median, p99, worst = 1000 * np.percentile(delays, (50, 99, 100))
    missing = sum(leg.missing for leg in taken)
    return (
        f"{rhythm.name}: delay median {median:.1f} ms, p99 {p99:.1f} ms, most {worst:.1f} ms; "
        f"{missing} of {missing + len(delays)} frames missing; ticks up to {1000 * late:.1f} ms late (p99); "
        f"CPU {100 * cpu:.2f} % of a core a leg, {1e6 * FRAME_SECONDS * cpu:.0f} µs a frame"
    )


def _take(paths: list[AudioPath], seconds: float) -> tuple[list[Taken], float, float]:
    """What was taken, by leg; the CPU used, in seconds a second; the 99th percentile of the ticks' lateness."""
    taken = [Taken() for _ in paths]
    silence = bytes(320)
    began, used = time.monotonic(), time.thread_time()
    lateness = []
    for late in _ticks(FRAME_SECONDS, seconds):
        lateness.append(late)
        for path, leg in zip(paths, taken, strict=True):
            leg.note(path.take())
            path.send(silence)
    cpu = (time.thread_time() - used) / (time.monotonic() - began)
    return taken, cpu, float(np.percentile(lateness, 99))


def _send(pipe: "Connection[Any, Any]", folder: Path, rhythm: Rhythm, legs: int, seconds: float) -> None:
    """The other process."""
    with ExitStack() as stack:
        paths = [stack.enter_context(closing(AudioPath(*_ends(folder, leg, "a", "b")))) for leg in range(legs)]
        sent: list[float] = []
        pipe.send("ready")
        for _ in _ticks(FRAME_SECONDS * rhythm.together, seconds):
            numbers = np.arange(len(sent), len(sent) + rhythm.together) % NUMBERS
            frames = np.repeat(numbers.astype("<i2"), 160).tobytes()
            sent += [time.monotonic()] * rhythm.together
            for path in paths:
                path.send(frames)
                path.take(rhythm.together)
        pipe.send(sent)


def _ticks(period: float, seconds: float) -> Iterator[float]:
    """One every `period`, by the clock: a late one does not delay the next. By how many seconds each is late."""
    due = time.monotonic()
    for _ in range(round(seconds / period)):
        due += period
        time.sleep(max(0.0, due - time.monotonic()))
        yield time.monotonic() - due


def _ends(folder: Path, leg: int, mine: str, theirs: str) -> tuple[str, str]:
    return str(folder / f"{leg}{mine}"), str(folder / f"{leg}{theirs}")
