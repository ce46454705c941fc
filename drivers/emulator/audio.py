"""Sound on the emulated line: tones with a cadence, DTMF, noises, levels. Pure, 8000 Hz, 20 ms frames.

Levels are dBFS, 20·log10(rms/32768). 0 dBm0 in G.711 is 3.14 dB under the level of a full-scale sine.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 8000
"""Samples a second."""
FRAME = 160
"""Samples in a tick of the line: 20 ms."""
TICK = FRAME / RATE
"""Seconds in a tick."""
ZERO_DBM0 = -6.15
"""dBFS of a 0 dBm0 tone: a full-scale sine is -3.01 dBFS and, by G.711, +3.14 dBm0."""

FULL_SCALE = 20 * math.log10(32768)

Samples = NDArray[np.float64]

DTMF_ROWS = (697, 770, 852, 941)
DTMF_COLUMNS = (1209, 1336, 1477, 1633)
DTMF_KEYS = "123A456B789C*0#D"


def rms_of(level: float) -> float:
    """The root mean square, in sample units, of a signal at `level` dBFS."""
    return float(32768 * 10 ** (level / 20))


def level_of(samples: Samples | NDArray[np.int16]) -> float:
    """Level in dBFS; -120 for digital silence or no samples."""
    if len(samples) == 0:
        return -120.0
    exact = samples.astype(np.float64, copy=False)
    power = float(np.dot(exact, exact)) / len(exact)
    return max(-120.0, 10 * math.log10(power + 1e-9) - FULL_SCALE)


def silence(count: int = FRAME) -> Samples:
    """`count` samples of nothing."""
    return np.zeros(count)


@dataclass(frozen=True, slots=True)
class ToneKind:
    """A call-progress tone: frequency in Hz, cadence as seconds on, off, on, off …; empty is continuous."""

    frequency: float
    cadence: tuple[float, ...] = ()
    level: float = ZERO_DBM0 - 10
    """dBFS; GB/T 3380 has -10 dBm0 ± 3."""
    steps: tuple[float, ...] = ()
    """Levels in dBFS taken one after the other, STEP_SECONDS each, the last one kept."""


STEP_SECONDS = 2.0

# GB/T 3380-1982.
DIAL_TONE = ToneKind(450)
BUSY_TONE = ToneKind(450, (0.35, 0.35))
CONGESTION_TONE = ToneKind(450, (0.7, 0.7))
RINGBACK_TONE = ToneKind(450, (1.0, 4.0))
VACANT_TONE = ToneKind(450, (0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4, 0.4))
WAITING_TONE = ToneKind(450, (0.4, 4.0))
HOWLER = ToneKind(950, steps=(-30.0, -24.0, -18.0, -12.0, -6.0))


class ToneSource:
    """A tone that goes on from frame to frame without a jump in phase, as the exchange's generator does."""

    def __init__(self, kind: ToneKind) -> None:
        self._kind = kind
        self._position = 0

    def frame(self, count: int = FRAME) -> Samples:
        """The next `count` samples."""
        kind = self._kind
        at = self._position + np.arange(count)
        self._position += count
        wave = np.sqrt(2) * np.sin(2 * np.pi * kind.frequency / RATE * at)
        level = kind.level
        if kind.steps:
            level = kind.steps[min(int(at[0] / RATE / STEP_SECONDS), len(kind.steps) - 1)]
        frame: Samples = rms_of(level) * wave * self._gate(at)
        return frame

    def _gate(self, at: NDArray[np.int64]) -> Samples:
        if not self._kind.cadence:
            return np.ones(len(at))
        edges = np.round(np.cumsum(self._kind.cadence) * RATE).astype(np.int64)
        segment = np.searchsorted(edges, at % edges[-1], side="right")
        gate: Samples = (segment % 2 == 0).astype(np.float64)
        return gate


def dtmf(digit: str, duration: float = 0.1, level: float = -14.0, twist: float = 0.0) -> Samples:
    """A key's two tones, ITU-T Q.23. `twist` raises the column's tone over the row's, in dB."""
    if len(digit) != 1 or digit not in DTMF_KEYS:
        raise ValueError(f"digit {digit!r}: one of {DTMF_KEYS} is allowed")
    key = DTMF_KEYS.index(digit)
    at = np.arange(round(duration * RATE)) / RATE
    row = np.sin(2 * np.pi * DTMF_ROWS[key // 4] * at)
    column = np.sin(2 * np.pi * DTMF_COLUMNS[key % 4] * at)
    wave: Samples = rms_of(level) * (10 ** (-twist / 40) * row + 10 ** (twist / 40) * column)
    return wave


def two_tones(first: float, second: float, duration: float, level: float = -14.0) -> Samples:
    """What +VTS=[f1,f2,d] sounds like; a frequency of 0 is left out."""
    at = np.arange(round(duration * RATE)) / RATE
    waves = [np.sin(2 * np.pi * frequency * at) for frequency in (first, second) if frequency]
    wave: Samples = rms_of(level) * sum(waves, np.zeros(len(at)))
    return wave


def noise(kind: str, level: float, seed: int, duration: float = 4.0) -> Samples:
    """`duration` seconds of noise at `level` dBFS, always the same for a seed; meant to be looped.

    Kinds: white · street (low, like traffic) · hum (50 Hz and its harmonics) · crackle (a bad contact).
    """
    generator = np.random.default_rng(seed)
    count = round(duration * RATE)
    at = np.arange(count) / RATE
    wave: Samples
    if kind == "white":
        wave = generator.normal(size=count)
    elif kind == "street":
        spectrum = np.fft.rfft(generator.normal(size=count))
        frequencies = np.fft.rfftfreq(count, 1 / RATE)
        wave = np.fft.irfft(spectrum / (1 + (frequencies / 300) ** 2) * (frequencies > 60), count)
    elif kind == "hum":
        wave = sum((np.sin(2 * np.pi * 50 * n * at) / n for n in (1, 2, 3, 5, 7)), np.zeros(count))
    elif kind == "crackle":
        wave = generator.normal(size=count) * np.repeat(generator.random(count // 40 + 1) < 0.25, 40)[:count]
    else:
        raise ValueError(f"noise {kind!r}: white, street, hum or crackle is allowed")
    wave *= rms_of(level) / float(np.sqrt(np.mean(wave**2)))
    return wave


class Loop:
    """A recording played over and over, frame by frame."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples
        self._position = 0

    def frame(self, count: int = FRAME) -> Samples:
        """The next `count` samples."""
        start = self._position
        self._position = (start + count) % len(self._samples)
        if start + count <= len(self._samples):
            return self._samples[start : start + count]
        return np.take(self._samples, np.arange(start, start + count), mode="wrap")


def to_int16(samples: Samples) -> NDArray[np.int16]:
    """Rounded and clipped to 16 bits."""
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)
