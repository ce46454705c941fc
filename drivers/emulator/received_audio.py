"""Received audio on its way to the host: shielded, in portions, with what may go wrong on the way."""

from collections.abc import Callable

import numpy as np

from drivers.emulator.audio import TICK
from drivers.emulator.faults import Faults
from drivers.emulator.shielding import DLE, code, shield

OVERRUN_TICKS = 3
"""Frames lost in one overrun: 60 ms."""


class ReceivedAudio:
    """One stream's frames."""

    def __init__(self, faults: Faults, uses_sub: bool, send: Callable[[bytes], None]) -> None:
        self._faults, self._uses_sub, self._send = faults, uses_sub, send
        self._random = np.random.default_rng(faults.seed + 2)
        self._held = bytearray()
        self._held_ticks = 0
        self._lost_ticks = 0

    def give(self, audio: bytes) -> None:
        """A frame of coded audio."""
        faults = self._faults
        if faults.receive_overrun and self._lost(faults.receive_overrun):
            return
        shielded = shield(audio, uses_sub=self._uses_sub)
        if faults.odd_dle and self._random.random() < faults.odd_dle * TICK:
            at = len(shielded) // 2
            shielded = shielded[:at] + bytes((DLE,)) + shielded[at:]
        if not faults.lumpy_audio and not self._held:
            self._send(shielded)
            return
        self._held += shielded
        if self._held_ticks <= 0:
            self._held_ticks = int(self._random.integers(1, 4))
        self._held_ticks -= 1
        if self._held_ticks <= 0 or not faults.lumpy_audio:
            self.flush()

    def flush(self) -> None:
        """What is held goes out."""
        self._held_ticks = 0
        if self._held:
            self._send(bytes(self._held))
            self._held.clear()

    def _lost(self, chance: float) -> bool:
        if self._lost_ticks == 0 and self._random.random() < chance * TICK:
            self._lost_ticks = OVERRUN_TICKS
            self.flush()
            self._send(code("o"))
        if self._lost_ticks:
            self._lost_ticks -= 1
            return True
        return False
