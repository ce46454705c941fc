"""Tone detectors of others on the same sound: spandsp's, and the idea of a busy detector by cadence alone.

spandsp (LGPL, Debian's libspandsp2) is called through ctypes, here and nowhere else; its callback and calls are
as its header super_tone_rx.h has them. It is given China's tones: frequency, cadence ±10 % and 20 ms for its grid.
"""

import ctypes
import ctypes.util
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.frames import FRAME, FRAMES_PER_SECOND
from drivers.hearing.tone_tables import CHINA
from drivers.line import Tone

Told = tuple[float, Tone]


class ToneDetector(Protocol):
    """Hears one line from its beginning."""

    def hear(self, frame: NDArray[np.int16]) -> list[Tone]:
        """The tones recognised within this frame (160 samples)."""
        ...

    def reset(self) -> None:
        """Forget what was heard."""
        ...


@dataclass(frozen=True, slots=True)
class TonePeer:
    """A peer as the tables name it."""

    name: str
    make: Callable[[], ToneDetector | None]
    """None where it is not installed."""
    tones: frozenset[Tone]
    """What it can tell."""


def spandsp_library() -> Any | None:
    """The library with its calls declared, None where it is not installed."""
    name = ctypes.util.find_library("spandsp") or "libspandsp.so.2"
    try:
        lib = ctypes.CDLL(name)
    except OSError:
        return None
    pointer, number = ctypes.c_void_p, ctypes.c_int
    lib.super_tone_rx_make_descriptor.restype = pointer
    lib.super_tone_rx_make_descriptor.argtypes = [pointer]
    lib.super_tone_rx_add_tone.argtypes = [pointer]
    lib.super_tone_rx_add_element.argtypes = [pointer, number, number, number, number, number]
    lib.super_tone_rx_init.restype = pointer
    lib.super_tone_rx_init.argtypes = [pointer, pointer, _REPORT, pointer]
    lib.super_tone_rx.argtypes = [pointer, ctypes.POINTER(ctypes.c_int16), number]
    lib.super_tone_rx_free.argtypes = [pointer]
    return lib


_REPORT: Final = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_int)
_NO_TONE: Final = 0  # the header says -1, but that is taken for a frequency; 0 is none
_GRID: Final = 20  # ms by which its blocks of 16 ms may misread a length
_ALWAYS: Final = 0  # the longest duration of an element without an end
_RING_BURST: Final = 1.2  # seconds: a dial tone is told from a burst of ringback, 1.1 s at most, by lasting longer


class SpanDsp:
    """spandsp's supervisory tone detector."""

    def __init__(self, lib: Any) -> None:
        self._lib = lib
        self._state: int | None = None
        self._told: list[Tone] = []
        self._codes: dict[int, Tone] = {}
        self._callback = _REPORT(self._report)
        self._descriptor = self._described()
        self.reset()

    def _described(self) -> int:
        descriptor: int = self._lib.super_tone_rx_make_descriptor(None)
        for spec in CHINA:
            code = self._lib.super_tone_rx_add_tone(descriptor)
            self._codes[code] = spec.tone
            if spec.off is None:
                least = round(1000 * (_RING_BURST if spec.tone is Tone.DIAL else spec.on))
                self._add(descriptor, code, round(spec.frequency), least, _ALWAYS)
                continue
            for on, off in spec.cycle * spec.cycles:
                for frequency, length in ((round(spec.frequency), on), (_NO_TONE, off)):
                    self._add(
                        descriptor, code, frequency, round(900 * length) - _GRID, round(1100 * length) + _GRID
                    )
        return descriptor

    def _add(self, descriptor: int, code: int, frequency: int, least: int, most: int) -> None:
        self._lib.super_tone_rx_add_element(descriptor, code, frequency, _NO_TONE, least, most)

    def _report(self, _user: int | None, code: int, _level: int, _delay: int) -> None:
        if code in self._codes:
            self._told.append(self._codes[code])

    def reset(self) -> None:
        """As ToneDetector.reset."""
        if self._state is not None:
            self._lib.super_tone_rx_free(self._state)
        self._state = self._lib.super_tone_rx_init(None, self._descriptor, self._callback, None)
        self._told.clear()

    def hear(self, frame: NDArray[np.int16]) -> list[Tone]:
        """As ToneDetector.hear."""
        samples = np.ascontiguousarray(frame)
        self._lib.super_tone_rx(self._state, samples.ctypes.data_as(ctypes.POINTER(ctypes.c_int16)), len(samples))
        told, self._told[:] = list(self._told), []
        return told


class CadenceAlone:
    """Busy by the lengths of sound and silence alone, whatever sounds: the last few of each alike within 10 %.

    The idea and the figures are those of Asterisk's busy detector (talk from a mean |sample| of 256 on, halves of
    75 … 3100 ms); the code is not.
    """

    def __init__(self, halves: int) -> None:
        """`halves` of each kind must be alike: the setting `busycount`."""
        self._halves = halves
        self.reset()

    def reset(self) -> None:
        """As ToneDetector.reset."""
        self._loud, self._frames, self._told = False, 0, False
        self._past: dict[bool, deque[float]] = {kind: deque(maxlen=self._halves) for kind in (True, False)}

    def hear(self, frame: NDArray[np.int16]) -> list[Tone]:
        """As ToneDetector.hear."""
        loud = bool(np.abs(frame.astype(np.int32)).mean() >= 256)
        if loud is self._loud:
            self._frames += 1
            return []
        self._past[self._loud].append(self._frames / FRAMES_PER_SECOND)
        self._loud, self._frames = loud, 1
        alike = all(self._alike(lengths) for lengths in self._past.values())
        new, self._told = alike and not self._told, alike
        if not new:
            return []
        return [Tone.BUSY if float(np.mean(self._past[True])) < 0.525 else Tone.CONGESTION]

    def _alike(self, lengths: deque[float]) -> bool:
        if len(lengths) < self._halves:
            return False
        mean = float(np.mean(lengths))
        spread = max(0.1 * mean, 1 / FRAMES_PER_SECOND)
        return all(0.075 <= one <= 3.1 and abs(one - mean) <= spread for one in lengths)


def _spandsp() -> ToneDetector | None:
    lib = spandsp_library()
    return None if lib is None else SpanDsp(lib)


_BOTH: Final = frozenset({Tone.BUSY, Tone.CONGESTION})
TONE_PEERS: Final = (
    TonePeer("spandsp", _spandsp, frozenset(Tone)),
    TonePeer("cadence alone, 3 halves", lambda: CadenceAlone(3), _BOTH),
    TonePeer("cadence alone, 4 halves", lambda: CadenceAlone(4), _BOTH),
)


@cache
def made() -> dict[str, ToneDetector]:
    """Those that run here, by name; made once in each process."""
    found = ((peer.name, peer.make()) for peer in TONE_PEERS)
    return {name: detector for name, detector in found if detector is not None}


def told(detector: ToneDetector, samples: NDArray[np.int16]) -> tuple[Told, ...]:
    """What it tells of a sound heard from its beginning: seconds and tone."""
    detector.reset()
    return tuple(
        ((i + 1) / FRAMES_PER_SECOND, tone)
        for i, frame in enumerate(samples.reshape(-1, FRAME))
        for tone in detector.hear(frame)
    )
