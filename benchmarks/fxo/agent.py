"""The other legs of the benchmark's joins, a process of its own: each clicks twice a second and notes when it did,
and when it heard the customer's clicks. Times of the machine's monotonic clock, to the sample."""

import json
import sys
import time
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from drivers.bridge.path import AudioPath
from drivers.emulator.audio import FRAME, RATE, TICK

CLICK = 24_000
"""Peak of a click, µ-law's loudest but two: the line's echo of it, 14 dB down, is none."""
LOUD = 12_000
EVERY = 25
"""Frames from click to click."""


@dataclass
class Clicks:
    """One side's."""

    said: list[float] = field(default_factory=list)
    heard: list[float] = field(default_factory=list)

    def frame(self, number: int, now: float, seed: int) -> NDArray[np.int16]:
        """Frame `number` of what is said; its last sample is of `now`. Clicks wander through the frames."""
        frame = np.zeros(FRAME, dtype=np.int16)
        if number % EVERY == seed % EVERY:
            at = (37 * (number // EVERY) + 11 * seed) % (FRAME - 4)
            frame[at : at + 4] = CLICK
            self.said.append(now + (at - FRAME) / RATE)
        return frame

    def hear(self, frame: NDArray[np.int16], now: float) -> None:
        """A frame is heard, from `now` on."""
        loud = np.flatnonzero(np.abs(frame.astype(int)) > LOUD)
        if len(loud):
            self.heard.append(now + int(loud[0]) / RATE)


def main() -> None:
    """Seconds, then the own socket and the line's of each leg; prints a line of JSON."""
    seconds, *sockets = sys.argv[1:]
    paths = [AudioPath(own, line) for own, line in zip(sockets[::2], sockets[1::2], strict=True)]
    clicks = [Clicks() for _ in paths]
    print("ready", flush=True)
    began = time.monotonic()
    for number in range(round(float(seconds) / TICK)):
        time.sleep(max(0.0, began + number * TICK - time.monotonic()))
        for place, (path, one) in enumerate(zip(paths, clicks, strict=True)):
            now = time.monotonic()
            path.send(one.frame(number, now, place + 3).astype("<i2").tobytes())
            heard = path.take()
            if heard is not None:
                one.hear(np.frombuffer(heard, dtype="<i2"), now)
    for path in paths:
        path.close()
    print(json.dumps([asdict(one) for one in clicks]), flush=True)


if __name__ == "__main__":
    main()
