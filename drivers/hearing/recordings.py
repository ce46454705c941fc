"""What is recorded of one leg: several WAV files at the same time, each on the leg's time from its beginning."""

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.wav import SAMPLE_RATE, WavWriter

_log = logging.getLogger(__name__)

DRIFT: Final = 0.1
"""Seconds by which a file may be behind before silence is put in: the far end's own clock, a late read."""


@dataclass(slots=True, eq=False)
class _Running:
    writer: WavWriter
    began: float
    both: bool
    samples: int = 0


class Recordings:
    """The files of one leg, known by their paths. Times in seconds of any clock that never goes back.

    A disk that refuses a file is logged, once, and costs that file alone: nothing here raises.
    """

    def __init__(self) -> None:
        self._running: dict[str, _Running] = {}
        self._closed = False

    @property
    def running(self) -> bool:
        """Whether anything is recorded."""
        return bool(self._running)

    def begin(self, path: str, now: float, *, both: bool = False) -> None:
        """Record from now on to `path`, replacing what it held; nothing happens if that runs already.

        What the far end says in mono, or with `both` in stereo: left the far end, right what is said to it. A file
        or folder that is made is closed to others: a call is its customer's and the site's.
        """
        if path in self._running or self._closed:
            return
        try:
            _make_private(Path(path))
            self._running[path] = _Running(WavWriter(path, 2 if both else 1), now, both)
        except (OSError, ValueError) as error:  # ValueError: a path that no file can have
            _log.error("cannot record to %s: %s; the call goes on without it", path, error)

    def write(self, heard: NDArray[np.int16], said: NDArray[np.int16] | None = None) -> None:
        """What was heard, to every file, and what was said meanwhile, of which mono files want nothing.

        Both begin at the same moment and last as long as `heard`: what is missing of `said` was silence, and what
        is more is cut off.
        """
        stereo: NDArray[np.int16] | None = None
        for path, running in tuple(self._running.items()):
            if running.both and stereo is None:
                stereo = _sides(heard, said)
            self._append(path, heard if stereo is None or not running.both else stereo)

    def catch_up(self, now: float) -> None:
        """Silence, to every file, for the time in which nothing could be heard."""
        for path in tuple(self._running):
            self._fill(path, now)

    def end(self, path: str, now: float) -> None:
        """Complete the file at `path`, as long as the time it ran; nothing happens if it does not run."""
        self._fill(path, now)
        running = self._running.pop(path, None)
        if running is not None:
            try:
                running.writer.close()
            except OSError as error:
                _log.error("recording %s: %s; its end is lost", path, error)

    def close(self, now: float) -> None:
        """Complete every file; none begins any more."""
        self._closed = True
        for path in tuple(self._running):
            self.end(path, now)

    def _fill(self, path: str, now: float) -> None:
        running = self._running.get(path)
        if running is None:
            return
        missing = round((now - running.began) * SAMPLE_RATE) - running.samples
        if missing > DRIFT * SAMPLE_RATE:
            self._append(path, np.zeros((missing, 2) if running.both else missing, dtype=np.int16))

    def _append(self, path: str, samples: NDArray[np.int16]) -> None:
        running = self._running[path]
        try:
            running.writer.write(samples)
            running.samples += len(samples)
        except OSError as error:
            _log.error("recording %s: %s; the call goes on without it", path, error)
            del self._running[path]
            running.writer.abandon()


def _sides(heard: NDArray[np.int16], said: NDArray[np.int16] | None) -> NDArray[np.int16]:
    """Pairs of left and right."""
    sides = np.zeros((len(heard), 2), dtype=np.int16)
    sides[:, 0] = heard
    if said is not None:
        length = min(len(heard), len(said))
        sides[:length, 1] = said[:length]
    return sides


def _make_private(file: Path) -> None:
    """Make the file, and the folders that are missing, for their owner alone. Raises OSError, ValueError."""
    for folder in reversed(file.parents):
        folder.mkdir(mode=0o700, exist_ok=True)
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
