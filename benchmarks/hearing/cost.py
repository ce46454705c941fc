"""What the ears cost: CPU of a frame by what is heard, and memory."""

import gc
import resource
import time
import tracemalloc
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from benchmarks.corpus import Scene, Split, scenes
from benchmarks.hearing.page import Section, Table
from benchmarks.hearing.replay import AT_ONCE
from drivers.hearing.ears import Ears
from drivers.hearing.frames import FRAME

HEARD: Final = ("silence", "speech", "noise", "tone", "echo")
"""Kinds of scenes that are timed by themselves."""
TYPICAL: Final = {"echo": 0.20, "speech": 0.35, "silence": 0.35, "noise": 0.10}
"""A call to a hotline: the greeting and prompts for a fifth of it, then one side talks at a time and the ears
hear only the customer, so that speech and silence are even; some callers stand in the street."""
TURNS: Final = 3
EARS: Final = 100
GROWTH_MINUTES: Final = 10

_MIX: Final = ", ".join(f"{kind} {100 * part:.0f} %" for kind, part in TYPICAL.items())
CPU = f"""\
*µs of a frame*: CPU time of this process (all threads) for 20 ms of sound, handed over two frames at a time as
the SIP leg does; only what is heard between a scene's `begins` and `ends` counts; the least of {TURNS} runs, as
whatever else the machine does only adds. *% of a core*: of one call that hears nothing else. *Typical call*:
{_MIX}."""

MEMORY = f"""\
In a process of its own. *One Ears*: what Python allocates for it and its first 2 s of speech (tracemalloc; the
voice model's session is shared and was there before). *Resident*: growth of the process over {EARS} Ears that
each heard 2 s, a hundredth of it. *Growth*: of the process over {GROWTH_MINUTES} minutes heard by one Ears,
after a first one."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Measured cost."""

    micros: dict[str, float]
    """CPU of a frame by kind of scene."""
    mean: float
    """Over an even part of the whole corpus."""
    allocated: int
    """Bytes of one Ears."""
    resident: int
    """Bytes of the process for one Ears of many."""
    growth: int
    """Bytes of the process over some minutes of sound."""

    @property
    def typical(self) -> float:
        """CPU of a frame in a typical call."""
        return sum(part * self.micros[kind] for kind, part in TYPICAL.items())


def measure(split: Split, share: float) -> Cost:
    """All figures, in this process; `share` of the corpus is heard for them."""
    by_kind = {kind: list(islice(scenes(split, kinds=(kind,), share=share), 12)) for kind in HEARD}
    micros = {kind: min(_micros(heard) for _ in range(TURNS)) for kind, heard in by_kind.items()}
    evenly = list(scenes(split, share=share))
    mean = min(_micros(evenly) for _ in range(TURNS))
    # A process that has lived holds freed memory, in which new ears would find room unseen.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        memory = pool.submit(_memory, by_kind["speech"][:4], by_kind["noise"][:4]).result()
    return Cost(micros, mean, *memory)


def _memory(speech: list[Scene], noise: list[Scene]) -> tuple[int, int, int]:
    """Bytes allocated for one Ears, resident for each of many, and grown by over some minutes."""
    return _allocated(speech[0]), _resident(speech[0]), _growth(speech + noise)


def _micros(heard: list[Scene]) -> float:
    """CPU of a frame between the scenes' beginnings and ends."""
    ears, spent, frames = Ears(), 0.0, 0
    for scene in heard:
        ears.reset()
        begins, ends = (round(t * 8000) // AT_ONCE * AT_ONCE for t in (scene.begins, scene.ends))
        _listen(ears, scene, 0, begins)
        start = time.process_time()
        _listen(ears, scene, begins, ends)
        spent += time.process_time() - start
        frames += (ends - begins) // FRAME
    return 1e6 * spent / max(frames, 1)


def _listen(ears: Ears, scene: Scene, begin: int, end: int) -> None:
    for at in range(begin, end, AT_ONCE):
        played = None if scene.near_end is None else scene.near_end[at : at + AT_ONCE]
        ears.hear(scene.samples[at : at + AT_ONCE], played)


def _two_seconds(scene: Scene) -> Ears:
    ears = Ears()
    begins = round(scene.begins * 8000) // AT_ONCE * AT_ONCE
    _listen(ears, scene, begins, begins + 50 * AT_ONCE)
    return ears


def _allocated(scene: Scene) -> int:
    _two_seconds(scene)
    gc.collect()
    tracemalloc.start()
    ears = _two_seconds(scene)
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert ears.seconds
    return size


def _resident(scene: Scene) -> int:
    gc.collect()
    before = _rss()
    many = [_two_seconds(scene) for _ in range(EARS)]
    return (_rss() - before) // len(many)


def _growth(heard: list[Scene]) -> int:
    ears, before = Ears(), 0
    for scene in cycle(heard):
        if ears.seconds > 60 and not before:  # the first minute fills the memories that there are
            gc.collect()
            before = _rss()
        if ears.seconds > 60 * (GROWTH_MINUTES + 1):
            break
        _listen(ears, scene, 0, len(scene.samples) // AT_ONCE * AT_ONCE)
    gc.collect()
    return _rss() - before


def _rss() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def section(cost: Cost) -> Section:
    """Both tables."""
    rows = [(kind, f"{micros:.0f}", f"{micros / 200:.2f}") for kind, micros in cost.micros.items()]
    rows.append(("all the corpus, evenly", f"{cost.mean:.0f}", f"{cost.mean / 200:.2f}"))
    rows.append(("a typical call", f"{cost.typical:.0f}", f"{cost.typical / 200:.2f}"))
    memory = [
        ("one Ears", f"{cost.allocated / 1024:.0f} KB"),
        ("resident, for each of many", f"{cost.resident / 1024:.0f} KB"),
        (f"growth over {GROWTH_MINUTES} minutes", f"{cost.growth / 1024:.0f} KB"),
    ]
    return Section(
        "Cost",
        [
            Table("CPU", ("heard", "µs of a frame", "% of a core"), rows, CPU),
            Table("Memory", ("what", "size"), memory, MEMORY),
        ],
    )
