"""What a duplex stream is given while two legs are joined, and how late one hears the other: hours in seconds."""

from collections import deque

import numpy as np
import pytest

from drivers.bridge.elastic import ElasticBuffer
from drivers.bridge.wire import Frame
from drivers.fxo.feeder import Feeder
from drivers.fxo.joined import Joined
from drivers.fxo.voice_session import IDLE_LEAD, JOINED_LEAD, LEAD

pytestmark = pytest.mark.unit

FRAME = 160
TICK = 0.02


class TimedPath:
    """A path in virtual time: what is sent is kept, what is to be said comes from an elastic buffer."""

    def __init__(self) -> None:
        self.now = 0.0
        self.buffer = ElasticBuffer()
        self.sent: list[np.ndarray] = []
        self.bound = False

    def send(self, samples: bytes) -> None:
        self.sent.append(np.frombuffer(samples, "<i2"))

    def take(self) -> bytes | None:
        return self.buffer.take(self.now)

    def close(self) -> None:
        self.bound = False


SILENCE = np.zeros(FRAME, dtype=np.int16)


class Line:
    """A modem that plays and hears 20 ms at a time, on a clock `fast` by that part; the other leg's is ours."""

    def __init__(self, fast: float = 0.0) -> None:
        self.now = 0.0
        self.path = TimedPath()
        self.feeder = Feeder(0.0)
        self.buffer: deque[np.ndarray] = deque()
        self.tick = TICK / (1 + fast)
        self.underruns = 0
        self.played: list[np.ndarray] = []
        self.said = 0
        """Frames that the other leg has said."""
        self.word = lambda _number: SILENCE
        self.heard = SILENCE

    def join(self) -> None:
        self.path.bound = True
        self.feeder.join(Joined(self.path), self.now)

    def run(self, seconds: float) -> None:
        end = self.now + seconds
        while self.now < end - 1e-9:
            self.now += self.tick
            while (self.said + 1) * TICK <= self.now:
                if self.path.bound:
                    samples = self.word(self.said).tobytes()
                    self.path.buffer.put(Frame(self.said, (self.said + 1) * TICK, samples), self.now)
                self.said += 1
            self.path.now = self.now
            self.underruns += not self.buffer
            self.played.append(self.buffer.popleft() if self.buffer else SILENCE)
            self.feeder.received(self.heard, self.now)
            due = self.feeder.due(self.now)
            if due is not None:
                self.buffer.extend(due.reshape(-1, FRAME))

    @property
    def lead(self) -> float:
        return len(self.buffer) * TICK


def lateness(line: Line) -> list[float]:
    """Seconds from a numbered word's being said to its being played: the words carry their numbers."""
    late = []
    for place, frame in enumerate(line.played):
        if frame[0] > 0 and frame[0] == frame[-1]:
            said = int(frame[0]) * 50 * TICK
            late.append((place + 1) * line.tick - said)
    return late


def numbered(number: int) -> np.ndarray:
    """Once a second a frame that tells which second."""
    return SILENCE if number % 50 else np.full(FRAME, number // 50, dtype=np.int16)


def test_an_hour_of_drift_makes_no_lag_and_no_gap():
    """Half an hour on a modem that is 300 ppm fast, half an hour on one as slow: each is half a second off."""
    for fast in (300e-6, -300e-6):
        line = Line(fast)
        line.word = numbered
        line.run(1.0)
        line.join()
        line.run(1800.0)
        late = lateness(line)
        assert len(late) > 1600
        assert max(late[:60]) <= JOINED_LEAD + 0.06
        assert max(late[-60:]) <= JOINED_LEAD + 0.06
        assert line.underruns <= 1
        assert line.path.buffer.gaps <= 1
        assert line.path.buffer.corrections == pytest.approx(1800 * 50 * 300e-6, abs=4)


def test_the_lead_is_small_while_joined_and_large_for_a_prompt_else():
    line = Line()
    prompt = np.full(8000, 1000, dtype=np.int16)
    line.run(1.0)
    assert line.lead == pytest.approx(IDLE_LEAD, abs=TICK)
    line.feeder.playback.start(1, prompt)
    line.run(0.5)
    assert line.lead == pytest.approx(LEAD, abs=TICK)
    line.join()
    line.run(1.0)
    assert line.lead == pytest.approx(JOINED_LEAD, abs=TICK)
    line.feeder.playback.start(2, prompt)
    line.run(0.5)
    assert line.lead == pytest.approx(JOINED_LEAD, abs=TICK)
    line.feeder.join(None, line.now)
    line.run(1.0)
    assert line.lead == pytest.approx(IDLE_LEAD, abs=TICK)


def test_what_is_said_while_the_modem_still_holds_something_else_makes_nothing_late():
    line = Line()
    line.word = numbered
    line.feeder.playback.start(1, np.full(16000, 5000, dtype=np.int16))
    line.run(1.5)
    line.join()
    line.run(20.0)
    assert max(late for late in lateness(line) if late < 10) <= JOINED_LEAD + 0.06


def test_a_prompt_is_heard_by_both_mixed():
    line = Line()
    line.word = lambda _number: np.full(FRAME, 300, np.int16)
    line.heard = np.full(FRAME, 20, dtype=np.int16)
    line.run(1.0)
    line.join()
    line.run(1.0)
    line.feeder.playback.start(1, np.full(8000, 4000, dtype=np.int16))
    line.run(2.0)
    levels = [int(np.median(frame)) for frame in line.played[-100:]]
    assert {300, 4300} <= set(levels)
    assert levels.count(4300) == pytest.approx(50, abs=2)
    told = [int(np.median(frames)) for frames in line.path.sent]
    assert {20, 4020} == set(told)
    assert told.count(4020) == pytest.approx(50, abs=2)


def test_the_ears_and_the_recording_know_all_that_is_said():
    line = Line()
    line.word = lambda _number: np.full(FRAME, 300, np.int16)
    line.run(1.0)
    line.join()
    line.run(1.0)
    place = line.feeder.heard - 10 * FRAME
    assert set(line.feeder.playback.on_line(place, FRAME)) == {300}
    assert line.feeder.playback.on_line(place, FRAME, prompt=True) is None


def test_nobody_at_the_other_end_is_silence():
    line = Line()
    line.run(0.5)
    line.feeder.join(Joined(TimedPath()), line.now)
    line.run(1.0)
    assert not any(frame.any() for frame in line.played)
    assert line.feeder.playback.on_line(line.feeder.heard - FRAME, FRAME) is None


def test_a_host_that_was_held_up_reads_before_it_gives():
    line = Line()
    line.run(0.5)
    line.join()
    line.run(1.0)
    assert line.feeder.due(line.now + 0.1) is None
    line.now += 0.1
    line.buffer.clear()
    line.feeder.received(np.zeros(5 * FRAME, np.int16), line.now)
    due = line.feeder.due(line.now)
    assert len(due) == JOINED_LEAD * 8000
