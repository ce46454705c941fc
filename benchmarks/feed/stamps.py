"""When each event was told, known to every process of the benchmark: memory that they share."""

from ctypes import c_double, c_longlong
from multiprocessing import get_context
from multiprocessing.sharedctypes import SynchronizedArray

KEPT = 1 << 14
"""Events of each line whose time is known: those of the last half hour, at ten a second."""
spawning = get_context("spawn")
"""Every process begins anew: nothing of the benchmark's own weighs on the feed."""


class Stamps:
    """Times by time.monotonic(), which is one clock for all processes of a machine."""

    def __init__(self, lines: int) -> None:
        self._lines = lines
        self._at: SynchronizedArray[float] = spawning.Array(c_double, lines * KEPT, lock=False)
        self._count: SynchronizedArray[int] = spawning.Array(c_longlong, 2, lock=False)

    @property
    def told(self) -> int:
        """Events that were told."""
        return self._count[0]

    @property
    def phase(self) -> int:
        """Which part of the benchmark runs; negative: it is over."""
        return self._count[1]

    @phase.setter
    def phase(self, phase: int) -> None:
        self._count[1] = phase

    def tell(self, k: int, at: float) -> None:
        """Event k is told now."""
        self._at[k % self._lines * KEPT + (k // self._lines + 1) % KEPT] = at
        self._count[0] = k + 1

    def at(self, line: int, seq: int) -> float:
        """When the event of this number of the line with this index was told."""
        return self._at[line * KEPT + seq % KEPT]
