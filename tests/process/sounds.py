"""Who is heard: sounds that are like no other, and how alike what was heard is."""

import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

RATE = 8000
PIECE = 1600
"""Samples that are looked for: 0.2 s is long enough to be like nothing else, and short enough for many of them to
come through whole where a busy machine loses packets."""
ALIKE = 0.5
"""Correlation from which a piece is the same. Of other noise it is below 0.2: it has 1200 degrees of
freedom, and five in their root is 0.15."""
ENOUGH = 0.2
"""Share of the pieces that must have come through: how many more do is the machine's business."""


def sound(seed: int, seconds: float, level: int = 2500) -> list[int]:
    """Noise of the telephone's band, another for each seed. `level`: its effective value."""
    rng = np.random.default_rng(seed)
    count = int(seconds * RATE)
    spectrum = np.fft.rfft(rng.normal(size=count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum[(hertz < 300) | (hertz > 3300)] = 0
    samples = np.fft.irfft(spectrum, count)
    return [int(sample) for sample in np.clip(samples / samples.std() * level, -32000, 32000)]


def places(heard: Sequence[int], known: Sequence[int]) -> list[int]:
    """Where each 0.2 s of `known` that are in `heard` begin there, in samples, in the order of `known`."""
    samples = np.array(heard, dtype=np.float64)
    found = []
    for start in range(0, len(known) - PIECE + 1, PIECE):
        alike = _likeness(samples, np.array(known[start : start + PIECE], dtype=np.float64))
        if len(alike) and alike.max() >= ALIKE:
            found.append(int(alike.argmax()))
    return found


def hears(heard: Sequence[int], known: Sequence[int]) -> bool:
    """Whether `known` is in `heard`. Fails where there is a little of it only: that is neither yes nor no."""
    share = len(places(heard, known)) / (len(known) // PIECE)
    assert share == 0 or share >= ENOUGH, f"{share:.0%} of it came through"
    return share > 0


def starts(heard: Sequence[int], known: Sequence[int]) -> list[int]:
    """Each time `known` begins in `heard`, in samples; one of its pieces will do."""
    samples = np.array(heard, dtype=np.float64)
    found: list[int] = []
    for start in range(0, len(known) - PIECE + 1, PIECE):
        alike = _likeness(samples, np.array(known[start : start + PIECE], dtype=np.float64))
        for place in np.flatnonzero(alike >= ALIKE) - start:
            if all(abs(place - other) > len(known) for other in found):
                found.append(int(place))
    return sorted(found)


def channels(recording: Path) -> tuple[list[int], list[int]]:
    """Left and right of a stereo recording."""
    with wave.open(str(recording)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, RATE, 2)
        both = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
    return both[:, 0].tolist(), both[:, 1].tolist()


def _likeness(heard: Samples, piece: Samples) -> Samples:
    """Correlation of `piece` with every stretch of `heard` of its length: 1 is the same."""
    if len(heard) < len(piece):
        return np.zeros(0)
    size = len(heard) + len(piece)
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(piece, size)), size)
    energy = np.cumsum(np.concatenate([[0.0], heard**2]))
    stretches = energy[len(piece) :] - energy[: -len(piece)]
    found: Samples = product[: len(stretches)] / np.sqrt(np.maximum(stretches, 1e4) * (piece**2).sum())
    return found
