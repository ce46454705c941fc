"""What all scenes are made with: a recipe's own random numbers, and the stage that makes a scene of a sound."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus.line import Path
from benchmarks.corpus.scene import Scene, Split
from benchmarks.corpus.speakers import Speaker, speakers
from benchmarks.material import pcm, white
from drivers.line import Tone, Verdict

RATE = 8000
Signal = NDArray[np.float64]
LEAD, SOUND, TRAIL = 1.5, 8.0, 3.0
"""Seconds of idle line, of the sound in question as a rule, and of idle line again."""
IDLE_DBFS = -65.0
"""The idle line's hiss."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Draw:
    """Random choices of one recipe, the same each time."""

    split: Split
    rng: np.random.Generator

    def between(self, low: float, high: float) -> float:
        """A number from `low` to `high`, uniformly."""
        return float(self.rng.uniform(low, high))

    def one(self, choices: Sequence[_T]) -> _T:
        """One of `choices`."""
        return choices[int(self.rng.integers(len(choices)))]

    def seed(self) -> int:
        """A seed for a generator that takes one."""
        return int(self.rng.integers(2**31))

    def speaker(self, recorded: bool | None = None) -> Speaker:
        """A speaker of the half: recorded or synthesised by equal chance, or as told."""
        if recorded is None:
            recorded = bool(self.rng.random() < 0.5)
        return self.one([s for s in speakers(self.split) if s.recorded == recorded])

    def path(self, codecs: Sequence[str] = ("alaw", "alaw", "ulaw", "linear16"), lossy: float = 0.15) -> Path:
        """A line of one of `codecs`, which loses packets by the chance `lossy`."""
        loss = self.between(0.005, 0.1) if self.rng.random() < lossy else 0.0
        return Path(self.one(codecs), loss=loss, repeats=bool(self.rng.random() < 0.5), seed=self.seed())


@dataclass(frozen=True, slots=True)
class Sound:
    """What a recipe makes: the sound in question and what is right while it lasts."""

    signal: Signal
    expected: frozenset[Verdict]
    source: str
    path: Path
    before: Signal = field(default_factory=lambda: np.zeros(0))
    """Heard right before the sound: speech before a tone, a prompt's echo before the customer."""
    near: Signal | None = None
    """Our prompt, from the start of `before`; shorter is filled with silence."""
    voice_dbfs: float | None = None
    noise_dbfs: float | None = None
    snr_db: float | None = None
    tone: Tone | None = None
    idle_dbfs: float | None = IDLE_DBFS
    """Level of the hiss all through the scene; None for a line without any."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One scene to be made. `make` is given the recipe's own random numbers."""

    kind: str
    detail: str
    make: Callable[[Draw], Sound]


def stage(recipe: Recipe, number: int, split: Split, seed: int) -> Scene:
    """The scene of the `number`th recipe of its kind and detail. Raises RecordingsError."""
    name = f"{split}/{recipe.kind}/{recipe.detail}/{number:03d}".replace(" ", "-")
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    sound = recipe.make(Draw(split, rng))
    whole = np.concatenate([silent(LEAD), sound.before, sound.signal, silent(TRAIL)])
    if sound.idle_dbfs is not None:
        whole = whole + white((len(whole) + 0.5) / RATE, sound.idle_dbfs, int(rng.integers(2**31)))
    begins = LEAD + len(sound.before) / RATE
    return Scene(
        name=name,
        split=split,
        kind=recipe.kind,
        detail=recipe.detail,
        samples=sound.path.carry(whole),
        near_end=None if sound.near is None else pcm(_fitted(sound.near, len(whole))),
        begins=begins,
        ends=begins + len(sound.signal) / RATE,
        expected=sound.expected,
        voice_dbfs=sound.voice_dbfs,
        noise_dbfs=sound.noise_dbfs,
        snr_db=sound.snr_db,
        path=sound.path.label(clipped=bool(np.any(np.abs(whole) >= 1.0))),
        source=sound.source,
        tone=sound.tone,
        tone_begins=begins if sound.tone else None,
    )


def silent(seconds: float) -> Signal:
    """Digital silence."""
    return np.zeros(round(seconds * RATE))


def _fitted(near: Signal, count: int) -> Signal:
    lead = round(LEAD * RATE)
    out = np.zeros(count)
    out[lead : lead + len(near)] = near[: count - lead]
    return out
