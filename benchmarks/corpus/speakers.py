"""Speakers, recorded and synthesised, who talk for as long as is asked, and pieces of music."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus import packages, render
from benchmarks.corpus.scene import Split
from benchmarks.corpus.texts import SYNTHESISED, Synthesised
from drivers.hearing.convert import load_any_wav
from drivers.hearing.wav import read_wav
from gateway.prompts.speech_level import active_level

RATE = 8000
Signal = NDArray[np.float64]
Rng = np.random.Generator

CLIP_DBFS = -26.0
"""Active level that every clip is brought to, ITU-T P.56's usual one."""
_BLOCK = 80  # samples: 10 ms
_QUIET = 22.0  # dB under the active level: a pause (P.56's margin is 15.9; weak consonants lie lower)
_LONGEST_PAUSE = 0.3  # seconds: the pauses of fluent speech; longer ones are cut to this
_EDGE = 2  # blocks kept on both sides of what is loud: onsets and endings
_SHORTEST = 0.35  # seconds: less is a click or a cut word
_CLIPS = 200
"""How many of a speaker's recordings are taken, the longest first: sentences rather than single digits."""
_NO_SPEECH = ("beep", "monkeys", "silence", "join", "leave", "tone", "ring")
"""Parts of names of files which hold no speech: signals, music and apes."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice of one half. `say` lets it talk."""

    name: str
    language: str
    split: Split
    origin: packages.Package | Synthesised

    @property
    def recorded(self) -> bool:
        """True for a person, False for the synthesiser."""
        return isinstance(self.origin, packages.Package)

    def say(self, seconds: float, rng: Rng) -> Signal:
        """`seconds` of speech without a pause of over _LONGEST_PAUSE, beginning with its first sound, about
        CLIP_DBFS. Raises RecordingsError."""
        clips = _clips(self)
        parts: list[Signal] = []
        missing = int(seconds * RATE)
        while missing > 0:
            for i in rng.permutation(len(clips)):
                pause = np.zeros(int(rng.uniform(0.1, _LONGEST_PAUSE) * RATE))
                parts += [clips[i], pause]
                missing -= len(clips[i]) + len(pause)
                if missing <= 0:
                    break
        return np.concatenate(parts)[: int(seconds * RATE)]


@cache
def speakers(split: Split) -> tuple[Speaker, ...]:
    """All speakers of a half, recorded ones first."""
    recorded = [Speaker(p.folder.name, p.language, split, p) for p in packages.SPEAKERS[split]]
    made = [
        Speaker(f"espeak {s.voice} p{s.pitch} w{s.words_per_minute}", s.language, split, s)
        for s in SYNTHESISED[split]
    ]
    return (*recorded, *made)


@cache
def _clips(speaker: Speaker) -> tuple[Signal, ...]:
    if isinstance(speaker.origin, Synthesised):
        raw = render.sentences(speaker.split, speaker.origin)
    else:
        folder = packages.folder_of(speaker.origin)
        paths = [
            p for p in folder.rglob("*.wav") if not any(part in str(p.relative_to(folder)) for part in _NO_SPEECH)
        ]
        paths.sort(key=lambda p: (-p.stat().st_size, p))
        raw = [read_wav(path) for path in paths[:_CLIPS]]
    fluent = [fluently(samples / 32768.0) for samples in raw]
    return tuple(clip for clip in fluent if len(clip) >= _SHORTEST * RATE)


def fluently(clip: Signal) -> Signal:
    """The clip at CLIP_DBFS, without silence before and after, its pauses cut; empty if there is no sound."""
    level = active_level(clip)
    if level < -70:
        return clip[:0]
    clip = (clip - clip.mean()) * 10 ** ((CLIP_DBFS - level) / 20)
    blocks = clip[: len(clip) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
    loud = np.flatnonzero(np.mean(blocks**2, axis=1) > 10 ** ((CLIP_DBFS - _QUIET) / 10))
    if not len(loud):
        return clip[:0]
    keep = np.zeros(len(blocks), dtype=bool)
    reach = int(_LONGEST_PAUSE * RATE / _BLOCK / 2)
    for offset in range(-reach, reach + 1):
        keep[np.clip(loud + offset, 0, len(blocks) - 1)] = True
    keep[: max(loud[0] - _EDGE, 0)] = False
    keep[loud[-1] + _EDGE + 1 :] = False
    return blocks[keep].reshape(-1)


PIECES = {
    Split.TRAIN: ("macroform-cold_day", "macroform-robot_dity"),
    Split.HELD_OUT: ("macroform-the_simplicity", "manolo_camp-morning_coffee", "reno_project-system"),
}
"""Pieces of hold music of each half."""


@cache
def _piece(name: str) -> Signal:
    return load_any_wav(packages.folder_of(packages.MUSIC) / f"{name}.wav") / 32768.0


def music(split: Split, seconds: float, rng: Rng) -> tuple[Signal, str]:
    """A stretch of one of the split's pieces, wherever it is not a rest, and its name. Raises RecordingsError."""
    name = str(rng.choice(PIECES[split]))
    piece = _piece(name)
    count = int(seconds * RATE)
    if len(piece) <= count:
        piece = np.resize(piece, count + len(piece))  # a short piece is played over and over, as on hold
    usual = float(np.sqrt(np.mean(piece**2)))
    for _ in range(50):
        start = int(rng.integers(len(piece) - count))
        part = piece[start : start + count]
        halves = part[: count // (RATE // 2) * (RATE // 2)].reshape(-1, RATE // 2)
        if np.sqrt(np.mean(halves**2, axis=1)).min() > usual / 4:  # no half second 12 dB under the usual
            break
    return part, f"{name} at {start / RATE:.1f} s"
