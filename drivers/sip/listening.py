"""What one leg hears: every received frame to the ears and, when ordered, to the recordings. No pjsua2 here."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.clearing import ClearingVote
from drivers.hearing.ears import Ears
from drivers.hearing.heard import VerdictHeard
from drivers.hearing.keys import Keys
from drivers.hearing.recordings import Recordings
from drivers.hearing.wav import SAMPLE_RATE
from drivers.line import HangUpSign, Verdict
from drivers.sip.arrival import Arrival, Media, Received
from drivers.sip.playout import FRAME

_SILENCE: Final = bytes(2 * FRAME)
AT_ONCE: Final = 5
"""Frames that are waited for before the ears of all legs hear what there is, one leg after the other. They think
a verdict over as often (drivers.hearing.judge): one comes half of that later on average. Woken more often, or leg
by leg as each is ready, they cost more, as the processor has forgotten each time what they need."""

AT_LEISURE: Final = 10
"""The same where a voice is heard that was told of, and no key has been heard in it: what comes next is its end,
which takes a second to be known, or another word for it. A first key is told 0.1 s later for it."""
_NEARLY: Final = 0.7
"""Share of the frames waited for with which a leg joins those that are ready."""
_HELD_UP: Final = 15
"""Frames taken at a time beyond which this process was held up, which Arrival is to see."""
_VOICES: Final = (Verdict.SPEECH, Verdict.FAINT, Verdict.LOUD)

Tick = tuple[bytes, bytes | None]
"""Received frame (empty when the bridge had none) and the frame said in the same tick."""

Frames = deque[Tick]
"""Oldest first."""


@dataclass(frozen=True, slots=True)
class KeyHeard:
    """A key in the voice itself."""

    digit: str


News = VerdictHeard | HangUpSign | Media | KeyHeard
"""What a leg is to tell of its far end: another verdict, that it has gone, that its audio stops or comes again, a
key."""


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
        """Recorded so far: the bridge's clock, by which the recordings are timed."""
        self._ahead = 0
        """How many of the waiting frames are recorded already."""
        self._held = False
        self._keys: Keys | None = None
        """None: keys come by other ways."""
        self._pressed = False
        """Whether one has come by this one."""
        self._voice = False
        """Whether a voice was told of last."""

    @property
    def due(self) -> bool:
        """Whether it is time to hear()."""
        return len(self._frames) >= self._awaited

    @property
    def nearly_due(self) -> bool:
        """Whether it is worth while to hear() now that others do."""
        return len(self._frames) >= _NEARLY * self._awaited

    @property
    def _awaited(self) -> int:
        at_leisure = self._voice and not self._pressed and self._arrival.steady
        return AT_LEISURE if at_leisure else AT_ONCE

    def listen_for_keys(self, wanted: bool) -> None:
        """Hear keys in the voice from now on, or no more."""
        if wanted != (self._keys is not None):
            self._keys = Keys() if wanted else None

    def begin(self) -> None:
        """Hear from now on: what was there before the answer is forgotten."""
        self._drop(len(self._frames))

    def hold(self) -> None:
        """Hear nothing until resume(); the recordings go on with silence."""
        self._catch_up()
        self._held = True

    def resume(self) -> None:
        """Hear again, with ears as good as new."""
        self.hear()
        self._held = False
        self._arrival.resume()
        self._ears.reset()
        self._voice = False
        self._clearing.reset()
        if self._keys is not None:
            self._keys = Keys()

    def record(self, path: str, *, both: bool = False) -> None:
        """Write what is heard from now on to `path` too, with `both` what is said beside it, until
        stop_recording() or close()."""
        self._catch_up()
        self._recordings.begin(path, self._now, both=both)

    def stop_recording(self, path: str) -> None:
        """Complete the file at `path`, if it runs."""
        self._catch_up()
        self._recordings.end(path, self._now)

    def hear(self) -> list[News]:
        """What has come since the last call: changed verdicts, the sign by which the far end has gone, and whether
        its audio has stopped or comes again."""
        if self._held:
            self._catch_up()
            self._drop(self._ahead)
            return []
        if not self._frames:
            return []
        ahead = self._ahead
        ticks = self._drop(len(self._frames))
        self._record(ticks[ahead:])
        news, ticks = self._take(ticks)
        if not ticks:
            return news
        received = _received(ticks)
        if self._keys is not None:
            digits = self._keys.hear(received)
            self._pressed = self._pressed or bool(digits)
            news += [KeyHeard(digit) for digit in digits]
        reports = self._ears.hear(received, _said(ticks))
        sign = self._clearing.hear(reports, self._ears.seconds)
        verdicts = [one for one in reports if isinstance(one, VerdictHeard)]
        if verdicts:
            self._voice = verdicts[-1].verdict in _VOICES
        news += verdicts
        return news if sign is None else [*news, sign]

    def _take(self, ticks: list[Tick]) -> tuple[list[News], list[Tick]]:
        """What is to be told of the far end's audio, and those of the frames that are its."""
        news: list[News] = []
        here: list[Tick] = []
        size = AT_ONCE if len(ticks) <= _HELD_UP else len(ticks)
        for start in range(0, len(ticks), size):
            some = ticks[start : start + size]
            media = self._arrival.take([received for received, _ in some])
            if media is not None:
                news.append(media)
            if not self._arrival.missing:
                here += some
        return news, here

    def close(self) -> None:
        """Complete every recording."""
        self._catch_up()
        self._recordings.close(self._now)

    def _drop(self, count: int) -> list[Tick]:
        """Take so many of the waiting frames."""
        self._ahead = max(0, self._ahead - count)
        return [self._frames.popleft() for _ in range(count)]

    def _catch_up(self) -> None:
        """Record what waits for the ears: a recording begins and ends with the very frame it was ordered in."""
        waiting = list(self._frames)
        self._record(waiting[self._ahead :])
        self._ahead = len(waiting)

    def _record(self, ticks: list[Tick]) -> None:
        self._samples += len(ticks) * FRAME
        if not ticks or not self._recordings.running:
            return
        if self._held:
            self._recordings.write(np.zeros(len(ticks) * FRAME, np.int16))
        else:
            self._recordings.write(_received(ticks), _said(ticks))

    @property
    def _now(self) -> float:
        return self._samples / SAMPLE_RATE


def _received(ticks: list[Tick]) -> NDArray[np.int16]:
    return _samples([received for received, _ in ticks])


def _said(ticks: list[Tick]) -> NDArray[np.int16] | None:
    """None where nothing was said."""
    return _samples([said for _, said in ticks]) if any(said for _, said in ticks) else None


def _samples(frames: list[bytes] | list[bytes | None]) -> NDArray[np.int16]:
    whole = b"".join(frame if frame and len(frame) == len(_SILENCE) else _SILENCE for frame in frames)
    return np.frombuffer(whole, dtype="<i2").astype(np.int16, copy=False)
