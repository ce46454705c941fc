"""Two ends of a join in virtual time: one sends by its clock, the other takes by its own."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from drivers.bridge.elastic import ElasticBuffer
from drivers.bridge.wire import FRAME_BYTES, FRAME_SECONDS, Frame

Samples = NDArray[np.int16]


def said_by(samples: Samples) -> Callable[[int], bytes]:
    """The n-th frame of `samples`, from the beginning again where they end."""
    raw = samples.astype("<i2").tobytes()
    frames = [raw[start : start + FRAME_BYTES] for start in range(0, len(raw), FRAME_BYTES)]
    return lambda number: frames[number % len(frames)]


@dataclass
class Heard:
    """What was taken every 20 ms, None where there was nothing; `waits`: after how many seconds, and how long ago
    the frame at the head of the buffer had been sent."""

    frames: list[bytes | None] = field(default_factory=list)
    waits: list[tuple[float, float]] = field(default_factory=list)

    def longest_wait(self, begin: float, end: float) -> float:
        return max(wait for at, wait in self.waits if begin <= at < end)


def sent(
    seconds: float,
    frame: Callable[[int], bytes],
    *,
    ppm: float = 0.0,
    jitter: float = 0.0,
    together: int = 1,
    first: float = 0.003,
) -> Iterator[Frame]:
    """Frames of a sender whose clock is `ppm` too fast: `together` at a time, up to `jitter` seconds late."""
    chance = random.Random(1)
    step = FRAME_SECONDS * together / (1 + ppm * 1e-6)
    before = 0.0
    for tick in range(int(seconds / step)):
        before = max(before, first + tick * step + chance.uniform(0, jitter))
        for number in range(tick * together, (tick + 1) * together):
            yield Frame(number, before, frame(number))


def run(buffer: ElasticBuffer, frames: Iterable[Frame], seconds: float, begin: float = 0.0) -> Heard:
    """Take a frame every 20 ms for so long."""
    heard = Heard()
    coming = iter(frames)
    frame = next(coming, None)
    for tick in range(round(seconds / FRAME_SECONDS)):
        now = begin + tick * FRAME_SECONDS
        while frame is not None and frame.sent <= now:
            buffer.put(frame, now)
            frame = next(coming, None)
        if buffer.waiting:
            heard.waits.append((now - begin, now - buffer.waiting[0].sent))
        heard.frames.append(buffer.take(now))
    return heard
