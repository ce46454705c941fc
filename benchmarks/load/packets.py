"""How evenly RTP came, and what of it did not: reckoned from kernel stamps and sequence numbers. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Stamps = NDArray[np.int64]
"""Nanoseconds at which the kernel had each packet."""
Gaps = NDArray[np.float64]
"""Milliseconds between packets."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """The packets that one caller was sent, in the order in which they came."""

    stamps: Stamps
    sequences: NDArray[np.uint16]
    loud: NDArray[np.bool_]
    """Whether it held a sound, not silence."""
    sent: int
    """Packets that the caller sent meanwhile."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Of many figures, the middle one, that under which 99 in 100 lie, and the largest; NaN of none."""

    middle: float
    most_of_them: float
    largest: float

    @classmethod
    def of(cls, figures: Iterable[float]) -> "Spread":
        """By nearest rank: what is named was really measured."""
        ordered = np.sort(np.fromiter(figures, np.float64))
        if not len(ordered):
            return cls(*[float("nan")] * 3)
        ranks = (max(0, int(np.ceil(share * len(ordered))) - 1) for share in (0.5, 0.99, 1.0))
        return cls(*(float(ordered[rank]) for rank in ranks))


def gaps(stamps: Stamps) -> Gaps:
    """Between one packet and the next."""
    return np.diff(stamps) / 1e6


def of_greeting(heard: Heard, seconds: float) -> Stamps:
    """The stamps of the first sound and of what came within `seconds` from then on; none where nothing sounded."""
    sounding = heard.stamps[heard.loud]
    if not len(sounding):
        return sounding
    first = sounding[0]
    within: Stamps = heard.stamps[(heard.stamps >= first) & (heard.stamps <= first + int(seconds * 1e9))]
    return within


def lost(sequences: NDArray[np.uint16]) -> int:
    """Packets whose number is missing between the first and the last. Numbers wrap at 2^16; late and double ones
    are no losses."""
    if not len(sequences):
        return 0
    steps = np.diff(sequences.astype(np.int64))
    steps = np.mod(steps + 0x8000, 0x10000) - 0x8000
    numbers = np.concatenate([[0], np.cumsum(steps)])
    return int(numbers.max() - numbers.min() + 1 - len(np.unique(numbers)))


def seconds_within(stamps: Stamps, began: int, ended: int) -> float:
    """How long a call was up between two moments: from its first packet to its last."""
    if not len(stamps):
        return 0.0
    return float(max(0, min(int(stamps[-1]), ended) - max(int(stamps[0]), began)) / 1e9)
