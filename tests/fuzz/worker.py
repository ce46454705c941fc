"""One target in a process of its own: `python -m tests.fuzz.worker TARGET RUNS SECONDS SEED FOLDER`.

With atheris, which watches the branches that an input takes; without it, by chance. Prints `did N inputs` at the
end; what was found with is written into FOLDER, and the traceback is on stderr.
"""

import logging
import os
import resource
import sys
import time
import traceback
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.fuzz.mutate import mutated
from tests.fuzz.table import load
from tests.fuzz.target import Target, tried

MEMORY: Final = 2 << 30
"""Bytes: an input of some kilobytes needs some megabytes; the rest is Python's, the libraries', the engine's."""
FINDING: Final = 77
"""The exit code for a finding; it is libFuzzer's."""

try:
    import atheris
except ImportError:
    atheris = None


class Worker:
    """Tries inputs and counts them."""

    def __init__(self, target: Target, seed: int, folder: Path) -> None:
        self._target = target
        self._random = Random(seed)
        self._folder = folder
        self.done = 0

    def attempt(self, data: bytes) -> None:
        """Try one input; a finding ends the process."""
        try:
            tried(self._target, data)
        except BaseException:  # noqa: BLE001  whatever it is, it is what we are here for
            path = self._folder / f"{self._target.name}-{abs(hash(data)):016x}"
            path.write_bytes(data)
            traceback.print_exc()
            print(f"found with {path} ({len(data)} bytes)\ndid {self.done} inputs", flush=True)
            sys.stderr.flush()
            os._exit(FINDING)
        self.done += 1

    def changed(self, data: bytes, most: int, seed: int) -> bytes:
        """For libFuzzer: every other input is changed by it, which knows the branches, the others by lines and
        tokens."""
        random = self._random
        if random.random() < 0.5:
            changed: bytes = atheris.Mutate(data, most)
            return changed
        return mutated(self._target, random, data)[:most]

    def by_chance(self, runs: int, seconds: float) -> None:
        """Without the engine: seeds, finds, and what is made of them."""
        for data in [*self._target.seeds, *self._target.found]:
            self.attempt(data)
        until = time.monotonic() + seconds
        while self.done < runs and (not seconds or time.monotonic() < until):
            self.attempt(mutated(self._target, self._random))
        print(f"did {self.done} inputs", flush=True)


def main(name: str, runs: int, seconds: float, seed: int, folder: Path) -> None:
    """Never returns where atheris is there."""
    logging.disable(logging.CRITICAL)  # what is refused is told there, a million times
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if atheris is None:
        Worker(load(name), seed, folder).by_chance(runs, seconds)
        return
    with atheris.instrument_imports(include=["gateway", "drivers"]):
        target = load(name)
    worker = Worker(target, seed, folder)
    corpus = folder / f"{name}-corpus"
    corpus.mkdir(exist_ok=True)
    for number, data in enumerate([*target.seeds, *target.found]):
        (corpus / f"seed-{number}").write_bytes(data)
    options: list[Any] = [sys.argv[0], str(corpus), f"-seed={seed}", f"-max_len={target.longest}", "-timeout=600"]
    # A run more than asked for: libFuzzer counts the empty input that it begins with.
    options += [
        f"-runs={runs}" if runs else "-runs=-1",
        f"-max_total_time={max(1, round(seconds))}" if seconds else "",
    ]
    options += ["-rss_limit_mb=0", "-len_control=0", "-print_final_stats=1", "-verbosity=1", "-close_fd_mask=0"]
    atheris.Setup([option for option in options if option], worker.attempt, custom_mutator=worker.changed)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
