"""Frames in as they come, out one by one as they are needed: the jitter buffer of a joined leg. Pure.

What decides is how long a frame lay ready before it was said. The least such wait of the last seconds could be
spared. Where it is next to nothing, the talk is made longer by a frame in the course of two seconds; where it is
more than a frame, shorter. So the delay follows the way in which frames come, and the drift of the two clocks.
"""

from collections import deque
from typing import Final

from drivers.bridge.slack import Slack
from drivers.bridge.stretch import LONGER, MUCH_SHORTER, SHORTER, Correction
from drivers.bridge.wire import FRAME_BYTES, FRAME_SECONDS, SEQUENCE_NUMBERS, Frame

LEAST_WAIT: Final = 0.005
"""Seconds a frame is to lie ready: threads wake that late on a loaded machine; 300 ppm take 16 s for it."""
SPARE_WAIT: Final = LEAST_WAIT + FRAME_SECONDS + 0.005
"""Seconds of the least wait from which a frame is saved: 5 ms are between what that leaves and the limit below."""
LATE_WAIT: Final = 0.045
"""The same, from which it is saved quickly: a joined leg may add 60 ms, and only who stood still adds more."""
OLDEST: Final = 0.3
"""Seconds after which a frame is not said any more: somebody has stood still, and the talk has gone on."""
_CALM: Final = 6.0
"""Seconds of spare waits before a frame is saved: what came late will come late again."""
_STALLED: Final = 2.0
"""The same before it is saved quickly."""
_FILLED: Final = 5
"""Frames lost in a row that silence stands for; after more, the next one is said as it comes."""
_CAPACITY: Final = 64
"""Frames; more cannot be younger than OLDEST, but in a flood."""
_SILENCE: Final = bytes(FRAME_BYTES)


class ElasticBuffer:
    """The frames of one peer. Times in seconds of the clock that stamps the frames."""

    def __init__(self) -> None:
        self.waiting: deque[Frame] = deque()
        self._slack = Slack(_CALM)
        self._saying = False
        """Whether frames are said at present; else the next one is waited for."""
        self._correction: Correction | None = None
        self._gain = 0.0
        """Seconds of wait that the running correction will have given."""
        self._last: Frame | None = None
        """The newest frame that came."""
        self._said = b""
        """The last frame said as it came: what a correction's filter looks back at."""
        self.gaps = 0
        """Times that a frame was needed and none was there."""
        self.dropped = 0
        """Frames not said: too old, doubled, or of a flood."""
        self.corrections = 0
        """Frames made more or less, by resampling others."""

    def put(self, frame: Frame, now: float) -> None:
        """A frame has come; its time counts as `now` if it claims to be of the future."""
        if frame.sent > now:
            frame = Frame(frame.sequence, now, frame.samples)
        if not self._follows(frame):
            self.dropped += 1
            return
        if self._saying and self._last is not None:
            lost = (frame.sequence - self._last.sequence - 1) % SEQUENCE_NUMBERS
            if lost <= _FILLED:
                self.waiting.extend([Frame(frame.sequence, frame.sent, _SILENCE)] * lost)
        self._last = frame
        self.waiting.append(frame)
        while len(self.waiting) > _CAPACITY:
            self.waiting.popleft()
            self.dropped += 1

    def take(self, now: float) -> bytes | None:
        """The next 20 ms, 320 bytes, to be said now; None: there is nothing to say."""
        self._drop_old(now)
        if not self._saying:
            if not self.waiting or now - self.waiting[0].sent < LEAST_WAIT:
                return None
            self._begin()
        if self._correction is None:
            self._correct(now)
        running = self._correction
        said = self._as_it_came(now) if running is None else self._corrected(running)
        if said is None:
            self._run_dry()
        return said

    def _follows(self, frame: Frame) -> bool:
        """Whether it is newer than all before. A peer that has begun anew counts from 0, but at a later time."""
        last = self._last
        if last is None or frame.sent > last.sent:
            return True
        return frame.sent == last.sent and 0 < (frame.sequence - last.sequence) % SEQUENCE_NUMBERS <= _CAPACITY

    def _drop_old(self, now: float) -> None:
        while self.waiting and now - self.waiting[0].sent > OLDEST:
            self.waiting.popleft()
            self.dropped += 1

    def _begin(self) -> None:
        self._saying = True
        self._said = b""
        self._slack.clear()

    def _run_dry(self) -> None:
        self._saying = False
        self.gaps += 1

    def _correct(self, now: float) -> None:
        """Begin the correction that is due, if any."""
        latest = self._slack.latest
        stalled = self._slack.least_of_last(_STALLED, now)
        calm = self._slack.least_of_last(_CALM, now)
        if latest is not None and latest < LEAST_WAIT:
            self._gain = FRAME_SECONDS
            self._correction = Correction(LONGER, self._said)
        elif stalled is not None and stalled > LATE_WAIT:
            self._gain = -FRAME_SECONDS
            self._correction = Correction(MUCH_SHORTER, self._said)
        elif calm is not None and calm > SPARE_WAIT:
            self._gain = -FRAME_SECONDS
            self._correction = Correction(SHORTER, self._said)

    def _as_it_came(self, now: float) -> bytes | None:
        if not self.waiting:
            return None
        frame = self.waiting.popleft()
        self._slack.note(now - frame.sent, now)
        self._said = frame.samples
        return frame.samples

    def _corrected(self, correction: Correction) -> bytes | None:
        while correction.hungry and self.waiting:
            correction.feed(self.waiting.popleft().samples)
        if correction.hungry:
            return self._broken_off(correction)
        said = correction.frame()
        if correction.done:
            self._end(correction)
        return said

    def _broken_off(self, correction: Correction) -> bytes | None:
        """The frames have run out: what is left is said, and silence."""
        self._correction = None
        rest = correction.rest()
        if not rest:
            return None
        self._run_dry()
        return (rest + _SILENCE)[:FRAME_BYTES]

    def _end(self, correction: Correction) -> None:
        """Whole frames again."""
        self._correction = None
        self._said = correction.before()
        self.corrections += 1
        self._slack.shift(self._gain)
