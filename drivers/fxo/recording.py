"""What is recorded of one call: orders to files, the modem's streams to the call's own time."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.recordings import Recordings
from drivers.line import Record, StopRecording


class CallRecording:
    """The call's time begins with its first stream: a file ordered before begins there. All times in the loop's
    seconds."""

    def __init__(self) -> None:
        self._files = Recordings()
        self._began: float | None = None
        self._both: set[str] = set()
        """Files that want to know what is said, too."""

    def execute(self, command: Record | StopRecording, now: float) -> None:
        """Carry out an order."""
        match command:
            case Record(path=path, both=both):
                self._files.begin(path, self._in_call(now), both=both)
                if both:
                    self._both.add(path)
            case StopRecording(path=path):
                self._both.discard(path)
                self._files.end(path, self._in_call(now))

    def stream_began(self, now: float) -> None:
        """A stream is up: nothing was heard since the last one, a half-duplex modem's prompts above all."""
        if self._began is None:
            self._began = now
        self.catch_up(now)

    def catch_up(self, now: float) -> None:
        """Nothing was heard for a while."""
        self._files.catch_up(self._in_call(now))

    def write(self, heard: NDArray[np.int16], said: Callable[[], NDArray[np.int16] | None] = lambda: None) -> None:
        """What was heard; `said` is asked only if a file wants it: what was said beside it, None for nothing."""
        self._files.write(heard, said() if self._both else None)

    def close(self, now: float) -> None:
        """The call is over."""
        self._files.close(self._in_call(now))

    def _in_call(self, now: float) -> float:
        return 0.0 if self._began is None else now - self._began
