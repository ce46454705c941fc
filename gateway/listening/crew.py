"""Processes that hear recordings side by side.

Each gets one file at a time, so that a folder of any size costs the same memory; one that dies (out of memory)
costs its file alone. One that cannot even begin ends all: the next would fare no better.
"""

import signal
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Final

from drivers.hearing.ears import Ears
from drivers.hearing.riff import WavError
from gateway.listening.hearing import EarsError, hear_file, ready_ears
from gateway.listening.tally import Summary

Outcome = Summary | str
"""What was heard, or one line that tells why nothing was."""
_CONTEXT: Final = get_context("spawn")  # a forked process would inherit the threads' locks of the voice model
_PATIENCE: Final = 2.0  # seconds; a process that has been told to end does so at once, or is killed


@dataclass(slots=True, eq=False)
class _Listener:
    process: SpawnProcess
    pipe: "Connection[Path, Outcome | None]"
    ready: bool = False
    """Whether its ears are: it says so before it hears its first file."""

    @classmethod
    def start(cls, channel: int | None) -> "_Listener":
        ours, theirs = _CONTEXT.Pipe()
        process = _CONTEXT.Process(target=_listen, args=(theirs, channel), daemon=True)
        with _interrupt_held_back():
            process.start()
        theirs.close()  # so that its death shows as the end of the pipe
        return cls(process, ours)

    def give(self, path: Path) -> bool:
        """The next file to hear; False if the process has gone."""
        try:
            self.pipe.send(path)
        except OSError:
            return False
        return True

    def await_ready(self) -> None:
        """Take its first message. Raises EarsError."""
        try:
            fault = self.pipe.recv()
        except (EOFError, OSError) as error:
            raise EarsError(
                f"a process that was to hear ended as it began (exit code {self._exit_code()}); was memory short?"
            ) from error
        if fault is not None:
            raise EarsError(str(fault))
        self.ready = True

    def outcome(self, path: Path) -> Outcome:
        """What it says about `path`, which it was given."""
        try:
            outcome = self.pipe.recv()
        except (EOFError, OSError):
            outcome = None
        if outcome is not None:
            return outcome
        return f"{path}: the process that heard it ended (exit code {self._exit_code()}); was memory short?"

    def end(self) -> None:
        self.pipe.close()
        self.process.terminate()
        self.process.join(_PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()

    def _exit_code(self) -> int | None:
        self.process.join(_PATIENCE)
        return self.process.exitcode


def hear_all(files: Iterable[Path], jobs: int, channel: int | None = None) -> Generator[tuple[Path, Outcome]]:
    """Every file with what became of it, in the order in which they are done; `jobs` processes hear.

    The processes end with the iterator, however it ends: close it. Raises EarsError when one cannot begin to hear:
    the next could not either.
    """
    waiting = iter(files)
    busy: dict[_Listener, Path] = {}

    def give(listener: _Listener | None) -> None:
        """The next file; to a new process where the old one has gone."""
        path = next(waiting, None)
        if listener is not None and (path is None or not listener.give(path)):
            listener.end()
            listener = None
        if path is None:
            return
        if listener is None:
            listener = _Listener.start(channel)
            listener.give(path)  # if it has gone already, await_ready tells
        busy[listener] = path

    try:
        for _ in range(jobs):
            give(None)
        while busy:
            said = wait([listener.pipe for listener in busy])
            for listener in [one for one in busy if one.pipe in said]:
                if not listener.ready:
                    listener.await_ready()
                    continue
                path = busy[listener]
                outcome = listener.outcome(path)
                del busy[listener]
                give(listener)
                yield path, outcome
    finally:
        for listener in busy:
            listener.end()


@contextmanager
def _interrupt_held_back() -> Generator[None]:
    """For a process to begin in: Ctrl-C reaches it too, and would make it complain before it can ignore it."""
    resource_tracker.ensure_running()  # as it begins it lets the signal in again, so not within
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _listen(pipe: "Connection[Outcome | None, Path]", channel: int | None) -> None:
    """A process's work: until the other end of the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the one who shows the results decides
    with suppress(EOFError, OSError):
        try:
            ears = ready_ears()
        except EarsError as error:
            pipe.send(str(error))
            return
        pipe.send(None)
        while True:
            pipe.send(_outcome(pipe.recv(), ears, channel))


def _outcome(path: Path, ears: Ears, channel: int | None) -> Outcome:
    try:
        return hear_file(path, ears, channel)
    except WavError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - a fault of ours costs one file, not the night's work
        return f"{path}: cannot be heard ({type(error).__name__}: {error}); please report this"
