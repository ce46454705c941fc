"""Processes that hear recordings side by side.

Each gets one file at a time, so that a folder of any size costs the same memory; one that dies (out of memory)
costs its file alone.
"""

import signal
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Final

from drivers.hearing.ears import Ears
from drivers.hearing.riff import WavError
from gateway.listening.hearing import hear_file
from gateway.listening.tally import Summary

Outcome = Summary | str
"""What was heard, or one line that tells why nothing was."""
_CONTEXT: Final = get_context("spawn")  # a forked process would inherit the threads' locks of the voice model
_PATIENCE: Final = 2.0  # seconds; a process that has been told to end does so at once, or is killed


@dataclass(frozen=True, slots=True)
class _Listener:
    process: SpawnProcess
    pipe: "Connection[Path, Outcome]"

    @classmethod
    def start(cls, channel: int | None) -> "_Listener":
        ours, theirs = _CONTEXT.Pipe()
        process = _CONTEXT.Process(target=_listen, args=(theirs, channel), daemon=True)
        process.start()
        theirs.close()  # so that its death shows as the end of the pipe
        return cls(process, ours)

    def outcome(self, path: Path) -> Outcome:
        """What it says about `path`, which it was given."""
        try:
            return self.pipe.recv()
        except (EOFError, OSError):
            self.process.join(_PATIENCE)
            return (
                f"{path}: the process that heard it ended (exit code {self.process.exitcode}); was memory short?"
            )

    def end(self) -> None:
        self.pipe.close()
        self.process.terminate()
        self.process.join(_PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


def hear_all(files: Iterable[Path], jobs: int, channel: int | None = None) -> Generator[tuple[Path, Outcome]]:
    """Every file with what became of it, in the order in which they are done; `jobs` processes hear.

    The processes end with the iterator, however it ends: close it.
    """
    waiting = iter(files)
    busy: dict[_Listener, Path] = {}

    def give(listener: _Listener | None) -> None:
        """The next file; to a new process where the old one has gone."""
        path = next(waiting, None)
        if path is None or listener is None or not listener.process.is_alive():
            if listener is not None:
                listener.end()
            listener = None if path is None else _Listener.start(channel)
        if path is not None and listener is not None:
            busy[listener] = path
            listener.pipe.send(path)

    try:
        for _ in range(jobs):
            give(None)
        while busy:
            ready = wait([listener.pipe for listener in busy])
            for listener in [one for one in busy if one.pipe in ready]:
                path = busy[listener]
                outcome = listener.outcome(path)
                del busy[listener]
                give(listener)
                yield path, outcome
    finally:
        for listener in busy:
            listener.end()


def _listen(pipe: "Connection[Outcome, Path]", channel: int | None) -> None:
    """A process's work: until the other end of the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the one who shows the results decides
    ears = Ears()
    while True:
        try:
            path = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            outcome: Outcome = hear_file(path, ears, channel)
        except WavError as error:
            outcome = str(error)
        except Exception as error:  # noqa: BLE001 - a fault of ours costs one file, not the night's work
            outcome = f"{path}: cannot be heard ({type(error).__name__}: {error}); please report this"
        try:
            pipe.send(outcome)
        except OSError:
            return
