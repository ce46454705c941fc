"""What one leg hears: every received frame to the ears and, when ordered, to the recordings. No pjsua2 here."""

from collections import deque
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.clearing import ClearingVote
from drivers.hearing.ears import Ears
from drivers.hearing.heard import VerdictHeard
from drivers.hearing.recordings import Recordings
from drivers.hearing.wav import SAMPLE_RATE
from drivers.line import HangUpSign
from drivers.sip.arrival import Arrival, Media, Received
from drivers.sip.playout import FRAME

_SILENCE: Final = bytes(2 * FRAME)
_AT_ONCE: Final = 2
"""Frames the ears are given at a time: 40 ms costs half of what 20 ms does and delays no verdict noticeably."""

Frames = deque[tuple[bytes, bytes | None]]
"""Received frame (empty when the bridge had none) and the frame said in the same tick, oldest first."""

News = VerdictHeard | HangUpSign | Media
"""What a leg is to tell of its far end: another verdict, that it has gone, that its audio stops or comes again."""


class Listening:
    """The owner thread's end of a leg's tap. Its ears hear only what has come: while audio is missing their clock
    stands still, and the recordings go on with silence."""

    def __init__(self, frames: Frames, ears: Ears, received: Callable[[], Received | None]) -> None:
        """`ears` as good as new; `received` as for Arrival."""
        self._arrival = Arrival(received)
        self._frames = frames
        self._ears = ears
        self._clearing = ClearingVote()
        self._recordings = Recordings()
        self._samples = 0
        """Taken so far: the bridge's clock, by which the recordings are timed."""
        self._held = False

    def hold(self) -> None:
        """Hear nothing until resume(); the recordings go on with silence."""
        self._held = True

    def resume(self) -> None:
        """Hear again, with ears as good as new."""
        self.hear()
        self._held = False
        self._arrival.resume()
        self._ears.reset()
        self._clearing.reset()

    def record(self, path: str, *, both: bool = False) -> None:
        """Write what is heard from now on to `path` too, with `both` what is said beside it, until
        stop_recording() or close()."""
        self._recordings.begin(path, self._now, both=both)

    def stop_recording(self, path: str) -> None:
        """Complete the file at `path`, if it runs."""
        self._recordings.end(path, self._now)

    def hear(self) -> list[News]:
        """What has come since the last call: changed verdicts, the sign by which the far end has gone, and whether
        its audio has stopped or comes again."""
        if self._held:
            waiting = len(self._frames)
            for _ in range(waiting):
                self._frames.popleft()
            self._write(np.zeros(waiting * FRAME, np.int16))
            return []
        ready = len(self._frames) - len(self._frames) % _AT_ONCE
        if not ready:
            return []
        ticks = [self._frames.popleft() for _ in range(ready)]
        heard = _samples([received for received, _ in ticks])
        said = _samples([frame for _, frame in ticks]) if any(frame for _, frame in ticks) else None
        self._write(heard, said)
        media = self._arrival.take([received for received, _ in ticks])
        news: list[News] = [] if media is None else [media]
        if self._arrival.missing:
            return news
        reports = self._ears.hear(heard, said)
        sign = self._clearing.hear(reports, self._ears.seconds)
        news += [one for one in reports if isinstance(one, VerdictHeard)]
        return news if sign is None else [*news, sign]

    def close(self) -> None:
        """Complete every recording."""
        self._recordings.close(self._now)

    def _write(self, heard: NDArray[np.int16], said: NDArray[np.int16] | None = None) -> None:
        self._samples += len(heard)
        self._recordings.write(heard, said)

    @property
    def _now(self) -> float:
        return self._samples / SAMPLE_RATE


def _samples(frames: list[bytes] | list[bytes | None]) -> NDArray[np.int16]:
    whole = b"".join(frame if frame and len(frame) == len(_SILENCE) else _SILENCE for frame in frames)
    return np.frombuffer(whole, dtype="<i2").astype(np.int16, copy=False)
