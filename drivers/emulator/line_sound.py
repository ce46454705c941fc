"""What the wire itself does to sound: the modem's own echo, noise, hum, a limit. Pure, 20 ms frames."""

import numpy as np

from drivers.emulator.audio import FRAME, Loop, Samples, noise, silence

ECHO_DELAY = 40
"""Samples (5 ms) after which the hybrid gives back what was sent."""


class LineSound:
    """One line's. Levels in dBFS, `echo` in dB of what is sent."""

    def __init__(self, echo: float, line_noise: float, hum: float | None, clip: float | None, seed: int) -> None:
        """`hum`: level of the mains and its harmonics, `clip`: level of the largest sample let through; None for
        neither."""
        self._echo_gain = 10 ** (echo / 20)
        self._echo_tail = silence(ECHO_DELAY)
        wire = noise("white", line_noise, seed)
        if hum is not None:
            wire = wire + noise("hum", hum, seed)
        self._noise = Loop(wire)
        self._limit = None if clip is None else 32768 * 10 ** (clip / 20)

    def frame(self, far_end: Samples, sent: Samples) -> Samples:
        """What the modem hears of the far end's frame while it sends one of its own."""
        both = np.concatenate((self._echo_tail, sent))
        self._echo_tail = both[FRAME:]
        heard = both[:FRAME]
        heard *= self._echo_gain
        heard += far_end
        heard += self._noise.frame()
        if self._limit is not None:
            np.clip(heard, -self._limit, self._limit, out=heard)
        return heard
