"""What the picture of a recording shows: levels, noise floor, verdicts and tones on one axis of time. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.frames import FRAMES_PER_SECOND
from drivers.hearing.heard import Heard, ToneEnded, ToneHeard
from gateway.listening.levels import Levels, noise_floor
from gateway.listening.tally import UNDECIDED

COLUMNS: Final = 1500
"""Columns of a picture: about its pixels from side to side. A longer recording has several frames in a column."""
SLICES: Final = 300
"""Columns of a picture of more than _LONG, where single syllables would only blacken it."""
_LONG: Final = 20 * 60 * FRAMES_PER_SECOND  # frames; 0.8 s to a column of COLUMNS
_CROWDED: Final = 150  # verdicts; at ten dots each their names and colours can still be told apart
_MIDDLE: Final = (10, 50, 90)
"""Percentiles of the frames of a slice: what is rarer does not show in the picture of hours."""
THRESHOLDS: Final = {
    -50.0: "silent below",
    -45.0: "noise from",
    -38.0: "faint voice below",
    -10.0: "loud voice above",
}
"""The levels by which drivers.line.Verdict defines the verdicts."""


@dataclass(frozen=True, slots=True)
class Band:
    """A verdict or a tone, from when it was told until the next one or its end was. Seconds."""

    begins: float
    ends: float
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Levelling:
    """A value for each column: `times` its beginning in seconds; the lowest, mean and highest level of its frames
    and their mean noise floor, dBFS. With `middle` they are the percentiles 10, 50 and 90."""

    times: Levels
    low: Levels
    mean: Levels
    high: Levels
    floor: Levels
    middle: bool


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """For each slice of the time, `edges[i]` to `edges[i + 1]` s, the share that each verdict stood: 0 to 1."""

    edges: Levels
    of: dict[str, Levels]


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """All that is drawn. `seconds` is the length of the time axis."""

    title: str
    note: str
    seconds: float
    levelling: Levelling
    verdicts: tuple[Band, ...]
    shares: Shares | None
    """Drawn in the place of verdicts that are too many to be told apart."""
    tones: tuple[Band, ...]


def picture_of(title: str, note: str, levels: Levels, heard: Iterable[Heard]) -> Picture:
    """The picture of a recording with the level of each 20 ms frame and what was heard in it, in order."""
    seconds = len(levels) / FRAMES_PER_SECOND
    reports = list(heard)
    verdicts = _verdicts(reports, seconds)
    shares = shares_of(verdicts, seconds) if len(verdicts) > _CROWDED else None
    return Picture(title, note, seconds, levelling(levels), verdicts, shares, _tones(reports, seconds))


def levelling(levels: Levels) -> Levelling:
    """Levels, at least one, brought to columns of equally many frames."""
    middle = len(levels) > _LONG
    frames = -(-len(levels) // (SLICES if middle else COLUMNS))
    starts = np.arange(0, len(levels), frames)
    if middle:
        low, mean, high = np.array([np.percentile(levels[at : at + frames], _MIDDLE) for at in starts]).T
    else:
        low, high = np.minimum.reduceat(levels, starts), np.maximum.reduceat(levels, starts)
        mean = _means(levels, starts)
    floor = _means(noise_floor(levels), starts)
    times = starts / FRAMES_PER_SECOND
    return Levelling(_single(times), _single(low), _single(mean), _single(high), floor, middle)


def shares_of(bands: tuple[Band, ...], seconds: float, slices: int = SLICES) -> Shares:
    """How much of each of so many slices of the time every verdict stood."""
    edges = np.linspace(0, seconds, slices + 1)
    of: dict[str, Levels] = {}
    for name in dict.fromkeys(band.name for band in bands):
        begins = np.array([band.begins for band in bands if band.name == name])
        ends = np.array([band.ends for band in bands if band.name == name])
        # How long it had stood until each edge: whole bands before it, and what of one lies across it.
        lengths = np.concatenate([[0.0], np.cumsum(ends - begins)])
        before = np.searchsorted(begins, edges, side="right")
        last = np.maximum(before - 1, 0)
        beyond = np.where(before > 0, np.maximum(0.0, ends[last] - edges), 0.0)
        of[name] = _single(np.diff(lengths[before] - beyond) * slices / seconds)
    return Shares(_single(edges), of)


def _means(values: Levels, starts: NDArray[np.intp]) -> Levels:
    counts = np.diff(np.append(starts, len(values)))
    return _single(np.add.reduceat(values.astype(np.float64), starts) / counts)


def _single(values: NDArray[Any]) -> Levels:
    return values.astype(np.float32)


def _verdicts(heard: list[Heard], seconds: float) -> tuple[Band, ...]:
    told = [(0.0, UNDECIDED)]
    told += [(one.t, one.verdict.value) for one in heard if not isinstance(one, ToneHeard | ToneEnded)]
    ends = [begins for begins, _ in told[1:]] + [seconds]
    return tuple(Band(begins, end, name) for (begins, name), end in zip(told, ends, strict=True) if end > begins)


def _tones(heard: list[Heard], seconds: float) -> tuple[Band, ...]:
    bands: list[Band] = []
    sounding: dict[str, float] = {}
    for one in heard:
        if isinstance(one, ToneHeard):
            sounding[one.tone.value] = one.t
        elif isinstance(one, ToneEnded):
            bands.append(Band(sounding.pop(one.tone.value, one.t), one.t, one.tone.value))
    bands += [Band(begins, seconds, name) for name, begins in sounding.items()]
    return tuple(sorted(bands, key=lambda band: band.begins))
